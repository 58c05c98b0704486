import type { CellState } from '@yiqi/shared/booking/terms.ts'
import { cellStateLabels } from '@yiqi/shared/booking/terms.ts'
import {
  clockOf,
  type DateText,
  dayLabel,
  instantAt,
  minuteOfDay,
  slotClock,
} from '@yiqi/shared/kernel/time.ts'

/** A cell as the server sends it. */
export type GridCell = {
  startsAt: string
  endsAt: string
  state: CellState
  note?: string | null
  reason?: string | null
}
export type GridDay = { date: DateText; holiday?: string | null; cells: readonly GridCell[] }

/** One drawn row: the state of every day between two clock times. */
export type GridRow = { minute: number; label: string; states: (CellState | null)[] }

/**
 * What wins when a drawn row covers several cells: what matters most to someone looking for a slot.
 */
const weight: Record<CellState, number> = {
  mine: 8,
  free: 7,
  held: 6,
  outage: 5,
  busy: 4,
  blocked: 3,
  closed: 2,
  past: 1,
}

/** Rows of `stepMinutes` from the earliest to the latest open minute of the days. */
export function gridRows(days: readonly GridDay[], stepMinutes: number): GridRow[] {
  const open = days.flatMap((day) => day.cells).filter((cell) => cell.state !== 'closed')
  const all = open.length > 0 ? open : days.flatMap((day) => day.cells)
  if (all.length === 0) return []
  const first = Math.min(...all.map((cell) => minuteOfDay(new Date(cell.startsAt))))
  const last = Math.max(...all.map((cell) => minuteOfDay(new Date(cell.endsAt)) || 1440))
  const rows: GridRow[] = []
  for (let minute = first - (first % stepMinutes); minute < last; minute += stepMinutes) {
    rows.push({
      minute,
      label: clockOf(minute),
      states: days.map((day) => stateBetween(day, minute, minute + stepMinutes)),
    })
  }
  return rows
}

function stateBetween(day: GridDay, from: number, to: number): CellState | null {
  const start = instantAt(day.date, from).getTime()
  const end = instantAt(day.date, to).getTime()
  const inside = day.cells.filter(
    (cell) => Date.parse(cell.startsAt) < end && start < Date.parse(cell.endsAt),
  )
  return inside.reduce<CellState | null>((best, cell) => {
    return best === null || weight[cell.state] > weight[best] ? cell.state : best
  }, null)
}

/**
 * The day in words, for those who do not see the grid: `11月24日 周二：可约
 * 08:00–10:00、14:00–18:00；维护 10:00–12:00`.
 */
export function daySentence(day: GridDay): string {
  const parts: { state: CellState; spans: string[] }[] = []
  for (const span of merged(day.cells)) {
    if (span.state === 'closed' || span.state === 'past') continue
    const text = slotClock(span)
    const known = parts.find((part) => part.state === span.state)
    if (known === undefined) parts.push({ state: span.state, spans: [text] })
    else known.spans.push(text)
  }
  const words = parts.map((part) => `${cellStateLabels[part.state]} ${part.spans.join('、')}`)
  return `${dayLabel(day.date)}：${words.length === 0 ? '不开放' : words.join('；')}`
}

function merged(cells: readonly GridCell[]): { state: CellState; startsAt: Date; endsAt: Date }[] {
  const spans: { state: CellState; startsAt: Date; endsAt: Date }[] = []
  for (const cell of cells) {
    const last = spans[spans.length - 1]
    const startsAt = new Date(cell.startsAt)
    const endsAt = new Date(cell.endsAt)
    if (last?.state === cell.state && last.endsAt.getTime() === startsAt.getTime())
      last.endsAt = endsAt
    else spans.push({ state: cell.state, startsAt, endsAt })
  }
  return spans
}
