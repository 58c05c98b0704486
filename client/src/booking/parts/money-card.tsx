import { View } from '@tarojs/components'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import { type BillState, billStateLabels, componentLabels } from '@yiqi/shared/charging/terms.ts'
import { yuan, yuanShort } from '@yiqi/shared/kernel/money.ts'
import { durationLabel } from '@yiqi/shared/kernel/time.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { MoneySplit } from '../../kernel/parts/money-split.tsx'
import { Tag, type Tone } from '../../kernel/parts/tag.tsx'

const billTones: Record<BillState, Tone> = {
  issued: 'warn',
  partly_paid: 'warn',
  paid: 'ok',
  voided: 'quiet',
}

/**
 * The price as it was frozen at the request, shared in the words of its programme, and the state of
 * the bill.
 */
export function MoneyCard({ booking }: { booking: Booking }) {
  const { quote, bill } = booking
  if (quote === null) return null
  return (
    <Card
      title="费用"
      extra={
        bill === null ? (
          <Tag>报价已锁定</Tag>
        ) : (
          <Tag tone={billTones[bill.state]}>{billStateLabels[bill.state]}</Tag>
        )
      }
    >
      <MoneySplit
        mode={quote.programmeMode ?? 'none'}
        lines={quote.price.lines.map((line) => ({
          label: componentLabels[line.component],
          detail: detailOf(line),
          amountFen: line.amountFen,
        }))}
        totalFen={quote.price.totalFen}
        voucherFen={quote.voucherFen}
        note={quote.programmeName}
      />
      {bill === null ? null : <BillLine bill={bill} />}
    </Card>
  )
}

function detailOf(line: NonNullable<Booking['quote']>['price']['lines'][number]): string {
  if (line.component === 'material') return `${yuanShort(line.rateFen)} × ${line.quantity} 样`
  return `${yuanShort(line.rateFen)}/小时 × ${durationLabel(line.quantity)}`
}

function BillLine({ bill }: { bill: NonNullable<Booking['bill']> }) {
  return (
    <View className="booking-bill">
      <View className="row">
        <View className="t14 grow">{`账单 ${bill.number}`}</View>
        <View className="t16 bold num">{yuan(bill.amountFen)}</View>
      </View>
      <View className="t13 ink3 num">
        {bill.state === 'paid'
          ? '款项已全部到账'
          : `已到账 ${yuan(bill.paidFen)}，还差 ${yuan(bill.amountFen - bill.paidFen)}`}
      </View>
    </View>
  )
}
