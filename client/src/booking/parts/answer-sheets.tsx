import { View } from '@tarojs/components'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { type DeclineReason, declineReasons } from '@yiqi/shared/booking/terms.ts'
import { slotLabel } from '@yiqi/shared/kernel/time.ts'
import { type Notice, noticeEndpoints } from '@yiqi/shared/notice/endpoints.ts'
import type { ServiceMode } from '@yiqi/shared/notice/terms.ts'
import { useState } from 'react'
import { Banner } from '../../kernel/parts/banner.tsx'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Checkbox, RadioGroup } from '../../kernel/parts/checkbox.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'

/** What the technician's answer needs to know of the booking; a card has it all. */
export type Answered = {
  id: string
  number: string
  startsAt: string
  endsAt: string
  serviceMode: ServiceMode | null
  instrument: { name: string; model: string | null }
  enterprise: { name: string }
}

export type AnswerSheetProps = {
  /** Null: closed. */
  booking: Answered | null
  onClose: () => void
  /** The answer is given: ask the server again. */
  onDone: () => void
}

/** The technician accepts, having read whose the results are. */
export function ConfirmSheet({ booking, onClose, onDone }: AnswerSheetProps) {
  const [agreed, setAgreed] = useState(false)
  const confirm = useWrite(bookingEndpoints.confirmBooking)
  const serviceMode = booking?.serviceMode ?? null
  const notice = useQuery(noticeEndpoints.getNotice, serviceMode === null ? null : { serviceMode })
  const close = () => {
    setAgreed(false)
    confirm.clear()
    onClose()
  }
  const submit = async () => {
    if (booking === null || notice.data === null) return
    const done = await confirm.run({ id: booking.id, noticeId: notice.data.id })
    if (done === null) return
    toast('已确认，已通知企业')
    onDone()
    close()
  }
  return (
    <Sheet
      open={booking !== null}
      title="确认预约"
      onClose={close}
      footer={
        <ReasonButton
          id="booking-confirm"
          kind="primary"
          size="block"
          busy={confirm.busy}
          disabled={notice.data === null}
          reason={agreed ? null : '先勾选已阅读告知书'}
          onTap={() => void submit()}
        >
          确认预约
        </ReasonButton>
      }
    >
      {booking === null ? null : <BookingLine booking={booking} />}
      <State query={notice}>
        {(found) => (
          <NoticeTick
            notice={found}
            checked={agreed}
            onChange={setAgreed}
            id="confirm-acknowledge"
          />
        )}
      </State>
      <Refusal refusal={confirm.refusal} safe="预约仍待答复" />
    </Sheet>
  )
}

/** Which booking this is about, on top of a sheet. */
export function BookingLine({ booking }: { booking: Answered }) {
  const slot = { startsAt: new Date(booking.startsAt), endsAt: new Date(booking.endsAt) }
  return (
    <View className="stack stack-4">
      <View className="t16 bold">{booking.enterprise.name}</View>
      <View className="t14">{booking.instrument.model ?? booking.instrument.name}</View>
      <View className="t14 ink2 num">{slotLabel(slot)}</View>
    </View>
  )
}

type NoticeTickProps = {
  notice: Notice
  checked: boolean
  onChange: (on: boolean) => void
  id: string
}

/** The notice's sentence of ownership, and the tick that stands for having read its version. */
export function NoticeTick({ notice, checked, onChange, id }: NoticeTickProps) {
  return (
    <View className="stack stack-4">
      <Banner tone="info" icon="shield-check">
        <View className="bold">{notice.title}</View>
        <View>{notice.ownership}</View>
      </Banner>
      <Checkbox
        id={id}
        checked={checked}
        onChange={onChange}
        label={`我已阅读告知书 v${notice.version}`}
      >
        {`我已阅读告知书 v${notice.version}`}
      </Checkbox>
    </View>
  )
}

const reasonOptions = declineOptions()

function declineOptions(): { value: DeclineReason; label: string }[] {
  const keys = Object.keys(declineReasons).filter(isReason)
  return keys.map((value) => ({ value, label: declineReasons[value] }))
}

function isReason(key: string): key is DeclineReason {
  return key in declineReasons
}

/** The technician declines with a reason; alternatives go along by themselves. */
export function DeclineSheet({ booking, onClose, onDone }: AnswerSheetProps) {
  const [reason, setReason] = useState<DeclineReason | null>(null)
  const [note, setNote] = useState('')
  const decline = useWrite(bookingEndpoints.declineBooking)
  const close = () => {
    setReason(null)
    setNote('')
    decline.clear()
    onClose()
  }
  const submit = async () => {
    if (booking === null || reason === null) return
    const words = note.trim()
    const done = await decline.run({
      id: booking.id,
      reason,
      ...(words === '' ? {} : { note: words }),
    })
    if (done === null) return
    toast('已谢绝，替代时段已发给企业')
    onDone()
    close()
  }
  return (
    <Sheet
      open={booking !== null}
      title="谢绝预约"
      onClose={close}
      footer={
        <ReasonButton
          id="booking-decline"
          kind="danger"
          size="block"
          busy={decline.busy}
          reason={reason === null ? '先选一个原因' : null}
          onTap={() => void submit()}
        >
          谢绝并附上替代时段
        </ReasonButton>
      }
    >
      {booking === null ? null : <BookingLine booking={booking} />}
      <RadioGroup label="谢绝原因" options={reasonOptions} value={reason} onChange={setReason} />
      <Field
        id="decline-note"
        label="补充说明"
        optional
        multiline
        maxLength={200}
        value={note}
        onInput={setNote}
        placeholder="如：样品需先烘干"
      />
      <Banner tone="info" icon="sparkles">
        系统会同时给企业最多三个替代时段；额度立即释放。
      </Banner>
      <Refusal refusal={decline.refusal} safe="预约仍待答复" />
    </Sheet>
  )
}
