import { View } from '@tarojs/components'
import { type BookingCard, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { useState } from 'react'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useWrite } from '../../kernel/use-write.ts'
import { type AnswerSheetProps, BookingLine } from './answer-sheets.tsx'

const REASON_MAX = 200

/** The button names what it spends: one tap approves. */
export function approveWords(booking: Pick<BookingCard, 'totalFen'>): string {
  return `批准 ${yuan(booking.totalFen ?? 0)}`
}

/** Approves at once; asks the server again when it is done. */
export function useApproval(onDone: () => void) {
  const write = useWrite(bookingEndpoints.approveSpending)
  const approve = async ({ id }: { id: string }) => {
    if ((await write.run({ id })) === null) return
    toast('已批准，已提交机构')
    onDone()
  }
  return {
    busy: write.busy,
    refusal: write.refusal,
    approve: (booking: { id: string }) => void approve(booking),
  }
}

/** The administrator refuses the spending, with the reason that its requester reads. */
export function RefuseSpendingSheet({ booking, onClose, onDone }: AnswerSheetProps) {
  const [reason, setReason] = useState('')
  const write = useWrite(bookingEndpoints.refuseSpending)
  const words = reason.trim()
  const close = () => {
    setReason('')
    write.clear()
    onClose()
  }
  const submit = async () => {
    if (booking === null) return
    if ((await write.run({ id: booking.id, reason: words })) === null) return
    toast('未批准，时段与额度已释放')
    onDone()
    close()
  }
  return (
    <Sheet
      open={booking !== null}
      title="不批准这笔支出"
      onClose={close}
      footer={
        <ReasonButton
          id="booking-refuse-spending"
          kind="danger"
          size="block"
          busy={write.busy}
          reason={words === '' ? '先写明理由' : null}
          onTap={() => void submit()}
        >
          不批准，取消预约
        </ReasonButton>
      }
    >
      <View className="stack">
        {booking === null ? null : <BookingLine booking={booking} />}
        <Field
          id="refuse-spending-reason"
          label="理由"
          multiline
          maxLength={REASON_MAX}
          value={reason}
          onInput={setReason}
          placeholder="如：本月检测预算已用完，请改到下月"
        />
        <Refusal refusal={write.refusal} safe="预约仍待批准" />
      </View>
    </Sheet>
  )
}
