import { View } from '@tarojs/components'
import type { Week } from '@yiqi/shared/booking/endpoints.ts'
import { addDays, dayLabel, durationLabel } from '@yiqi/shared/kernel/time.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { DateStrip } from '../../kernel/parts/date-strip.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { SlotChips } from '../../kernel/parts/slot-chips.tsx'
import { Skeleton, State } from '../../kernel/parts/state.tsx'
import { WeekGrid } from '../../kernel/parts/week-grid.tsx'
import { byPartOfDay, dayMarks } from '../slot-choice.ts'
import { type Choosing, STRIP_DAYS } from './use-choosing.ts'

/** When it can be had: the week at a glance, then the chosen day's slots, which are the control. */
export function Availability({ choosing }: { choosing: Choosing }) {
  const { week, from, today, move, day, showDay } = choosing
  const shown = (week.data?.days ?? []).slice(0, STRIP_DAYS)
  return (
    <Card title="选择时段">
      <View className="stack">
        <DateStrip
          from={from}
          selected={day}
          onSelect={showDay}
          marks={dayMarks(shown)}
          onMove={move}
          earliest={today}
        />
        <State query={week} skeleton={<Skeleton lines={6} />}>
          {(data) => (
            <View className="stack">
              <DaySlots week={data} choosing={choosing} />
              <View className="n-overview">
                <WeekGrid
                  days={data.days.slice(0, STRIP_DAYS)}
                  selected={choosing.slot}
                  day={day}
                  onDay={showDay}
                />
              </View>
              <Hours week={data} today={today} />
            </View>
          )}
        </State>
      </View>
    </Card>
  )
}

function DaySlots({ week, choosing }: { week: Week; choosing: Choosing }) {
  const { day, slot, note, tap } = choosing
  const shown = week.days.find((one) => one.date === day)
  if (shown === undefined || day === null) return null
  const free = shown.cells.filter((cell) => cell.state === 'free').length
  const head = shown.cells.length === 0 ? '不开放' : free === 0 ? '已约满' : `可约 ${free} 段`
  return (
    <View className="stack stack-8">
      <View className="row between">
        <View className="t14 bold">{`${dayLabel(day)}${shown.holiday ? ` ${shown.holiday}` : ''}`}</View>
        <View className={`t13 num ${free === 0 ? 'ink3' : 'ok'}`}>{head}</View>
      </View>
      {shown.cells.length === 0 ? (
        <View className="t13 ink3">{closedWords(week, day)}</View>
      ) : (
        byPartOfDay(shown.cells).map((part) => (
          <View className="n-part" key={part.cells[0]?.startsAt ?? part.part}>
            <View className="n-part-name t13 ink3">{part.part}</View>
            <View className="grow">
              <SlotChips cells={part.cells} selected={slot} onSelect={tap} />
            </View>
          </View>
        ))
      )}
      <View className="p-reason-words t13">
        {note === null ? (
          <View className="ink3">
            {`先点开始，再点更晚的时段延长；单次 ${durationLabel(week.terms.minMinutes)} – ${durationLabel(week.terms.maxMinutes)}`}
          </View>
        ) : (
          <>
            <Icon name="info" size={14} />
            <View>{note}</View>
          </>
        )}
      </View>
    </View>
  )
}

/** A closed day says when the next open one is. */
function closedWords(week: Week, day: string): string {
  const next = week.days.find(
    (one) => one.date > day && one.cells.some((cell) => cell.state === 'free'),
  )
  return next === undefined ? '这一天不开放预约' : `这一天不开放，最近可约 ${dayLabel(next.date)}`
}

function Hours({ week, today }: { week: Week; today: string }) {
  const { leadMinutes, horizonDays, bufferMinutes } = week.terms
  const rules = [
    leadMinutes > 0 ? `最晚提前 ${leadWords(leadMinutes)}预约` : '',
    `可约到 ${dayLabel(addDays(today, horizonDays))}`,
    bufferMinutes > 0 ? `两次之间留 ${durationLabel(bufferMinutes)}` : '',
  ]
  return (
    <View className="n-hours t13 ink2">
      <View className="row row-top">
        <Icon name="clock" size={14} tone="ink3" />
        <View className="grow">{`开放时间 ${week.openHoursText}`}</View>
      </View>
      <View className="ink3">{rules.filter(Boolean).join(' · ')}</View>
    </View>
  )
}

function leadWords(minutes: number): string {
  return minutes % 1440 === 0 ? `${minutes / 1440} 天` : durationLabel(minutes)
}
