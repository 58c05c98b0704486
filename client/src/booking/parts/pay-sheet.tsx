import { View } from '@tarojs/components'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import { chargingEndpoints } from '@yiqi/shared/charging/endpoints.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { addDays, type DateText, dateOf, dayLabel } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { DateStrip } from '../../kernel/parts/date-strip.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf } from '../../kernel/refused.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'

export type PaySheetProps = {
  open: boolean
  booking: Booking
  onClose: () => void
  onDone: () => void
}

const REFERENCE_MIN = 4

/**
 * The enterprise notes its bank transfer; the institution's finance confirms when the money is
 * there.
 */
export function PaySheet({ open, booking, onClose, onDone }: PaySheetProps) {
  const today = dateOf(serverNow())
  const [reference, setReference] = useState('')
  const [day, setDay] = useState<DateText>(today)
  const note = useWrite(chargingEndpoints.noteTransfer)
  const { bill } = booking
  const bills = useQuery(chargingEndpoints.listBills, open ? { bookingId: booking.id } : null)
  if (bill === null) return null
  const noted = bills.data?.rows.find((one) => one.id === bill.id)?.transferReference ?? null
  const submit = async () => {
    if ((await note.run({ id: bill.id, reference: reference.trim(), transferredOn: day })) === null)
      return
    toast('已登记，等单位财务确认到账')
    onDone()
    onClose()
  }
  return (
    <Sheet
      open={open}
      title="登记对公转账"
      onClose={onClose}
      footer={
        <ReasonButton
          id="bill-note-transfer"
          kind="primary"
          size="block"
          busy={note.busy}
          reason={
            reference.trim().length < REFERENCE_MIN
              ? `先填转账流水号（至少 ${REFERENCE_MIN} 位）`
              : null
          }
          onTap={() => void submit()}
        >
          登记转账
        </ReasonButton>
      }
    >
      <View className="row">
        <View className="grow">
          <View className="t14 ink2">{`付给 ${booking.institution.name}`}</View>
          <View className="t13 ink3">{`账单 ${bill.number}，转账附言请写此号`}</View>
        </View>
        <View className="t20 own num">{yuan(bill.amountFen - bill.paidFen)}</View>
      </View>
      {noted === null ? null : (
        <Banner tone="info">{`已登记流水号 ${noted}，等单位财务核对；可再次登记以更正`}</Banner>
      )}
      <Field
        id="bill-reference"
        label="银行流水号"
        hint="网银回单上的交易流水号"
        maxLength={60}
        value={reference}
        onInput={setReference}
        error={issueOf(note.refusal, 'reference')}
      />
      <View className="t14">{`转账日期：${dayLabel(day)}`}</View>
      <DateStrip from={addDays(today, -6)} selected={day} onSelect={setDay} />
      <Refusal refusal={note.refusal} safe="未登记；您的转账不受影响" />
    </Sheet>
  )
}
