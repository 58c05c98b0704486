import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { dateOf, stamp } from '@yiqi/shared/kernel/time.ts'
import type { Transfer } from '@yiqi/shared/voucher/endpoints.ts'
import { go } from '../../kernel/go.ts'
import { Tap } from '../../kernel/parts/tap.tsx'
import { changeTone, signedYuan, transferWords } from './quota-rules.ts'
import './voucher.scss'

/** Movements of a quota, newest first: what it was, the change, what was available after. */
export function TransferList({ rows }: { rows: readonly Transfer[] }) {
  return (
    <View className="v-transfers">
      {rows.map((row) => (
        <TransferLine key={row.id} row={row} />
      ))}
    </View>
  )
}

function TransferLine({ row }: { row: Transfer }) {
  const { bookingId } = row
  const at = new Date(row.at)
  const words = transferWords(row)
  const inside = (
    <>
      <View className="grow">
        <View className="t16">{row.kindLabel}</View>
        <View className="t13 ink3 num">
          {[`${dateOf(at).slice(0, 4)}-${stamp(at)}`, row.bookingNumber]
            .filter(Boolean)
            .join(' · ')}
        </View>
        {words === '' ? null : <View className="t13 ink3">{words}</View>}
      </View>
      <View className="v-transfer-sum num">
        <View className={`t16 bold ${changeTone(row.amountFen)}`}>{signedYuan(row.amountFen)}</View>
        <View className="t13 ink3">{`可用 ${yuan(row.availableAfterFen)}`}</View>
      </View>
    </>
  )
  if (bookingId === null) return <View className="v-transfer">{inside}</View>
  return (
    <Tap
      className="v-transfer"
      label={`${row.kindLabel} ${signedYuan(row.amountFen)}，查看预约 ${row.bookingNumber ?? ''}`}
      onTap={() => void go.booking.booking({ id: bookingId })}
    >
      {inside}
    </Tap>
  )
}
