import { View } from '@tarojs/components'
import { yuanShort } from '@yiqi/shared/kernel/money.ts'
import { a11y } from '../a11y.ts'
import { type WaterfallStep, waterfallBars } from './money-split-rules.ts'

export type WaterfallProps = {
  steps: readonly WaterfallStep[]
  /** The answer first: 本季拟兑付 ¥412,600. Also what readers hear, with the figures. */
  title?: string
  heightPx?: number
}

/**
 * How a sum becomes another: totals stand, parts hang. Figures are written, not read off an axis.
 */
export function Waterfall({ steps, title, heightPx = 88 }: WaterfallProps) {
  const bars = waterfallBars(steps)
  const sentence = bars.map((bar) => `${bar.label} ${yuanShort(bar.amountFen)}`).join('，')
  return (
    <View
      className="p-fall"
      {...a11y({ role: 'img', label: title === undefined ? sentence : `${title}：${sentence}` })}
    >
      {title === undefined ? null : <View className="t14 bold">{title}</View>}
      <View className="p-fall-bars">
        {bars.map((bar) => (
          <View className="p-fall-step" key={bar.label}>
            <View className="p-fall-track" style={{ height: `${heightPx}px` }}>
              <View
                className={`p-fall-bar p-fall-${bar.tone}`}
                style={{ bottom: `${bar.fromPercent}%`, height: `max(2px, ${bar.heightPercent}%)` }}
              />
            </View>
            <View className="p-fall-sum bold num">{yuanShort(bar.amountFen)}</View>
            <View className="t11 ink3">{bar.label}</View>
          </View>
        ))}
      </View>
    </View>
  )
}
