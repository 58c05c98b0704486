import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { a11y } from '../a11y.ts'
import { Icon } from './icon.tsx'
import { quotaParts } from './money-split-rules.ts'

export type QuotaBarProps = {
  /** 创新券剩余额度 */
  title: string
  totalFen: number
  redeemedFen: number
  earmarkedFen: number
  /** 本年度申报 12月31日 截止 */
  deadline?: string | null
  /** The large picture at the head of the voucher page. */
  hero?: boolean
  /** What the whole is called there; default 上限. */
  totalWords?: string
}

/**
 * What is left of a quota, and where the rest went: redeemed solid, earmarked hatched, available
 * empty.
 */
export function QuotaBar({
  title,
  totalFen,
  redeemedFen,
  earmarkedFen,
  deadline = null,
  hero = false,
  totalWords = '上限',
}: QuotaBarProps) {
  const parts = quotaParts({ totalFen, redeemedFen, earmarkedFen })
  const sentence = `${title} ${yuan(parts.availableFen)}，已兑付 ${yuan(redeemedFen)}，预占 ${yuan(earmarkedFen)}，${totalWords} ${yuan(totalFen)}`
  return (
    <View className={`p-quota ${hero ? 'p-quota-hero' : ''}`}>
      <View className="p-quota-head">
        <View className={hero ? 't14' : 't14 bold'}>{title}</View>
        <View className={`num voucher ${hero ? 't36' : 't20'}`}>{yuan(parts.availableFen)}</View>
      </View>
      <View className="p-quota-bar" {...a11y({ role: 'img', label: sentence })}>
        <View className="p-quota-redeemed" style={{ width: `${parts.redeemedPercent}%` }} />
        <View className="p-quota-earmarked" style={{ width: `${parts.earmarkedPercent}%` }} />
      </View>
      <View className="p-quota-words t13 num">
        <View className="p-quota-key">
          <View className="p-quota-dot p-quota-redeemed" />
          {`已兑付 ${yuan(redeemedFen)}`}
        </View>
        <View className="p-quota-key">
          <View className="p-quota-dot p-quota-earmarked" />
          {`预占 ${yuan(earmarkedFen)}`}
        </View>
        {hero ? <View>{`${totalWords} ${yuan(totalFen)}`}</View> : null}
        {deadline === null ? null : (
          <View className="p-quota-key voucher">
            <Icon name="clock" size={13} />
            {deadline}
          </View>
        )}
      </View>
    </View>
  )
}
