import type { WeekCell } from '@yiqi/shared/booking/endpoints.ts'
import {
  clock,
  type DateText,
  durationLabel,
  MINUTE_MS,
  partOfDay,
} from '@yiqi/shared/kernel/time.ts'

// How taps on chips become a slot. Selecting never books: that is another button.

/** Instants as the server sends them: of one length and in UTC, so that they compare as text. */
export type Span = { startsAt: string; endsAt: string }
export type LengthTerms = { minMinutes: number; maxMinutes: number }
type Cell = Pick<WeekCell, 'startsAt' | 'endsAt' | 'state'>

/**
 * What a tap leads to: the slot now chosen, and a sentence where the tap could not do what it
 * meant.
 */
export type Choice = { slot: Span | null; note: string | null }

/**
 * The slot after a tap on a free cell. The first tap chooses a start with the minimum length; a
 * later cell stretches the end to it while every cell between is free and the maximum allows; a
 * cell inside shortens; the start itself goes back to the minimum, then to nothing. Anything else
 * starts anew.
 */
export function chooseSlot(
  cells: readonly Cell[],
  terms: LengthTerms,
  current: Span | null,
  tapped: Cell,
): Choice {
  const fresh = startAt(cells, terms, tapped)
  if (current === null) return fresh
  if (tapped.startsAt === current.startsAt) {
    const shorter = fresh.slot !== null && minutesOf(fresh.slot) < minutesOf(current)
    return shorter ? fresh : { slot: null, note: null }
  }
  const stretched = { startsAt: current.startsAt, endsAt: tapped.endsAt }
  if (tapped.startsAt > current.startsAt && isFreeRun(cells, stretched)) {
    const minutes = minutesOf(stretched)
    if (minutes > terms.maxMinutes) {
      const limit = `单次最长${durationLabel(terms.maxMinutes)}`
      if (fresh.slot === null) return { slot: current, note: limit }
      return { slot: fresh.slot, note: `${limit}，已改从 ${clockAt(tapped)} 开始` }
    }
    if (minutes >= terms.minMinutes) return { slot: stretched, note: null }
  }
  return fresh.slot === null ? { slot: current, note: fresh.note } : fresh
}

/** The shortest slot from a cell on, or why there is none. */
function startAt(cells: readonly Cell[], terms: LengthTerms, from: Cell): Choice {
  let end = from.endsAt
  for (const cell of cells) {
    if (minutesOf({ startsAt: from.startsAt, endsAt: end }) >= terms.minMinutes) break
    if (cell.startsAt === end && cell.state === 'free') end = cell.endsAt
  }
  const slot = { startsAt: from.startsAt, endsAt: end }
  if (minutesOf(slot) >= terms.minMinutes) return { slot, note: null }
  const least = durationLabel(terms.minMinutes)
  return { slot: null, note: `从 ${clockAt(from)} 起连续空闲不足最短${least}，请选更早的时段` }
}

/** Every minute between the two instants lies in a free cell. Cells are in order of time. */
function isFreeRun(cells: readonly Cell[], span: Span): boolean {
  let reached = span.startsAt
  for (const cell of cells) {
    if (reached >= span.endsAt) break
    if (cell.startsAt === reached && cell.state === 'free') reached = cell.endsAt
  }
  return reached >= span.endsAt
}

export function minutesOf(span: Span): number {
  return (Date.parse(span.endsAt) - Date.parse(span.startsAt)) / MINUTE_MS
}

/**
 * Whether a slot can still be had in what the week says now; a week that does not show it says
 * nothing.
 */
export function stillFree(cells: readonly Cell[], span: Span): boolean {
  const known = cells.some((cell) => cell.startsAt === span.startsAt)
  return !known || isFreeRun(cells, span)
}

export type PartOfDay<C> = { part: string; cells: C[] }

/** A day's cells under 夜间, 上午, 下午, 夜间; in order, empty parts left out. */
export function byPartOfDay<C extends { startsAt: string }>(cells: readonly C[]): PartOfDay<C>[] {
  const parts: PartOfDay<C>[] = []
  for (const cell of cells) {
    const part = partOfDay(new Date(cell.startsAt))
    const last = parts[parts.length - 1]
    if (last?.part === part) last.cells.push(cell)
    else parts.push({ part, cells: [cell] })
  }
  return parts
}

type Day = { date: DateText; cells: readonly Cell[] }

/** The dots under the days: something free, all taken, or not open. */
export function dayMarks(days: readonly Day[]): Record<DateText, 'free' | 'full' | 'closed'> {
  return Object.fromEntries(
    days.map((day) => {
      if (day.cells.some((cell) => cell.state === 'free')) return [day.date, 'free']
      return [day.date, day.cells.length === 0 ? 'closed' : 'full']
    }),
  )
}

/** The first day with something free, else the first day. */
export function firstFreeDay(days: readonly Day[]): DateText | null {
  const free = days.find((day) => day.cells.some((cell) => cell.state === 'free'))
  return (free ?? days[0])?.date ?? null
}

function clockAt(cell: { startsAt: string }): string {
  return clock(new Date(cell.startsAt))
}
