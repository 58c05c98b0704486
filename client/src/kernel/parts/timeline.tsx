import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { a11y } from '../a11y.ts'

export type TimelineItem = {
  id: string
  title: string
  detail?: ReactNode
  /** Done, happening now, or still to come. */
  state: 'done' | 'now' | 'next'
  tone?: 'bad' | 'warn'
}

const stateWords = { done: '已完成', now: '当前', next: '未开始' } as const

/** What happened and what comes next, oldest first. */
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  return (
    <View className="p-timeline" {...a11y({ role: 'list' })}>
      {items.map((item) => (
        <View
          className={`p-event p-event-${item.state} p-event-${item.tone ?? 'plain'}`}
          key={item.id}
          {...a11y({ role: 'listitem', label: `${item.title}，${stateWords[item.state]}` })}
        >
          <View className="p-event-mark" />
          <View className="grow">
            <View className="t14 p-event-title">{item.title}</View>
            {item.detail === undefined ? null : <View className="t13 ink3 num">{item.detail}</View>}
          </View>
        </View>
      ))}
    </View>
  )
}
