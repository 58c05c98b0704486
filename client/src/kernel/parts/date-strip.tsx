import { View } from '@tarojs/components'
import { addDays, type DateText, dayLabel, weekdayLabel } from '@yiqi/shared/kernel/time.ts'
import { a11y } from '../a11y.ts'
import { IconButton } from './button.tsx'
import { Tap } from './tap.tsx'

export type DateMark = 'free' | 'full' | 'closed'

export type DateStripProps = {
  /** The first day shown, usually a Monday. */
  from: DateText
  days?: number
  selected: DateText | null
  onSelect: (day: DateText) => void
  /** A dot under a day; words are read out. */
  marks?: Record<DateText, DateMark>
  /** Shows the arrows; called with the first day of the strip to show next. */
  onMove?: (from: DateText) => void
  /** No arrow back before this day. */
  earliest?: DateText
}

const markWords: Record<DateMark, string> = { free: '有空', full: '约满', closed: '不开放' }

/** A week of days to choose from. */
export function DateStrip({
  from,
  days = 7,
  selected,
  onSelect,
  marks = {},
  onMove,
  earliest,
}: DateStripProps) {
  const shown = Array.from({ length: days }, (_, index) => addDays(from, index))
  const last = addDays(from, days - 1)
  return (
    <View className="p-dates">
      {onMove === undefined ? null : (
        <View className="p-dates-head">
          <View className="t14 bold grow">{`${shortDay(from)} – ${shortDay(last)}`}</View>
          <IconButton
            id="week-previous"
            icon="chevron-left"
            label="前一周"
            disabled={earliest !== undefined && from <= earliest}
            onTap={() => onMove(addDays(from, -days))}
          />
          <IconButton
            id="week-next"
            icon="chevron-right"
            label="后一周"
            onTap={() => onMove(addDays(from, days))}
          />
        </View>
      )}
      <View className="p-dates-row" {...a11y({ role: 'listbox', label: '日期' })}>
        {shown.map((day) => {
          const mark = marks[day]
          return (
            <Tap
              key={day}
              id={`day-${day}`}
              role="option"
              className={`p-date p-date-${mark ?? 'plain'} ${day === selected ? 'p-date-on' : ''}`}
              label={`${dayLabel(day)}${mark === undefined ? '' : `，${markWords[mark]}`}`}
              state={{ selected: day === selected }}
              onTap={() => onSelect(day)}
            >
              <View className="t11">{weekdayLabel(day).slice(1)}</View>
              <View className="t16 bold num">{String(Number(day.slice(8)))}</View>
              <View className="p-date-dot" />
            </Tap>
          )
        })}
      </View>
    </View>
  )
}

function shortDay(day: DateText): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`
}
