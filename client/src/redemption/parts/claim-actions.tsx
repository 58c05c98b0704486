import { View } from '@tarojs/components'
import type { Endpoint } from '@yiqi/shared/kernel/endpoint.ts'
import { type Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { useState } from 'react'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Dialog } from '../../kernel/parts/dialog.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useWrite, type Write } from '../../kernel/use-write.ts'
import { ReturnSheet } from './return-sheet.tsx'
import './redemption.scss'

type ActionsProps = { claim: Claim; onDone: () => void }

/** What keeps a claim from going on: its first stop, in words. */
export function whyNotOn(claim: Pick<Claim, 'findings'>): string | null {
  const stop = claim.findings.find((finding) => finding.level === 'stop')
  return stop === undefined ? null : stop.sentence
}

/** What this person may do with the claim now; nothing is drawn when that is nothing. */
export function ClaimActions({ claim, onDone }: ActionsProps) {
  const can = (action: Claim['actions'][number]) => claim.actions.includes(action)
  if (can('review') || can('return')) return <ReviewActions claim={claim} onDone={onDone} />
  if (can('bind')) return <BindAction claim={claim} onDone={onDone} />
  if (can('submit') || can('withdraw')) return <OwnActions claim={claim} onDone={onDone} />
  return null
}

function OwnActions({ claim, onDone }: ActionsProps) {
  const submit = useWrite(redemptionEndpoints.submitClaim)
  const withdraw = useWrite(redemptionEndpoints.withdrawClaim)
  const [asking, setAsking] = useState(false)
  const send = async () => {
    if ((await submit.run({ id: claim.id })) === null) return
    toast('已提交申报')
    onDone()
  }
  const takeBack = async () => {
    const done = await withdraw.run({ id: claim.id })
    setAsking(false)
    if (done === null) return
    toast('已撤回')
    onDone()
  }
  return (
    <View className="stack stack-8 grow">
      <Refusal refusal={submit.refusal ?? withdraw.refusal} safe="申报未改变" />
      <View className="r-buttons">
        {claim.actions.includes('withdraw') ? (
          <Button id="claim-withdraw" onTap={() => setAsking(true)}>
            撤回
          </Button>
        ) : null}
        {claim.actions.includes('submit') ? (
          <View className="grow">
            <ReasonButton
              id="claim-submit"
              kind="primary"
              size="block"
              busy={submit.busy}
              reason={whyNotOn(claim)}
              onTap={() => void send()}
            >
              {claim.state === 'returned' ? '补正后再提交' : '提交申报'}
            </ReasonButton>
          </View>
        ) : null}
      </View>
      <Dialog
        open={asking}
        title={`撤回 ${claim.number}？`}
        confirm={{
          words: '撤回申报',
          onTap: () => void takeBack(),
          busy: withdraw.busy,
          danger: true,
        }}
        onClose={() => setAsking(false)}
      >
        撤回后这次服务可以重新申报，券额不变。
      </Dialog>
    </View>
  )
}

function BindAction({ claim, onDone }: ActionsProps) {
  const bind = useWrite(redemptionEndpoints.bindClaim)
  const confirm = () => finish(bind, { id: claim.id }, '已绑定确认', onDone)
  return (
    <View className="stack stack-8 grow">
      <Refusal refusal={bind.refusal} safe="申报未改变" />
      <ReasonButton
        id="claim-bind"
        kind="primary"
        size="block"
        busy={bind.busy}
        reason={whyNotOn(claim)}
        onTap={() => void confirm()}
      >
        绑定确认
      </ReasonButton>
    </View>
  )
}

/** Pass or return: the review of city or province. */
export function ReviewActions({
  claim,
  onDone,
  onReturn,
}: ActionsProps & { onReturn?: () => void }) {
  const review = useWrite(redemptionEndpoints.reviewClaim)
  const [returning, setReturning] = useState(false)
  const pass = () => finish(review, { id: claim.id, decision: 'pass' }, '已通过', onDone)
  return (
    <View className="stack stack-8 grow">
      <Refusal refusal={review.refusal} safe="申报未改变" />
      <View className="r-buttons r-buttons-fill">
        <Button id="claim-return" onTap={onReturn ?? (() => setReturning(true))}>
          退回
        </Button>
        <ReasonButton
          id="claim-pass"
          kind="primary"
          size="block"
          busy={review.busy}
          reason={whyNotOn(claim)}
          onTap={() => void pass()}
        >
          通过
        </ReasonButton>
      </View>
      <ReturnSheet
        claim={returning ? claim : null}
        onClose={() => setReturning(false)}
        onDone={onDone}
      />
    </View>
  )
}

async function finish<E extends Endpoint>(
  write: Write<E>,
  input: Parameters<Write<E>['run']>[0],
  words: string,
  onDone: () => void,
): Promise<void> {
  if ((await write.run(input)) === null) return
  toast(words)
  onDone()
}
