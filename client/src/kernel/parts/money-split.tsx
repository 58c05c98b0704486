import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { a11y } from '../a11y.ts'
import { type MoneyMode, moneyParts, moneyWords } from './money-split-rules.ts'

export type MoneySplitProps = {
  mode: MoneyMode
  /** 材料消耗费 / 运行费 / 服务费, with `¥120 × 4 h` as detail. */
  lines: readonly { label: string; detail?: string; amountFen: number }[]
  totalFen: number
  voucherFen: number
  /** What the enterprise may still use this year, before and after. */
  quota?: { beforeFen: number; afterFen: number } | null
  /** One more line under the sum: the programme's name, or why the voucher pays nothing. */
  note?: string | null
}

/**
 * The one picture of money: cost lines, what is paid, the voucher's part (amber), the own part
 * (teal), the quota.
 */
export function MoneySplit({
  mode,
  lines,
  totalFen,
  voucherFen,
  quota = null,
  note = null,
}: MoneySplitProps) {
  const words = moneyWords(mode)
  return (
    <View className="p-money">
      {lines.map((line) => (
        <View className="p-money-line" key={line.label}>
          <View className="t14">{line.label}</View>
          <View className="t13 ink3 grow num">{line.detail ?? ''}</View>
          <View className="t14 bold num">{yuan(line.amountFen)}</View>
        </View>
      ))}
      <View className="p-money-line p-money-total">
        <View className="t16 bold grow">{words.total}</View>
        <View className={`t20 num ${mode === 'deduct' ? '' : 'own'}`}>{yuan(totalFen)}</View>
      </View>
      {mode === 'none' ? null : (
        <VoucherPart mode={mode} totalFen={totalFen} voucherFen={voucherFen} />
      )}
      <View className="t13 ink3">
        {[mode === 'none' && note ? null : words.plain, note].filter(Boolean).join(' · ')}
      </View>
      {quota === null || mode === 'none' ? null : (
        <View className="p-money-quota t13 num">
          {`${words.quota} ${yuan(quota.beforeFen)} → ${yuan(quota.afterFen)}`}
        </View>
      )}
    </View>
  )
}

function VoucherPart({
  mode,
  totalFen,
  voucherFen,
}: {
  mode: MoneyMode
  totalFen: number
  voucherFen: number
}) {
  const words = moneyWords(mode)
  const { ownFen, voucherPercent } = moneyParts(totalFen, voucherFen)
  return (
    <>
      <View
        className="p-money-bar"
        {...a11y({
          role: 'img',
          label: `${words.voucher} ${yuan(voucherFen)}，${words.own} ${yuan(ownFen)}`,
        })}
      >
        {voucherFen > 0 ? (
          <View className="p-money-voucher" style={{ width: `${voucherPercent}%` }} />
        ) : null}
        <View className="p-money-own" />
      </View>
      <View className="p-money-parts">
        <View className="voucher num">
          <View className="t13">{words.voucher}</View>
          <View className="t17">{yuan(voucherFen)}</View>
        </View>
        <View className="own num p-money-end">
          <View className="t13">{words.own}</View>
          <View className="t17">{yuan(ownFen)}</View>
        </View>
      </View>
    </>
  )
}

/** Total and the voucher's part in one short line, for footers and cards. */
export function MoneyLine({
  mode,
  totalFen,
  voucherFen,
  note,
}: {
  mode: MoneyMode
  totalFen: number
  voucherFen: number
  /** A few words after the sum: what it includes. */
  note?: string
}) {
  const words = moneyWords(mode)
  const { ownFen } = moneyParts(totalFen, voucherFen)
  return (
    <View className="p-money-short">
      <View className="p-money-sum">
        <View className="t20 own num">{yuan(mode === 'deduct' ? ownFen : totalFen)}</View>
        {note === undefined ? null : <View className="t11 ink3">{note}</View>}
      </View>
      {mode === 'none' || voucherFen === 0 ? null : (
        <View className="t13 voucher num">{`${words.voucher} ${yuan(voucherFen)}`}</View>
      )}
    </View>
  )
}
