import type { Week } from '@yiqi/shared/booking/endpoints.ts'
import {
  type BookingTerms,
  type CalendarDays,
  type Cell,
  cellsOf,
  freeRun,
  freeSlots,
  type Occupancy,
  type OpenWeek,
  type Segment,
} from '@yiqi/shared/booking/rules.ts'
import { type OutageKind, outageKinds } from '@yiqi/shared/booking/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import {
  addDays,
  clockOf,
  type DateText,
  dateOf,
  instantAt,
  type Slot,
  slotMinutes,
  weekdayLabel,
} from '@yiqi/shared/kernel/time.ts'
import type { DayKind } from '@yiqi/shared/kernel/working-days.ts'
import { type Ctx, found, iso } from '../kernel/ctx.ts'
import { organisationOf } from './queries-facts.ts'

const DAYS = 7
/** Within so many days most instruments have a free slot. */
const SOON_DAYS = 3
const KINDS_AT_HOME = ['sem', 'fesem', 'tem', 'xrd', 'icpms', 'icpoes', 'ftir', 'utm', 'gcms']

/** The terms of one instrument. Refuses `booking.instrument_closed`. */
export async function getTerms(ctx: Ctx, instrumentId: string): Promise<BookingTerms> {
  const [row] = await ctx.sql<BookingTerms[]>`
    select week, slot_minutes, min_minutes, max_minutes, lead_minutes, horizon_days, buffer_minutes
    from open_hours where instrument_id = ${instrumentId}`
  return found(row, 'booking.instrument_closed')
}

/** What the cells of an instrument are cut from. */
type Times = { terms: BookingTerms; occupancies: Occupancy[] }

type Schedule = {
  calendar: CalendarDays
  holidays: Record<DateText, string>
  /** By instrument; one without open hours is missing and cannot be booked. */
  times: Map<string, Times>
}

/** What the instrument is taken by stands in columns: json of every one is slow to make. */
type ScheduleRow = BookingTerms & {
  instrumentId: string
  days: { date: DateText; kind: DayKind; name: string }[]
  starts: Date[] | null
  ends: Date[] | null
  kinds: ('booking' | 'hold' | OutageKind)[] | null
  mine: boolean[] | null
  notes: (string | null)[] | null
}

/**
 * Everything that decides about these days on these instruments, in one query: a round trip costs
 * more than what it fetches. Holds that ran out count as free.
 */
async function scheduleOf(
  ctx: Ctx,
  instrumentIds: string[],
  dates: readonly DateText[],
): Promise<Schedule> {
  const span = spanOf(dates)
  const own = organisationOf(ctx)
  const rows = await ctx.sql<ScheduleRow[]>`
    select h.instrument_id, h.week, h.slot_minutes, h.min_minutes, h.max_minutes, h.lead_minutes,
      h.horizon_days, h.buffer_minutes, taken.*,
      (select coalesce(json_agg(json_build_object('date', date, 'kind', kind, 'name', name)), '[]')
        from calendar_days where date = any (${[...dates]})) as days
    from open_hours h cross join lateral (
      select array_agg(lower(o.occupied)) as starts, array_agg(upper(o.occupied)) as ends,
        array_agg(coalesce(u.kind, case b.state when 'held' then 'hold' else 'booking' end))
          as kinds,
        array_agg(coalesce(b.enterprise_id = ${own}, false)) as mine,
        array_agg(u.note) as notes
      from occupancies o left join bookings b on b.id = o.booking_id
        left join outages u on u.id = o.outage_id
      where o.instrument_id = h.instrument_id
        and o.occupied && tstzrange(${span.startsAt}, ${span.endsAt}, '[)')
        and (b.state = 'held' and b.hold_expires_at <= ${ctx.now()}) is not true) taken
    where h.instrument_id = any (${instrumentIds})`
  const days = rows[0]?.days ?? []
  return {
    calendar: Object.fromEntries(days.map((day) => [day.date, day.kind])),
    holidays: Object.fromEntries(days.map((day) => [day.date, day.name])),
    times: new Map(
      rows.map((row) => [row.instrumentId, { terms: row, occupancies: occupanciesOf(row) }]),
    ),
  }
}

function occupanciesOf({ starts, ends, kinds, mine, notes }: ScheduleRow): Occupancy[] {
  return (starts ?? []).map((startsAt, i) => {
    const kind = must(kinds?.[i], 'the kind of an occupancy')
    return {
      occupied: { startsAt, endsAt: must(ends?.[i], 'the end of an occupancy') },
      kind: kind === 'booking' || kind === 'hold' ? kind : 'outage',
      mine: mine?.[i] ?? false,
      note:
        kind === 'booking' || kind === 'hold' ? null : `${outageKinds[kind]}：${notes?.[i] ?? ''}`,
    }
  })
}

/** The bookable days of one instrument, cell by cell. */
export async function getWeek(
  ctx: Ctx,
  input: { instrumentId: string; from?: DateText | undefined; days?: number | undefined },
): Promise<Week> {
  const from = input.from ?? dateOf(ctx.now())
  const dates = daysFrom(from, input.days ?? DAYS)
  const { calendar, holidays, times } = await scheduleOf(ctx, [input.instrumentId], dates)
  const { terms, occupancies } = found(times.get(input.instrumentId), 'booking.instrument_closed')
  return {
    instrumentId: input.instrumentId,
    from,
    terms: {
      slotMinutes: terms.slotMinutes,
      minMinutes: terms.minMinutes,
      maxMinutes: terms.maxMinutes,
      leadMinutes: terms.leadMinutes,
      horizonDays: terms.horizonDays,
      bufferMinutes: terms.bufferMinutes,
    },
    openHoursText: openHoursText(terms.week),
    days: dates.map((date) => ({
      date,
      holiday: holidays[date] ?? null,
      cells: cellsOf(date, terms, calendar, occupancies, ctx.now()).map((cell) => ({
        startsAt: iso(cell.startsAt),
        endsAt: iso(cell.endsAt),
        state: cell.state,
        reason: cell.reason,
        note: cell.note,
      })),
    })),
  }
}

/** The free slots of minimum length of several instruments over the coming days. */
export async function freeDaysOf(
  ctx: Ctx,
  instrumentIds: string[],
  days = DAYS,
): Promise<Map<string, { slots: Slot[] }>> {
  const dates = daysFrom(dateOf(ctx.now()), days)
  const schedule = await scheduleOf(ctx, instrumentIds, dates)
  return mapOf(schedule.times, (times) => {
    const cells = dates.flatMap((date) => cellsOn(ctx, date, schedule, times))
    return { slots: freeSlots(cells, times.terms.minMinutes) }
  })
}

export type Strip = { next: Slot | null; days: { date: DateText; freeMinutes: number }[] }

/** The first free slot of several instruments, and what is free on each of the coming days. */
export async function stripsOf(ctx: Ctx, instrumentIds: string[]): Promise<Map<string, Strip>> {
  const dates = daysFrom(dateOf(ctx.now()), DAYS)
  const schedule = await scheduleOf(ctx, instrumentIds, dates)
  return mapOf(schedule.times, (times) => {
    const cells = dates.map((date) => cellsOn(ctx, date, schedule, times))
    return {
      next: firstRun(cells.flat(), times.terms.minMinutes),
      days: dates.map((date, i) => ({ date, freeMinutes: freeMinutes(cells[i] ?? []) })),
    }
  })
}

/** The first free slots of several instruments; most have one soon, the others are asked again. */
async function firstSlotsOf(ctx: Ctx, instrumentIds: string[]): Promise<Map<string, Slot>> {
  const first = new Map<string, Slot>()
  for (const days of [SOON_DAYS, DAYS]) {
    const dates = daysFrom(dateOf(ctx.now()), days)
    const open = instrumentIds.filter((id) => !first.has(id))
    const schedule = await scheduleOf(ctx, open, dates)
    for (const [id, times] of schedule.times) {
      const cells = dates.flatMap((date) => cellsOn(ctx, date, schedule, times))
      const slot = firstRun(cells, times.terms.minMinutes)
      if (slot !== null) first.set(id, slot)
    }
  }
  return first
}

/**
 * The kinds shown at home: how many instruments of each, and the first free slot of any of them.
 */
export async function listFreeKinds(ctx: Ctx) {
  const instruments = await ctx.sql<{ id: string; kind: string; name: string }[]>`
    select i.id, i.kind, k.name from instruments i join instrument_kinds k on k.kind = i.kind
    where i.kind = any (${KINDS_AT_HOME})`
  const ids = instruments.map((one) => one.id)
  const slotById = await firstSlotsOf(ctx, ids)
  const rows = KINDS_AT_HOME.flatMap((kind) => {
    const ofKind = instruments.filter((one) => one.kind === kind)
    const slots = ofKind.flatMap((one) => slotById.get(one.id) ?? [])
    const [first, next] = [ofKind[0], earliest(slots)]
    if (!first || next === null) return []
    return [{ kind, name: first.name, instruments: slots.length, nextSlot: wire(next) }]
  })
  return { rows }
}

export function earliest(slots: readonly Slot[]): Slot | null {
  return slots.reduce<Slot | null>(
    (best, slot) => (best === null || slot.startsAt < best.startsAt ? slot : best),
    null,
  )
}

export function wire(slot: Slot): { startsAt: string; endsAt: string } {
  return { startsAt: iso(slot.startsAt), endsAt: iso(slot.endsAt) }
}

/** 周一至周五 08:30–12:00、14:30–18:00；周六 09:00–12:00 */
export function openHoursText(week: OpenWeek): string {
  const texts = week.weekdays.map((segments) => segments.map(segmentText).join('、'))
  const groups: { from: number; to: number; text: string }[] = []
  texts.forEach((text, day) => {
    const last = groups.at(-1)
    if (last && last.text === text) last.to = day
    else groups.push({ from: day, to: day, text })
  })
  const monday = '2026-11-23'
  const label = (day: number) => weekdayLabel(addDays(monday, day))
  const open = groups.filter((group) => group.text !== '')
  if (open.length === 0) return '暂停开放'
  return open
    .map((g) => `${g.from === g.to ? label(g.from) : `${label(g.from)}至${label(g.to)}`} ${g.text}`)
    .join('；')
}

const segmentText = ([start, end]: Segment) => `${clockOf(start)}–${clockOf(end)}`

function cellsOn(ctx: Ctx, date: DateText, { calendar }: Schedule, times: Times): Cell[] {
  return cellsOf(date, times.terms, calendar, times.occupancies, ctx.now())
}

function firstRun(cells: readonly Cell[], minutes: number): Slot | null {
  for (const i of cells.keys()) {
    const run = freeRun(cells, i, minutes)
    if (run !== null) return run
  }
  return null
}

function mapOf<T, R>(of: ReadonlyMap<string, T>, make: (value: T) => R): Map<string, R> {
  return new Map([...of].map(([key, value]) => [key, make(value)]))
}

function daysFrom(from: DateText, days: number): DateText[] {
  return Array.from({ length: days }, (_, i) => addDays(from, i))
}

function spanOf(dates: readonly DateText[]): Slot {
  const first = dates[0] ?? ''
  const last = dates.at(-1) ?? first
  // Two days over, for buffers behind the last cell.
  return { startsAt: instantAt(first, 0), endsAt: instantAt(addDays(last, 2), 0) }
}

function freeMinutes(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + (cell.state === 'free' ? slotMinutes(cell) : 0), 0)
}
