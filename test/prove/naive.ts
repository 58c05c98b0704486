import type { BookingTerms, Cell, Occupancy } from '@yiqi/shared/booking/rules.ts'
import type { RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import type { Slot } from '@yiqi/shared/kernel/time.ts'
import type { Calendar } from '@yiqi/shared/kernel/working-days.ts'

// The calendar rules said slowly: every minute is looked at by itself. Minutes count from the
// epoch; a day begins at midnight in Taiyuan, eight hours before the one of UTC.

type Span = { from: number; to: number }

const DAY = 1440
const AHEAD = 8 * 60
const minuteOf = (at: Date) => at.getTime() / 60_000
const dayOf = (minute: number) => Math.floor((minute + AHEAD) / DAY)
const nameOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
const spanOf = (slot: Slot): Span => ({ from: minuteOf(slot.startsAt), to: minuteOf(slot.endsAt) })
const minutes = ({ from, to }: Span) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
const share = (one: Span, other: Span) =>
  minutes(one).some((at) => at >= other.from && at < other.to)

/** Monday to Friday, but for what the calendar says: the days of a long list that are worked. */
export function naiveWorkingDays(from: string, count: number, calendar: Calendar): string[] {
  const first = Date.parse(from) / 86_400_000
  return Array.from({ length: count }, (_, i) => first + 1 + i)
    .filter((day) => {
      const kind = calendar[nameOf(day)]
      // Day 0 of the epoch was a Thursday.
      return kind === undefined ? (day + 3) % 7 < 5 : kind === 'adjusted-workday'
    })
    .map(nameOf)
}

function openSpans(day: number, terms: BookingTerms, calendar: Calendar): Span[] {
  const { week } = terms
  const kind = calendar[nameOf(day)]
  const ordinary = week.weekdays[(day + 3) % 7] ?? []
  const special = kind === 'holiday' ? week.holiday : week.adjustedWorkday
  const midnight = day * DAY - AHEAD
  return (kind === undefined ? ordinary : special).map(([from, to]) => ({
    from: midnight + from,
    to: midnight + to,
  }))
}

/** The first reason against a slot, each condition asked of single minutes. */
export function naiveReason(
  slot: Slot,
  terms: BookingTerms,
  calendar: Calendar,
  at: Date,
): RefusalCode | null {
  const { from, to } = spanOf(slot)
  const now = minuteOf(at)
  const everOpen = [...terms.week.weekdays, terms.week.adjustedWorkday].flat().length > 0
  if (!everOpen) return 'booking.instrument_closed'
  if (from >= to) return 'booking.slot_malformed'
  if (from <= now) return 'booking.slot_in_past'
  if (from < now + terms.leadMinutes) return 'booking.slot_too_soon'
  if (dayOf(from) - dayOf(now) > terms.horizonDays) return 'booking.slot_too_far'
  if (to - from < terms.minMinutes) return 'booking.slot_too_short'
  if (to - from > terms.maxMinutes) return 'booking.slot_too_long'
  const days = [-1, 0, 1, 2].map((later) => dayOf(from) + later)
  const spans = days.flatMap((day) => openSpans(day, terms, calendar))
  const open = new Set(spans.flatMap(minutes))
  if (!minutes({ from, to }).every((minute) => open.has(minute)))
    return 'booking.outside_open_hours'
  const onGrid = (span: Span, minute: number) => (minute - span.from) % terms.slotMinutes === 0
  const starts = spans.flatMap((span) => minutes(span).filter((minute) => onGrid(span, minute)))
  const ends = spans.flatMap((span) =>
    minutes({ from: span.from + 1, to: span.to + 1 }).filter(
      (minute) => onGrid(span, minute) || minute === span.to,
    ),
  )
  return starts.includes(from) && ends.includes(to) ? null : 'booking.slot_off_grid'
}

/** The state of each cell of a day, in order. */
export function naiveCells(
  day: string,
  terms: BookingTerms,
  calendar: Calendar,
  occupancies: readonly Occupancy[],
  now: Date,
): (Span & { state: Cell['state'] })[] {
  const spans = openSpans(Date.parse(day) / 86_400_000, terms, calendar)
  const cells = spans.flatMap((span) =>
    minutes(span)
      .filter((minute) => (minute - span.from) % terms.slotMinutes === 0)
      .map((from) => ({ from, to: Math.min(from + terms.slotMinutes, span.to) })),
  )
  const states = cells.map((cell) => naiveState(cell, terms, occupancies, minuteOf(now)))
  const free = new Set(cells.flatMap((cell, i) => (states[i] === 'free' ? minutes(cell) : [])))
  return cells.map((cell, i) => {
    let [from, to] = [cell.from, cell.to]
    while (free.has(from - 1)) from--
    while (free.has(to)) to++
    const atMidnight = [from, to].some((minute) => (minute + AHEAD) % DAY === 0)
    const short = to - from < terms.minMinutes && !atMidnight
    const state = states[i] ?? 'free'
    return { ...cell, state: state === 'free' && short ? 'blocked' : state }
  })
}

function naiveState(
  cell: Span,
  terms: BookingTerms,
  occupancies: readonly Occupancy[],
  now: number,
): Cell['state'] {
  const taken = occupancies.filter((one) => share(cell, spanOf(one.occupied)))[0]
  const withBuffer = { from: cell.from, to: cell.to + terms.bufferMinutes }
  const near = occupancies.some((one) => share(withBuffer, spanOf(one.occupied)))
  if (taken?.mine) return 'mine'
  if (cell.from <= now) return 'past'
  if (taken?.kind === 'outage') return 'outage'
  if (taken?.kind === 'hold') return 'held'
  if (taken !== undefined || near) return 'busy'
  const early = cell.from < now + terms.leadMinutes
  return early || dayOf(cell.from) - dayOf(now) > terms.horizonDays ? 'blocked' : 'free'
}

/** Every start of a cell from which all minutes are free for long enough, up to a cell's end. */
export function naiveRuns(
  cells: readonly (Span & { state: Cell['state'] })[],
  length: number,
): Span[] {
  const free = new Set(cells.flatMap((cell) => (cell.state === 'free' ? minutes(cell) : [])))
  const ends = new Set(cells.map((cell) => cell.to))
  return cells.flatMap(({ from, state }) => {
    if (state !== 'free') return []
    let to = from
    while (free.has(to) && !(to - from >= length && ends.has(to))) to++
    return to - from >= length && ends.has(to) ? [{ from, to }] : []
  })
}

/** The same slots as the rules give them. */
export const slotsAsSpans = (slots: readonly Slot[]) => slots.map(spanOf)

/** The largest whole number of fen that is not above the exact share: found by trying. */
export function naiveFloor(fits: (fen: bigint) => boolean): number {
  let [low, high] = [0n, 1n]
  while (fits(high)) high *= 2n
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (fits(middle)) low = middle
    else high = middle
  }
  return Number(low)
}
