import { assert } from './assert.ts'
import { addDays, type DateText, weekdayOf } from './time.ts'

// Working days by the State Council's yearly arrangement: some weekdays are off, some weekend days
// are worked. A day the calendar does not name is a working day from Monday to Friday.

export type DayKind = 'holiday' | 'adjusted-workday'
export type Calendar = Readonly<Record<DateText, DayKind>>

const LOOK_AHEAD_DAYS_MAX = 4_000

export function isWorkingDay(day: DateText, calendar: Calendar): boolean {
  const kind = calendar[day]
  if (kind !== undefined) return kind === 'adjusted-workday'
  return weekdayOf(day) < 5
}

/** The n-th working day after `from`; the day itself does not count (民法典第二百零一条). */
export function addWorkingDays(from: DateText, days: number, calendar: Calendar): DateText {
  assert(Number.isInteger(days) && days >= 0, 'working days are whole')
  let day = from
  let left = days
  for (let passed = 0; left > 0; passed++) {
    assert(passed < LOOK_AHEAD_DAYS_MAX, 'the calendar has working days')
    day = addDays(day, 1)
    if (isWorkingDay(day, calendar)) left--
  }
  return day
}
