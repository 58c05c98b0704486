import { View } from '@tarojs/components'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { durationLabel } from '@yiqi/shared/kernel/time.ts'
import { type Notice, noticeEndpoints } from '@yiqi/shared/notice/endpoints.ts'
import { type Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import {
  effectiveMinutes,
  minutesOf,
  type SegmentMinutes,
  type SegmentStart,
  whyNotHandOver,
  whyNotMinutes,
} from '@yiqi/shared/session/rules.ts'
import { segmentLabels, segments } from '@yiqi/shared/session/terms.ts'
import { useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Checkbox } from '../../kernel/parts/checkbox.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { Stepper } from '../../kernel/parts/stepper.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { maxOf, passedMinutes } from '../measured.ts'
import { type Consumable, Consumables } from './consumables.tsx'

export type FinishSheetProps = {
  open: boolean
  session: Session
  booking: Booking | null
  /** Segment starts, those of this device included. */
  starts: readonly SegmentStart[]
  onClose: () => void
  onDone: () => void
}

/** The end of a session: minutes, samples, consumables, and the hand-over. */
export function FinishSheet(props: FinishSheetProps) {
  const { open, booking } = props
  // Mounted only while open: the minutes are those of the moment it is opened.
  if (!open || booking === null) return null
  return <OpenFinishSheet {...props} booking={booking} />
}

type Form = {
  minutes: SegmentMinutes
  samples: number
  consumables: Consumable[]
  note: string
  to: string
  handedOver: boolean
  samplesReturned: boolean
  pcCleared: boolean
  acknowledged: boolean
}

function OpenFinishSheet({
  session,
  booking,
  starts,
  onClose,
  onDone,
}: FinishSheetProps & { booking: Booking }) {
  const [form, setForm] = useState<Form>(() => ({
    minutes: minutesOf(starts, serverNow()),
    samples: booking.samples,
    consumables: [],
    note: '',
    to: booking.requester.name,
    handedOver: false,
    samplesReturned: false,
    pcCleared: false,
    acknowledged: false,
  }))
  const change = (part: Partial<Form>) => setForm((old) => ({ ...old, ...part }))
  const { serviceMode } = booking
  const notice = useQuery(noticeEndpoints.getNotice, serviceMode === null ? null : { serviceMode })
  const finish = useWrite(sessionEndpoints.finishSession)
  const submit = async () => {
    if ((await finish.run(inputOf(session.id, form, notice.data))) !== null) onDone()
  }
  return (
    <Sheet
      open
      title="结束服务"
      onClose={onClose}
      footer={
        <ReasonButton
          id="session-finish"
          kind="primary"
          size="block"
          busy={finish.busy}
          disabled={notice.data === null}
          reason={whyNotFinish(form, session)}
          onTap={() => void submit()}
        >
          结束并提交
        </ReasonButton>
      }
    >
      <MinutesPart session={session} form={form} change={change} />
      <Consumables value={form.consumables} onChange={(consumables) => change({ consumables })} />
      <HandOverPart form={form} change={change} notice={notice.data} />
      <Refusal refusal={finish.refusal} safe="未提交，填写的内容还在" />
    </Sheet>
  )
}

function inputOf(
  id: string,
  form: Form,
  notice: Notice | null,
): InputOf<typeof sessionEndpoints.finishSession> {
  const note = form.note.trim()
  return {
    id,
    minutes: form.minutes,
    samples: form.samples,
    consumables: form.consumables,
    ...(note === '' ? {} : { note }),
    handOver: {
      to: form.to.trim(),
      pcCleared: form.pcCleared,
      samplesReturned: form.samplesReturned,
    },
    noticeId: notice?.id ?? null,
  }
}

/** Why it cannot be handed in yet, the first thing missing in the order of the page. */
function whyNotFinish(form: Form, session: Session): string | null {
  const minutes = whyNotMinutes(form.minutes, {
    startsAt: new Date(session.startsAt),
    endsAt: serverNow(),
  })
  if (minutes !== null) return minutes
  if (form.to.trim() === '') return '先写移交给谁'
  if (!form.handedOver) return 'session.hand_over_missing'
  const handOver = whyNotHandOver(form, form.samples)
  if (handOver !== null) return handOver
  return form.acknowledged ? null : 'notice.not_acknowledged'
}

type PartProps = { form: Form; change: (part: Partial<Form>) => void }

function MinutesPart({ session, form, change }: PartProps & { session: Session }) {
  const passed = passedMinutes(new Date(session.startsAt), serverNow())
  return (
    <View className="stack stack-8">
      {segments.map((segment) => (
        <View className="finish-line" key={segment}>
          <View className="t16 grow">{segmentLabels[segment]}</View>
          <Stepper
            id={`finish-${segment}`}
            label={`${segmentLabels[segment]}分钟`}
            unit="分"
            max={maxOf(segment, form.minutes, passed)}
            value={form.minutes[segment]}
            onChange={(value) => change({ minutes: { ...form.minutes, [segment]: value } })}
          />
        </View>
      ))}
      <View className="finish-line">
        <View className="t13 ink3 grow num">{`按计时自动填好；总计不超过实际用时 ${durationLabel(passed)}`}</View>
        <View className="t16 bold num">{durationLabel(effectiveMinutes(form.minutes))}</View>
      </View>
      <View className="finish-line finish-group-line">
        <View className="t16 grow">样品</View>
        <Stepper
          id="finish-samples"
          label="样品"
          unit="件"
          max={500}
          value={form.samples}
          onChange={(samples) => change({ samples })}
        />
      </View>
    </View>
  )
}

function HandOverPart({ form, change, notice }: PartProps & { notice: Notice | null }) {
  return (
    <View className="finish-group">
      <View className="t16 bold">移交</View>
      <Field
        id="finish-to"
        label="移交给"
        maxLength={60}
        value={form.to}
        onInput={(to) => change({ to })}
      />
      <Checkbox
        id="finish-handed-over"
        checked={form.handedOver}
        onChange={(handedOver) => change({ handedOver })}
      >
        数据已移交
      </Checkbox>
      <Checkbox
        id="finish-samples-returned"
        checked={form.samplesReturned}
        onChange={(samplesReturned) => change({ samplesReturned })}
      >
        样品已退还或销毁
      </Checkbox>
      <Checkbox
        id="finish-pc-cleared"
        checked={form.pcCleared}
        onChange={(pcCleared) => change({ pcCleared })}
      >
        仪器电脑已清理，不留企业数据
      </Checkbox>
      <Field
        id="finish-note"
        label="备注"
        optional
        multiline
        maxLength={500}
        value={form.note}
        onInput={(note) => change({ note })}
      />
      {notice === null ? null : (
        <>
          <Banner tone="info" icon="shield-check">
            {notice.ownership}
          </Banner>
          <Checkbox
            id="finish-acknowledge"
            checked={form.acknowledged}
            onChange={(acknowledged) => change({ acknowledged })}
          >
            {`我已阅读告知书 v${notice.version}，成果与数据归属按其办理`}
          </Checkbox>
        </>
      )}
    </View>
  )
}
