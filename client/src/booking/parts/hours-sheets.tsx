import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { durationLabel } from '@yiqi/shared/kernel/time.ts'
import { type Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { effectiveMinutes } from '@yiqi/shared/session/rules.ts'
import { segmentLabels, segments } from '@yiqi/shared/session/terms.ts'
import type { ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import { useState } from 'react'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Checkbox } from '../../kernel/parts/checkbox.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { SegmentBar } from '../../kernel/parts/segment-bar.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { Stepper } from '../../kernel/parts/stepper.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useWrite } from '../../kernel/use-write.ts'
import { SettlementLines } from './session-card.tsx'

export type HoursSheetProps = {
  open: boolean
  session: Session
  onClose: () => void
  onDone: () => void
}

/** The enterprise agrees to the hours; above the quote only with its express consent. */
export function AgreeSheet({
  open,
  session,
  mode,
  onClose,
  onDone,
}: HoursSheetProps & { mode: ProgrammeMode | null }) {
  const [consent, setConsent] = useState(false)
  const agree = useWrite(sessionEndpoints.agreeSession)
  const above = session.settlement.aboveQuoteFen
  const submit = async () => {
    if ((await agree.run({ id: session.id, consentAboveQuote: consent })) === null) return
    toast('机时已确认，账单已生成')
    onDone()
    onClose()
  }
  return (
    <Sheet
      open={open}
      title="核对机时"
      onClose={onClose}
      footer={
        <ReasonButton
          id="session-agree"
          kind="primary"
          size="block"
          busy={agree.busy}
          reason={above > 0 && !consent ? 'session.above_quote' : null}
          onTap={() => void submit()}
        >
          确认机时与费用
        </ReasonButton>
      }
    >
      <SegmentBar minutes={session.minutes} large />
      <View className="row">
        <View className="t14 grow">有效机时</View>
        <View className="t17 num">{durationLabel(session.effectiveMinutes)}</View>
      </View>
      <SettlementLines session={session} mode={mode} />
      {above > 0 ? (
        <Checkbox id="session-consent" checked={consent} onChange={setConsent}>
          {`同意按实际机时支付，比报价多 ${yuan(above)}`}
        </Checkbox>
      ) : null}
      <View className="t13 ink3">
        {mode === 'deduct'
          ? '确认后创新券即时抵扣，剩余部分生成账单；现在不扣款。'
          : '确认后生成账单，对公转账付款；现在不扣款。'}
      </View>
      <Refusal refusal={agree.refusal} safe="机时未确认，未扣款" />
    </Sheet>
  )
}

const disputeReasons = ['实际用时比记录短', '样品数量不符', '耗材与约定不符'] as const

/** The enterprise does not agree; the technician then corrects. */
export function DisputeSheet({ open, session, onClose, onDone }: HoursSheetProps) {
  const [reason, setReason] = useState('')
  const dispute = useWrite(sessionEndpoints.disputeSession)
  const submit = async () => {
    if ((await dispute.run({ id: session.id, reason: reason.trim() })) === null) return
    toast('已提出异议，等机组更正')
    onDone()
    onClose()
  }
  return (
    <Sheet
      open={open}
      title="对机时有异议"
      onClose={onClose}
      footer={
        <ReasonButton
          id="session-dispute"
          kind="primary"
          size="block"
          busy={dispute.busy}
          reason={reason.trim() === '' ? '先写明哪里不符' : null}
          onTap={() => void submit()}
        >
          提出异议
        </ReasonButton>
      }
    >
      <View className="row row-wrap">
        {disputeReasons.map((words) => (
          <Button key={words} onTap={() => setReason(words)}>
            {words}
          </Button>
        ))}
      </View>
      <Field
        id="dispute-reason"
        label="哪里不符"
        multiline
        maxLength={300}
        value={reason}
        onInput={setReason}
        placeholder="如：15:20 已离开，记录到 16:00"
      />
      <View className="t13 ink3">机组会收到通知并更正；更正后由您再次核对。期间不扣款。</View>
      <Refusal refusal={dispute.refusal} safe="未提交" />
    </Sheet>
  )
}

/** The technician corrects the minutes after a dispute. */
export function AdjustSheet({ open, session, onClose, onDone }: HoursSheetProps) {
  const [minutes, setMinutes] = useState(session.minutes)
  const [note, setNote] = useState('')
  const adjust = useWrite(sessionEndpoints.adjustSession)
  const submit = async () => {
    if ((await adjust.run({ id: session.id, minutes, note: note.trim() })) === null) return
    toast('已更正，等企业再次核对')
    onDone()
    onClose()
  }
  return (
    <Sheet
      open={open}
      title="更正机时"
      onClose={onClose}
      footer={
        <ReasonButton
          id="session-adjust"
          kind="primary"
          size="block"
          busy={adjust.busy}
          reason={note.trim() === '' ? '先写更正说明' : null}
          onTap={() => void submit()}
        >
          提交更正
        </ReasonButton>
      }
    >
      {session.disputeReason === null ? null : (
        <Banner tone="warn">{`企业异议：${session.disputeReason}`}</Banner>
      )}
      {segments.map((segment) => (
        <View className="row" key={segment}>
          <View className="t16 grow">{segmentLabels[segment]}</View>
          <Stepper
            id={`adjust-${segment}`}
            label={segmentLabels[segment]}
            unit="分"
            max={1440}
            value={minutes[segment]}
            onChange={(value) => setMinutes({ ...minutes, [segment]: value })}
          />
        </View>
      ))}
      <View className="row">
        <View className="t14 grow">有效机时</View>
        <View className="t17 num">{durationLabel(effectiveMinutes(minutes))}</View>
      </View>
      <Field
        id="adjust-note"
        label="更正说明"
        multiline
        maxLength={300}
        value={note}
        onInput={setNote}
      />
      <Refusal refusal={adjust.refusal} safe="原记录未变" />
    </Sheet>
  )
}
