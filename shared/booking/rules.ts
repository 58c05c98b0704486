import type { RefusalCode } from '../kernel/refusals.ts'
import {
  addDays,
  addMinutes,
  DAY_MS,
  type DateText,
  dateOf,
  instantAt,
  MINUTE_MS,
  minuteOfDay,
  type Slot,
  slotMinutes,
  weekdayOf,
} from '../kernel/time.ts'
import type { Calendar } from '../kernel/working-days.ts'
import type { BookingState, CellState } from './terms.ts'

/** Minutes of the day, half-open: 08:30–12:00 is `[510, 720]`; 24:00 is 1440. */
export type Segment = readonly [start: number, end: number]

/** Monday first, then what applies on statutory holidays and on adjusted working weekends. */
export type OpenWeek = {
  weekdays: readonly (readonly Segment[])[]
  holiday: readonly Segment[]
  adjustedWorkday: readonly Segment[]
}

export type CalendarDays = Calendar

export type BookingTerms = {
  week: OpenWeek
  slotMinutes: number
  minMinutes: number
  maxMinutes: number
  /** Latest time before the start at which a slot can still be asked for. */
  leadMinutes: number
  horizonDays: number
  /** Kept free between two bookings. */
  bufferMinutes: number
}

/** A time the instrument is taken; `occupied` already holds the buffer. */
export type Occupancy = {
  occupied: Slot
  kind: 'booking' | 'hold' | 'outage'
  mine: boolean
  note: string | null
}

export function segmentsOn(
  week: OpenWeek,
  day: DateText,
  calendar: CalendarDays,
): readonly Segment[] {
  const kind = calendar[day]
  if (kind === 'holiday') return week.holiday
  if (kind === 'adjusted-workday') return week.adjustedWorkday
  return week.weekdays[weekdayOf(day)] ?? []
}

/**
 * Why this slot cannot be asked for now, or null. The order of checks is the order of precedence.
 * Whether somebody else was faster is not asked here: only the database knows.
 */
export function whyNotHold(
  slot: Slot,
  terms: BookingTerms,
  calendar: CalendarDays,
  now: Date,
): RefusalCode | null {
  if (!isOpenAtAll(terms.week)) return 'booking.instrument_closed'
  if (!(slot.startsAt < slot.endsAt)) return 'booking.slot_malformed'
  if (!isWholeMinutes(slot)) return 'booking.slot_off_grid'
  if (slot.startsAt <= now) return 'booking.slot_in_past'
  if (slot.startsAt < addMinutes(now, terms.leadMinutes)) return 'booking.slot_too_soon'
  if (dateOf(slot.startsAt) > addDays(dateOf(now), terms.horizonDays)) return 'booking.slot_too_far'
  if (slotMinutes(slot) < terms.minMinutes) return 'booking.slot_too_short'
  if (slotMinutes(slot) > terms.maxMinutes) return 'booking.slot_too_long'
  if (!withinOpenHours(slot, terms.week, calendar)) return 'booking.outside_open_hours'
  if (!onGrid(slot, terms, calendar)) return 'booking.slot_off_grid'
  return null
}

/** Who books is an organisation that was found to be what it says; null when it is. */
export function whyNotBook(verification: string): RefusalCode | null {
  return verification === 'verified' ? null : 'identity.organisation_unverified'
}

/**
 * What a member may spend without being asked, and has asked for this month. Fen; null: no limit.
 */
export type SpendingLimits = {
  orderLimitFen: number | null
  monthLimitFen: number | null
  monthSpentFen: number
}

/**
 * Whether an administrator has to approve a request of this total. The whole price counts, the
 * voucher's share too: quota is the organisation's as much as money is.
 */
export function isAboveLimits(limits: SpendingLimits, totalFen: number): boolean {
  const { orderLimitFen, monthLimitFen, monthSpentFen } = limits
  if (orderLimitFen !== null && totalFen > orderLimitFen) return true
  return monthLimitFen !== null && totalFen > monthLimitFen - monthSpentFen
}

/** How long an administrator has at most to approve what is above a member's limits. */
export const APPROVAL_HOURS = 24
/** What is left of the time before the slot for the institution to answer in. */
export const APPROVAL_LEAD_MINUTES = 60

/** Until when it must be approved; for a slot that is nearer than the lead, until it starts. */
export function approvalDueAt(askedAt: Date, startsAt: Date): Date {
  const latest = addMinutes(startsAt, -APPROVAL_LEAD_MINUTES)
  const due = new Date(Math.min(addMinutes(askedAt, APPROVAL_HOURS * 60).getTime(), +latest))
  return due > askedAt ? due : startsAt
}

/** Why this person may neither approve nor refuse the spending now, or null. */
export function whyNotDecideSpending(
  booking: { state: BookingState; requesterId: string; approvalDueAt: Date | null },
  userId: string,
  now: Date,
): RefusalCode | null {
  if (booking.state !== 'awaiting_approval') return 'booking.wrong_state'
  if (booking.requesterId === userId) return 'booking.own_spending'
  const { approvalDueAt: due } = booking
  return due !== null && due <= now ? 'booking.approval_over' : null
}

/** Slots are priced and kept by the minute. */
export function isWholeMinutes({ startsAt, endsAt }: Slot): boolean {
  return startsAt.getTime() % MINUTE_MS === 0 && endsAt.getTime() % MINUTE_MS === 0
}

/** Every minute of the slot is open; segments that meet at midnight count as one. */
export function withinOpenHours(slot: Slot, week: OpenWeek, calendar: CalendarDays): boolean {
  let reached = slot.startsAt.getTime()
  const end = slot.endsAt.getTime()
  for (let day = dateOf(slot.startsAt); reached < end; day = addDays(day, 1)) {
    for (const segment of openSlots(day, week, calendar)) {
      if (segment.startsAt.getTime() <= reached)
        reached = Math.max(reached, segment.endsAt.getTime())
    }
    if (reached < end && reached < instantAt(addDays(day, 1), 0).getTime()) return false
  }
  return true
}

/** The open segments of a day as instants. */
export function openSlots(day: DateText, week: OpenWeek, calendar: CalendarDays): Slot[] {
  return segmentsOn(week, day, calendar).map(([start, end]) => ({
    startsAt: instantAt(day, start),
    endsAt: instantAt(day, end),
  }))
}

export type Cell = Slot & { state: CellState; reason: RefusalCode | null; note: string | null }

/**
 * One day cut on the instrument's grid, each cell with its state and, where it cannot be had, why.
 */
export function cellsOf(
  day: DateText,
  terms: BookingTerms,
  calendar: CalendarDays,
  occupancies: readonly Occupancy[],
  now: Date,
): Cell[] {
  const limits = limitsOf(terms, now)
  const cells = openSlots(day, terms.week, calendar).flatMap((segment) => {
    const end = segment.endsAt.getTime()
    const near = occupancies.filter((one) =>
      meets(one.occupied, segment.startsAt.getTime(), end + limits.buffer),
    )
    const cut: Cell[] = []
    for (let at = segment.startsAt; at.getTime() < end; ) {
      const endsAt = new Date(Math.min(at.getTime() + terms.slotMinutes * MINUTE_MS, end))
      cut.push(cellAt({ startsAt: at, endsAt }, limits, near))
      at = endsAt
    }
    return cut
  })
  return blockShortRuns(cells, terms.minMinutes)
}

/** A free run with no room for the minimum is blocked; at midnight it may go on elsewhere. */
function blockShortRuns(cells: Cell[], minMinutes: number): Cell[] {
  const shown: Cell[] = []
  while (shown.length < cells.length) {
    const run = freeRunAt(cells, shown.length)
    const short = isShort(run, minMinutes)
    shown.push(...(short ? run.map(tooShort) : run))
  }
  return shown
}

/** The free cells that touch each other from here on, or the one cell here that is not free. */
function freeRunAt(cells: readonly Cell[], from: number): Cell[] {
  let to = from + 1
  while (touch(cells[to - 1], cells[to])) to++
  return cells.slice(from, to)
}

function touch(one: Cell | undefined, next: Cell | undefined): boolean {
  if (one?.state !== 'free' || next?.state !== 'free') return false
  return one.endsAt.getTime() === next.startsAt.getTime()
}

function isShort(run: readonly Cell[], minMinutes: number): boolean {
  const [first, last] = [run[0], run.at(-1)]
  if (first?.state !== 'free' || last === undefined) return false
  if (last.endsAt.getTime() - first.startsAt.getTime() >= minMinutes * MINUTE_MS) return false
  return minuteOfDay(first.startsAt) !== 0 && minuteOfDay(last.endsAt) !== 0
}

function tooShort(cell: Cell): Cell {
  return { ...cell, state: 'blocked', reason: 'booking.slot_too_short' }
}

/**
 * The first slot of `minutes` in the cells of one or more days, from a given cell on; null when
 * none fits. Cells must be free and touch each other.
 */
export function freeRun(cells: readonly Cell[], from: number, minutes: number): Slot | null {
  const first = cells[from]
  if (first?.state !== 'free') return null
  let endsAt = first.endsAt
  for (let i = from + 1; endsAt.getTime() - first.startsAt.getTime() < minutes * MINUTE_MS; i++) {
    const next = cells[i]
    if (next?.state !== 'free' || next.startsAt.getTime() !== endsAt.getTime()) return null
    endsAt = next.endsAt
  }
  return { startsAt: first.startsAt, endsAt }
}

/** All free starts with a slot of at least `minutes`. */
export function freeSlots(cells: readonly Cell[], minutes: number): Slot[] {
  return cells.flatMap((_, i) => freeRun(cells, i, minutes) ?? [])
}

/** Instants in milliseconds, the same for all cells: dates are slow to compare by the thousand. */
type Limits = { now: number; soonest: number; tooFar: number; buffer: number }

function limitsOf(terms: BookingTerms, now: Date): Limits {
  return {
    now: now.getTime(),
    soonest: addMinutes(now, terms.leadMinutes).getTime(),
    tooFar: instantAt(addDays(dateOf(now), terms.horizonDays + 1), 0).getTime(),
    buffer: terms.bufferMinutes * MINUTE_MS,
  }
}

function meets(occupied: Slot, start: number, end: number): boolean {
  return occupied.startsAt.getTime() < end && start < occupied.endsAt.getTime()
}

function cellAt(slot: Slot, limits: Limits, occupancies: readonly Occupancy[]): Cell {
  const [start, end] = [slot.startsAt.getTime(), slot.endsAt.getTime()]
  const taken = firstMeeting(occupancies, start, end)
  if (taken?.mine) return cell(slot, 'mine', 'booking.slot_taken')
  if (start <= limits.now) return cell(slot, 'past', 'booking.slot_in_past')
  if (taken?.kind === 'outage') return cell(slot, 'outage', 'booking.in_outage', taken.note)
  if (taken?.kind === 'hold') return cell(slot, 'held', 'booking.slot_taken')
  // A new booking would bring its own buffer along behind it.
  const touched = taken ?? firstMeeting(occupancies, start, end + limits.buffer)
  if (touched) return cell(slot, 'busy', 'booking.slot_taken')
  if (start < limits.soonest) return cell(slot, 'blocked', 'booking.slot_too_soon')
  if (start >= limits.tooFar) return cell(slot, 'blocked', 'booking.slot_too_far')
  return cell(slot, 'free', null)
}

function cell(
  { startsAt, endsAt }: Slot,
  state: CellState,
  reason: RefusalCode | null,
  note: string | null = null,
): Cell {
  return { startsAt, endsAt, state, reason, note }
}

function firstMeeting(occupancies: readonly Occupancy[], start: number, end: number) {
  for (const one of occupancies) if (meets(one.occupied, start, end)) return one
  return undefined
}

function isOpenAtAll(week: OpenWeek): boolean {
  return week.weekdays.some((segments) => segments.length > 0) || week.adjustedWorkday.length > 0
}

function onGrid(slot: Slot, terms: BookingTerms, calendar: CalendarDays): boolean {
  const startSegment = segmentsOn(terms.week, dateOf(slot.startsAt), calendar).find(
    ([start, end]) => start <= minuteOfDay(slot.startsAt) && minuteOfDay(slot.startsAt) < end,
  )
  if (!startSegment) return false
  const startsOnGrid = (minuteOfDay(slot.startsAt) - startSegment[0]) % terms.slotMinutes === 0
  const endMinute = minuteOfDay(slot.endsAt)
  const endDay = dateOf(new Date(slot.endsAt.getTime() - 1))
  const endSegment = segmentsOn(terms.week, endDay, calendar).find(
    ([start, end]) =>
      start < (endMinute === 0 ? DAY_MS / MINUTE_MS : endMinute) &&
      (endMinute === 0 ? 1440 : endMinute) <= end,
  )
  if (!endSegment) return false
  const end = endMinute === 0 ? 1440 : endMinute
  return startsOnGrid && ((end - endSegment[0]) % terms.slotMinutes === 0 || end === endSegment[1])
}
