import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Member } from '@yiqi/shared/identity/endpoints-members.ts'
import { whyNotGive } from '@yiqi/shared/identity/rules.ts'
import { adminRoles, type Role } from '@yiqi/shared/identity/terms.ts'
import { useState } from 'react'
import { useMembership } from '../../kernel/log-in.ts'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Dialog } from '../../kernel/parts/dialog.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { type Pages, usePages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { InvitationList } from '../parts/invitation-list.tsx'
import { InviteSheet } from '../parts/invite-sheet.tsx'
import { LimitsSheet } from '../parts/limits-sheet.tsx'
import { hasLimits, limitWords, whyNotRemove } from '../parts/member-rules.ts'

/** 成员与额度: who acts for the organisation, up to which amounts; inviting and removing. */
export default function MembersPage() {
  const membership = useMembership()
  const members = usePages(identityEndpoints.listMembers, { limit: 100 })
  const manages = membership !== null && adminRoles.some((each) => each === membership.role)
  const waiting = usePages(identityEndpoints.listInvitations, manages ? { state: 'waiting' } : null)
  const [inviting, setInviting] = useState(false)
  const [limiting, setLimiting] = useState<Member | null>(null)
  const [removing, setRemoving] = useState<Member | null>(null)
  const refresh = () => void members.query.refresh()
  const alone = (members.query.data?.rows.length ?? 0) < 2
  return (
    <Page
      title="成员与额度"
      onRefresh={members.query.refresh}
      footer={
        !manages ? null : (
          <Button
            id="invite-open"
            kind="primary"
            size="block"
            icon="mail-plus"
            onTap={() => setInviting(true)}
          >
            {alone ? '邀请第一位同事' : '邀请同事'}
          </Button>
        )
      }
    >
      <List
        members={members}
        by={manages ? membership.role : null}
        onLimits={setLimiting}
        onRemove={setRemoving}
      />
      {manages ? <InvitationList pages={waiting} /> : null}
      {!manages ? null : (
        <InviteSheet
          key={String(inviting)}
          open={inviting}
          by={membership.role}
          organisationName={membership.organisation.name}
          onClose={() => setInviting(false)}
          onDone={() => void waiting.query.refresh()}
        />
      )}
      <LimitsSheet
        key={limiting?.id ?? ''}
        member={limiting}
        onClose={() => setLimiting(null)}
        onDone={refresh}
      />
      <RemoveDialog member={removing} onClose={() => setRemoving(null)} onDone={refresh} />
    </Page>
  )
}

type Acts = {
  /** The role of who manages; null: only reads. */
  by: Role | null
  onLimits: (row: Member) => void
  onRemove: (row: Member) => void
}

function List({ members, ...acts }: Acts & { members: Pages<Member> }) {
  return (
    <>
      <State
        query={members.query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Card>
            <Empty icon="users">还没有成员。</Empty>
          </Card>
        }
      >
        {(page) => (
          <Card>
            {page.rows.map((row) => (
              <MemberRow key={row.id} row={row} all={page.rows} {...acts} />
            ))}
          </Card>
        )}
      </State>
      <More pages={members} />
    </>
  )
}

type MemberRowProps = Acts & { row: Member; all: readonly Member[] }

function MemberRow({ row, all, by, onLimits, onRemove }: MemberRowProps) {
  const limited = hasLimits(row.role)
  const mayLimit = by !== null && limited && whyNotGive(row.role, by) === null
  const deeds =
    by === null ? null : (
      <View className="row">
        {!mayLimit ? null : (
          <Button kind="quiet" label={`设置 ${row.name} 的限额`} onTap={() => onLimits(row)}>
            限额
          </Button>
        )}
        <ReasonButton
          kind="quiet"
          label={`移除 ${row.name}`}
          reason={whyNotRemove(row, by, all)}
          onTap={() => onRemove(row)}
        >
          移除
        </ReasonButton>
      </View>
    )
  return (
    <Cell
      icon="user"
      title={row.name}
      detail={[row.roleLabel, row.phone, limited ? limitWords(row) : null]
        .filter(Boolean)
        .join(' · ')}
      value={row.mine ? <Tag tone="own">本人</Tag> : deeds}
    />
  )
}

type RemoveDialogProps = { member: Member | null; onClose: () => void; onDone: () => void }

function RemoveDialog({ member, onClose, onDone }: RemoveDialogProps) {
  const remove = useWrite(identityEndpoints.removeMember)
  const send = async () => {
    if (member === null || (await remove.run({ id: member.id })) === null) return
    toast(`已移除 ${member.name}`)
    onClose()
    onDone()
  }
  return (
    <Dialog
      open={member !== null}
      title={`移除 ${member?.name ?? ''}？`}
      confirm={{
        words: '移除成员',
        danger: true,
        busy: remove.busy,
        onTap: () => void send(),
        id: 'member-remove',
      }}
      onClose={onClose}
    >
      {`对方立即不能再以${member?.roleLabel ?? ''}的身份操作；已有预约和记录保留在本单位。`}
      <Refusal refusal={remove.refusal} safe="成员未移除" />
    </Dialog>
  )
}
