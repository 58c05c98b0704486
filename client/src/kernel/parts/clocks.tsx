import { View } from '@tarojs/components'
import { useEffect, useRef } from 'react'
import { a11y } from '../a11y.ts'
import { useServerNow } from '../clock.ts'
import { clockLeft, waitWords } from './clock-rules.ts'
import { Icon } from './icon.tsx'

export type CountdownProps = {
  /** An instant. */
  until: string
  /** 为你保留 */
  label: string
  onEnd?: () => void
}

/** Minutes and seconds left, by the server's clock; red in the last minute. */
export function Countdown({ until, label, onEnd }: CountdownProps) {
  const now = useServerNow(1000)
  const leftMs = Date.parse(until) - now.getTime()
  const over = leftMs <= 0
  const told = useRef(false)
  // Time runs outside React: its end is told once.
  useEffect(() => {
    if (!over || told.current) return
    told.current = true
    onEnd?.()
  }, [over, onEnd])
  return (
    <View
      className={`p-countdown t13 num ${leftMs < 60_000 ? 'p-countdown-short' : ''}`}
      {...a11y({ role: 'timer', label: `${label} ${clockLeft(leftMs)}` })}
    >
      <Icon name="timer" size={14} />
      {over ? `${label}已到时` : `${label} ${clockLeft(leftMs)}`}
    </View>
  )
}

export type AnswerClockProps = {
  /** Until when an answer is due; null when nobody waits. */ dueAt: string | null /** 机构答复 */
  label?: string
}

/** How long an answer may still take, or by how much it is late. */
export function AnswerClock({ dueAt, label = '答复时限' }: AnswerClockProps) {
  const now = useServerNow(30_000)
  if (dueAt === null) return null
  const leftMs = Date.parse(dueAt) - now.getTime()
  return (
    <View className={`p-countdown t13 num ${leftMs < 0 ? 'p-countdown-short' : ''}`}>
      <Icon name="clock" size={14} />
      {leftMs < 0 ? `${label}已超 ${waitWords(-leftMs)}` : `${label}还剩 ${waitWords(leftMs)}`}
    </View>
  )
}

/** Time since an instant as a large clock (01:24:07): a running session. */
export function Elapsed({ since }: { since: string }) {
  const now = useServerNow(1000)
  return (
    <View className="t36 num">
      {clockLeft(Math.max(0, now.getTime() - Date.parse(since)), true)}
    </View>
  )
}
