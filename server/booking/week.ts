import type { Week } from '@yiqi/shared/booking/endpoints.ts'
import {
  type BookingTerms,
  type Cell,
  cellsOf,
  freeSlots,
  type Occupancy,
  type OpenWeek,
  type Segment,
} from '@yiqi/shared/booking/rules.ts'
import { outageKinds } from '@yiqi/shared/booking/terms.ts'
import {
  addDays,
  clockOf,
  type DateText,
  dateOf,
  instantAt,
  type Slot,
  weekdayLabel,
} from '@yiqi/shared/kernel/time.ts'
import { calendarDays } from '../catalogue/facts.ts'
import { type Ctx, found, iso } from '../kernel/ctx.ts'

const DAYS = 7
const KINDS_AT_HOME = ['sem', 'fesem', 'tem', 'xrd', 'icpms', 'icpoes', 'ftir', 'utm', 'gcms']

export type TermsRow = BookingTerms & { instrumentId: string }

/** Booking terms by instrument; an instrument without open hours has none and cannot be booked. */
export async function termsOf(ctx: Ctx, instrumentIds: string[]): Promise<Map<string, TermsRow>> {
  const rows = await ctx.sql<TermsRow[]>`
    select instrument_id, week, slot_minutes, min_minutes, max_minutes, lead_minutes, horizon_days,
      buffer_minutes
    from open_hours where instrument_id = any (${instrumentIds})`
  return new Map(rows.map((row) => [row.instrumentId, row]))
}

/** The terms of one instrument. Refuses `booking.instrument_closed`. */
export async function getTerms(ctx: Ctx, instrumentId: string): Promise<TermsRow> {
  return found((await termsOf(ctx, [instrumentId])).get(instrumentId), 'booking.instrument_closed')
}

type OccupancyRow = {
  instrumentId: string
  startsAt: Date
  endsAt: Date
  state: string | null
  holdExpiresAt: Date | null
  enterpriseId: string | null
  outageKind: keyof typeof outageKinds | null
  outageNote: string | null
}

/** What instruments are taken by between two instants; holds that ran out count as free. */
export async function occupanciesOf(
  ctx: Ctx,
  instrumentIds: string[],
  span: Slot,
): Promise<Map<string, Occupancy[]>> {
  const rows = await ctx.sql<OccupancyRow[]>`
    select o.instrument_id, lower(o.occupied) as starts_at, upper(o.occupied) as ends_at, b.state,
      b.hold_expires_at, b.enterprise_id, u.kind as outage_kind, u.note as outage_note
    from occupancies o left join bookings b on b.id = o.booking_id left
      join outages u on u.id = o.outage_id
    where o.instrument_id = any (${instrumentIds})
      and o.occupied && tstzrange(${span.startsAt}, ${span.endsAt}, '[)')`
  const own = ctx.actor.kind === 'member' ? ctx.actor.organisationId : null
  const byInstrument = new Map<string, Occupancy[]>()
  for (const row of rows) {
    if (row.state === 'held' && row.holdExpiresAt !== null && row.holdExpiresAt <= ctx.now())
      continue
    const kind = row.outageKind !== null ? 'outage' : row.state === 'held' ? 'hold' : 'booking'
    const note =
      row.outageKind === null ? null : `${outageKinds[row.outageKind]}：${row.outageNote ?? ''}`
    const list = byInstrument.get(row.instrumentId) ?? []
    list.push({ occupied: row, kind, mine: own !== null && row.enterpriseId === own, note })
    byInstrument.set(row.instrumentId, list)
  }
  return byInstrument
}

/** The bookable days of one instrument, cell by cell. */
export async function getWeek(
  ctx: Ctx,
  input: { instrumentId: string; from?: DateText | undefined; days?: number | undefined },
): Promise<Week> {
  const terms = await getTerms(ctx, input.instrumentId)
  const from = input.from ?? dateOf(ctx.now())
  const dates = daysFrom(from, input.days ?? DAYS)
  const calendar = await calendarDays(ctx, from, dates.at(-1) ?? from)
  const occupancies =
    (await occupanciesOf(ctx, [input.instrumentId], spanOf(dates))).get(input.instrumentId) ?? []
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
      holiday: calendar.names[date] ?? null,
      cells: cellsOf(date, terms, calendar.days, occupancies, ctx.now()).map((cell) => ({
        startsAt: iso(cell.startsAt),
        endsAt: iso(cell.endsAt),
        state: cell.state,
        reason: cell.reason,
        note: cell.note,
      })),
    })),
  }
}

export type FreeDays = {
  instrumentId: string
  slots: Slot[]
  days: { date: DateText; freeMinutes: number }[]
}

/** The free slots of minimum length of several instruments over the coming days. */
export async function freeDaysOf(
  ctx: Ctx,
  instrumentIds: string[],
  days = DAYS,
): Promise<Map<string, FreeDays>> {
  const dates = daysFrom(dateOf(ctx.now()), days)
  const last = dates.at(-1) ?? dateOf(ctx.now())
  const [terms, occupancies, calendar] = await Promise.all([
    termsOf(ctx, instrumentIds),
    occupanciesOf(ctx, instrumentIds, spanOf(dates)),
    calendarDays(ctx, dateOf(ctx.now()), last),
  ])
  const result = new Map<string, FreeDays>()
  for (const [instrumentId, own] of terms) {
    const cells = dates.map((date) =>
      cellsOf(date, own, calendar.days, occupancies.get(instrumentId) ?? [], ctx.now()),
    )
    result.set(instrumentId, {
      instrumentId,
      slots: freeSlots(cells.flat(), own.minMinutes),
      days: dates.map((date, i) => ({ date, freeMinutes: freeMinutes(cells[i] ?? []) })),
    })
  }
  return result
}

/**
 * The kinds shown at home: how many instruments of each, and the first free slot of any of them.
 */
export async function listFreeKinds(ctx: Ctx) {
  const instruments = await ctx.sql<{ id: string; kind: string; name: string }[]>`
    select i.id, i.kind, k.name from instruments i join instrument_kinds k on k.kind = i.kind
    where i.kind = any (${KINDS_AT_HOME})`
  const free = await freeDaysOf(
    ctx,
    instruments.map((one) => one.id),
  )
  const rows = KINDS_AT_HOME.flatMap((kind) => {
    const ofKind = instruments.filter((one) => one.kind === kind)
    const first = ofKind[0]
    if (!first) return []
    const slots = ofKind.flatMap((one) => free.get(one.id)?.slots.slice(0, 1) ?? [])
    const next = earliest(slots)
    return [
      {
        kind,
        name: first.name,
        instruments: slots.length,
        nextSlot: next === null ? null : wire(next),
      },
    ]
  })
  return { rows: rows.filter((row) => row.nextSlot !== null) }
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
  return cells
    .filter((cell) => cell.state === 'free')
    .reduce((sum, cell) => sum + (cell.endsAt.getTime() - cell.startsAt.getTime()) / 60_000, 0)
}
