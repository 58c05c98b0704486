import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Verification } from '@yiqi/shared/identity/endpoints-organisations.ts'
import type { VerificationFinding } from '@yiqi/shared/identity/terms-organisations.ts'
import { whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import { useState } from 'react'
import { useMe } from '../../kernel/log-in.ts'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Checkbox } from '../../kernel/parts/checkbox.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { CredentialDecision } from './credential-desk.tsx'
import { CredentialList } from './credential-list.tsx'
import { VerificationFacts } from './verification-facts.tsx'

type DecisionPaneProps = { id: string; onDone: () => void }

/** One application beside the list: facts, credentials, and the officer's word. */
export function DecisionPane({ id, onDone }: DecisionPaneProps) {
  const query = useQuery(identityEndpoints.getVerification, { id })
  return (
    <State query={query}>
      {(verification) => (
        <View className="stack">
          <VerificationFacts verification={verification} />
          {verification.credentials.length === 0 ? null : (
            <CredentialList
              rows={verification.credentials}
              actions={(row) => (
                <CredentialDecision row={row} onDone={() => void query.refresh()} />
              )}
            />
          )}
          {verification.state === 'submitted' ? (
            <Decision verification={verification} onDone={onDone} />
          ) : null}
        </View>
      )}
    </State>
  )
}

type DecisionProps = { verification: Verification; onDone: () => void }

function Decision({ verification, onDone }: DecisionProps) {
  const me = useMe()
  const [seen, setSeen] = useState<readonly VerificationFinding[]>([])
  const [reason, setReason] = useState('')
  const decide = useWrite(identityEndpoints.decideVerification)
  const role = me?.membership?.role
  const seat = role === undefined ? null : { role, duties: me?.duties ?? null }
  const why = verification.mine
    ? 'identity.own_proposal'
    : whyNotAllowed('identity.decideVerification', seat)
  const unseen = verification.findings.some((one) => !seen.includes(one.code))
  const send = async (decision: 'verified' | 'refused') => {
    const { id } = verification
    if ((await decide.run({ id, decision, reason, acknowledged: [...seen] })) === null) return
    toast(decision === 'verified' ? '已通过认证' : '已退回，申请人会看到原因')
    onDone()
  }
  return (
    <Card title="审核">
      {verification.findings.map(({ code, sentence }) => (
        <Checkbox
          key={code}
          id={`finding-${code}`}
          checked={seen.includes(code)}
          onChange={(on) => setSeen(on ? [...seen, code] : seen.filter((one) => one !== code))}
        >
          {`已核对：${sentence}`}
        </Checkbox>
      ))}
      <Field
        id="decision-reason"
        label="审核意见"
        multiline
        maxLength={500}
        value={reason}
        onInput={setReason}
        placeholder="退回时必填，申请人会看到"
      />
      <Refusal refusal={decide.refusal} safe="申请未改变" />
      <View className="row row-wrap">
        <View className="grow" />
        <ReasonButton
          id="decision-refuse"
          reason={why ?? (reason.trim() === '' ? 'identity.reason_missing' : null)}
          busy={decide.busy}
          onTap={() => void send('refused')}
        >
          退回
        </ReasonButton>
        <ReasonButton
          id="decision-verify"
          kind="primary"
          reason={why ?? (unseen ? 'identity.findings_unseen' : null)}
          busy={decide.busy}
          onTap={() => void send('verified')}
        >
          通过认证
        </ReasonButton>
      </View>
    </Card>
  )
}
