import { View } from '@tarojs/components'
import { type CellState, cellStateLabels } from '@yiqi/shared/booking/terms.ts'
import { type DateText, instantAt, weekdayLabel } from '@yiqi/shared/kernel/time.ts'
import { a11y } from '../a11y.ts'
import { Tap } from './tap.tsx'
import { daySentence, type GridDay, gridRows } from './week-grid-rules.ts'

export type WeekGridProps = {
  days: readonly GridDay[]
  /** Minutes a drawn row stands for; default 120. */
  stepMinutes?: number
  /** The slot that is chosen, drawn as mine. */
  selected?: { startsAt: string; endsAt: string } | null
  /** A tap on a column: show that day's slots. The grid is the overview, never the control. */
  onDay?: (day: DateText) => void
  day?: DateText | null
}

const legend: CellState[] = ['free', 'busy', 'outage', 'held', 'closed']

/** The week at a glance. Readers get a sentence for each day instead. */
export function WeekGrid({
  days,
  stepMinutes = 120,
  selected = null,
  onDay,
  day = null,
}: WeekGridProps) {
  const rows = gridRows(days, stepMinutes)
  const chosen = (date: DateText, minute: number) => {
    if (selected === null) return false
    const at = instantAt(date, minute).toISOString()
    const end = instantAt(date, minute + stepMinutes).toISOString()
    return selected.startsAt < end && at < selected.endsAt
  }
  return (
    <View className="p-grid-box">
      <View className="p-week" {...a11y({ role: 'group', label: '一周概览' })}>
        <View className="p-week-row">
          <View className="p-week-hour" />
          {days.map((one) => (
            <Tap
              key={one.date}
              className={`p-week-day t11 ${one.date === day ? 'p-week-day-on' : ''}`}
              label={daySentence(one)}
              onTap={() => onDay?.(one.date)}
            >
              {`${weekdayLabel(one.date).slice(1)} ${Number(one.date.slice(8))}`}
            </Tap>
          ))}
        </View>
        {rows.map((row) => (
          <View className="p-week-row" key={row.minute} {...a11y({ hidden: true })}>
            <View className="p-week-hour t11 ink3 num">{row.label.slice(0, 2)}</View>
            {row.states.map((state, index) => {
              const date = days[index]?.date ?? ''
              const look = chosen(date, row.minute) ? 'chosen' : (state ?? 'closed')
              return <View key={date} className={`p-week-cell p-slot-${look}`} />
            })}
          </View>
        ))}
      </View>
      <View className="p-legend t11 ink3" {...a11y({ hidden: true })}>
        {legend.map((state) => (
          <View className="p-legend-item" key={state}>
            <View className={`p-legend-box p-slot-${state}`} />
            {cellStateLabels[state]}
          </View>
        ))}
      </View>
    </View>
  )
}
