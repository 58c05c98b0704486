import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Credential } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { useState } from 'react'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Section } from '../../kernel/parts/card.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { CredentialList } from './credential-list.tsx'

/** 待核实资质: those of every organisation that wait for the officer. */
export function CredentialDesk() {
  const pages = usePages(
    identityEndpoints.listCredentials,
    { state: 'submitted', limit: 50 },
    { keepOld: true },
  )
  const refresh = () => void pages.query.refresh()
  return (
    <State
      query={pages.query}
      isEmpty={(page) => page.rows.length === 0}
      empty={<Empty icon="badge-check">没有等待核实的资质。</Empty>}
    >
      {(page) => (
        <View className="stack">
          {page.rows.map((row) => (
            <Section key={row.id} title={row.organisation.name}>
              <CredentialList
                rows={[row]}
                actions={() => <CredentialDecision row={row} onDone={refresh} />}
              />
            </Section>
          ))}
          <More pages={pages} />
        </View>
      )}
    </State>
  )
}

/** Accepts one, or refuses it with a reason; nothing for one that was decided. */
export function CredentialDecision({ row, onDone }: { row: Credential; onDone: () => void }) {
  const [refusing, setRefusing] = useState(false)
  const [reason, setReason] = useState('')
  const decide = useWrite(identityEndpoints.decideCredential)
  if (row.state !== 'submitted') return null
  const send = async (decision: 'accepted' | 'refused') => {
    if ((await decide.run({ id: row.id, decision, reason })) === null) return
    toast(decision === 'accepted' ? '已认可' : '未认可，申请人会看到原因')
    onDone()
  }
  return (
    <View className="stack stack-8">
      {!refusing ? null : (
        <Field label="不认可的原因" value={reason} maxLength={500} onInput={setReason} />
      )}
      <Refusal refusal={decide.refusal} safe="资质未改变" />
      <View className="row row-wrap">
        <View className="grow" />
        {refusing ? (
          <ReasonButton
            label={`不认可 ${row.number}`}
            reason={reason.trim() === '' ? 'identity.reason_missing' : null}
            busy={decide.busy}
            onTap={() => void send('refused')}
          >
            不认可
          </ReasonButton>
        ) : (
          <Button kind="quiet" label={`不认可 ${row.number}`} onTap={() => setRefusing(true)}>
            不认可
          </Button>
        )}
        <Button
          kind="primary"
          label={`认可 ${row.number}`}
          busy={decide.busy}
          onTap={() => void send('accepted')}
        >
          认可
        </Button>
      </View>
    </View>
  )
}
