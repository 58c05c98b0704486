import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Invitation } from '@yiqi/shared/identity/endpoints-members.ts'
import { invitationStateLabels } from '@yiqi/shared/identity/terms-organisations.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card, Section } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import type { Pages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'

/** 待接受的邀请: who was invited to what, and the way to take it back. */
export function InvitationList({ pages }: { pages: Pages<Invitation> }) {
  const refresh = () => void pages.query.refresh()
  return (
    <State query={pages.query} isEmpty={(page) => page.rows.length === 0}>
      {(page) => (
        <Section title="待接受的邀请">
          <Card>
            {page.rows.map((row) => (
              <InvitationRow key={row.id} row={row} onDone={refresh} />
            ))}
          </Card>
          <More pages={pages} />
        </Section>
      )}
    </State>
  )
}

function InvitationRow({ row, onDone }: { row: Invitation; onDone: () => void }) {
  const revoke = useWrite(identityEndpoints.revokeInvitation)
  const send = async () => {
    if ((await revoke.run({ id: row.id })) === null) return
    toast('邀请已撤回，链接失效')
    onDone()
  }
  return (
    <>
      <Cell
        icon="mail-plus"
        title={row.roleLabel}
        detail={`${row.invitedBy} ${stamp(new Date(row.createdAt))} 发出 · 有效至 ${stamp(new Date(row.expiresAt))}`}
        value={
          row.state === 'waiting' ? (
            <Button kind="quiet" busy={revoke.busy} onTap={() => void send()}>
              撤回
            </Button>
          ) : (
            <Tag>{invitationStateLabels[row.state]}</Tag>
          )
        }
      />
      <Refusal refusal={revoke.refusal} safe="邀请仍有效" />
    </>
  )
}
