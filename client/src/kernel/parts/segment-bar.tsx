import { View } from '@tarojs/components'
import { type Segment, segmentLabels, segments } from '@yiqi/shared/session/terms.ts'
import { a11y } from '../a11y.ts'

export type SegmentBarProps = {
  /** Minutes of each segment. */
  minutes: Record<Segment, number>
  /** The one that runs now. */
  current?: Segment | null
  /** Larger, with the minutes below each name. */
  large?: boolean
}

/**
 * The three segments of machine time side by side, each as wide as its minutes; none is ever too
 * narrow to read.
 */
export function SegmentBar({ minutes, current = null, large = false }: SegmentBarProps) {
  const sentence = segments.map((one) => `${segmentLabels[one]} ${minutes[one]} 分钟`).join('，')
  return (
    <View
      className={`p-seg ${large ? 'p-seg-large' : ''}`}
      {...a11y({ role: 'img', label: sentence })}
    >
      {segments.map((one) => (
        <View
          key={one}
          className={`p-seg-part p-seg-${one} ${one === current ? 'p-seg-on' : ''} ${minutes[one] === 0 && one !== current ? 'p-seg-none' : ''}`}
          style={{ flexGrow: Math.max(1, minutes[one]) }}
        >
          <View className={large ? 't13' : 't11'}>{segmentLabels[one]}</View>
          {large ? <View className="t16 bold num">{`${minutes[one]} 分`}</View> : null}
        </View>
      ))}
    </View>
  )
}
