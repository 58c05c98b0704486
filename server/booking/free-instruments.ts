import type { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { type BookingTerms, whyNotHold } from '@yiqi/shared/booking/rules.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { Refusal, type RefusalCode, refusals } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes, dateOf, type Slot } from '@yiqi/shared/kernel/time.ts'
import { calendarDays } from '../catalogue/facts.ts'
import { prefixOf } from '../catalogue/search.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { organisationOf } from './queries-facts.ts'

type Input = InputOf<typeof bookingEndpoints.listFreeInstruments>
type Output = OutputOf<typeof bookingEndpoints.listFreeInstruments>

/** Ten years: far beyond every horizon. */
const FAR_MINUTES = 3_660 * 1_440
/** Stands behind every price in the order: no tariff is in force. */
const NO_PRICE = Number.MAX_SAFE_INTEGER
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The instruments that could be held over the whole of a time, now: their rule allows it and
 * nothing but holds that ran out stands in it or in the buffer behind it. Cheapest first, without a
 * price last. Refuses, naming the field: `booking.slot_malformed`, `booking.slot_in_past`,
 * `booking.slot_too_far` (by no instrument's horizon).
 */
export async function listFreeInstruments(ctx: Ctx, input: Input): Promise<Output> {
  const slot = { startsAt: new Date(input.startsAt), endsAt: new Date(input.endsAt) }
  refuseEverywhere(slot, ctx.now())
  const after = afterFrom(input.cursor)
  const [groups, calendar] = await Promise.all([
    groupsByTerms(ctx, input),
    calendarDays(ctx, dateOf(slot.startsAt), dateOf(slot.endsAt)),
  ])
  const bookable = groups.filter(
    ({ week, ...terms }) =>
      week !== null && whyNotHold(slot, { week, ...terms }, calendar.days, ctx.now()) === null,
  )
  const limit = pageLimit(input.limit)
  const ids = bookable.flatMap((group) => group.ids)
  const { rows, total } = await notOccupied(ctx, ids, slot, { limit: limit + 1, after })
  return {
    ...pageBy(
      rows,
      limit,
      (row) => [String(row.pricePerHourFen ?? NO_PRICE), row.instrumentId],
      (row) => row,
    ),
    total,
    considered: groups.reduce((sum, group) => sum + group.ids.length, 0),
  }
}

/** What no instrument could allow, whatever its terms. */
function refuseEverywhere(slot: Slot, now: Date): void {
  if (!(slot.startsAt < slot.endsAt)) throw refusalAt('booking.slot_malformed', 'endsAt')
  if (slot.startsAt <= now) throw refusalAt('booking.slot_in_past', 'startsAt')
  const farthest = addMinutes(now, FAR_MINUTES)
  if (slot.startsAt > farthest) throw refusalAt('booking.slot_too_far', 'startsAt')
  if (slot.endsAt > farthest) throw refusalAt('booking.slot_too_far', 'endsAt')
}

function refusalAt(code: RefusalCode, path: string): Refusal {
  return new Refusal(code, [{ path, message: refusals[code].zh }])
}

type After = { rank: number; id: string }

/** The last row of the page before. Refuses `kernel.cursor_malformed`. */
function afterFrom(cursor: string | undefined): After | null {
  const parts = readCursor(cursor)
  if (parts === null) return null
  const [rank, id] = [Number(parts[0]), parts[1] ?? '']
  if (Number.isSafeInteger(rank) && UUID.test(id)) return { rank, id }
  throw new Refusal('kernel.cursor_malformed')
}

/** Instruments whose open hours and limits are the same; `week` is null for those without any. */
type Group = Omit<BookingTerms, 'week'> & { week: BookingTerms['week'] | null; ids: string[] }

/** The instruments asked for, by their terms: the rule is the same for all of a group. */
async function groupsByTerms(ctx: Ctx, input: Input): Promise<Group[]> {
  const [kind, institutionId] = [input.kind ?? null, input.institutionId ?? null]
  const [city, classes] = [input.cityCode ?? null, `${prefixOf(input.classCode ?? '')}%`]
  return ctx.sql<Group[]>`
    select h.week, h.slot_minutes, h.min_minutes, h.max_minutes, h.lead_minutes, h.horizon_days,
      h.buffer_minutes, array_agg(i.id) as ids
    from instruments i join organisations o on o.id = i.institution_id
      left join open_hours h on h.instrument_id = i.id
    where (${kind}::text is null or i.kind = ${kind}) and i.class_code like ${classes}
      and (${city}::text is null or o.city_code = ${city})
      and (${institutionId}::uuid is null or i.institution_id = ${institutionId})
    group by h.week, h.slot_minutes, h.min_minutes, h.max_minutes, h.lead_minutes, h.horizon_days,
      h.buffer_minutes`
}

type Found = { total: number; rows: Output['rows'] }

/**
 * Those of these instruments that nothing occupies, one search of the index of occupancies each,
 * with the price of the day for who asks; `rows` are in order after a price and an id. What a hold is
 * worth is asked by a scalar subquery, which no plan turns into a walk over all bookings.
 */
async function notOccupied(
  ctx: Ctx,
  ids: string[],
  slot: Slot,
  { limit, after }: { limit: number; after: After | null },
): Promise<Found> {
  const day = dateOf(slot.startsAt)
  const [afterRank, afterId] = [after?.rank ?? null, after?.id ?? null]
  const [row] = await ctx.sql<Found[]>`
    with free as materialized (
      select i.id, i.institution_id, i.name, i.model, i.short_code,
        t.utilities_fen_per_hour + t.labour_fen_per_hour as price,
        coalesce(t.utilities_fen_per_hour + t.labour_fen_per_hour, ${NO_PRICE}::bigint) as rank
      from open_hours h join instruments i on i.id = h.instrument_id
        left join tariffs t on t.instrument_id = i.id and t.tier = case
            when i.institution_id = ${organisationOf(ctx)} then 'internal' else 'external' end
          and t.effective_from <= ${day} and (t.effective_to is null or t.effective_to >= ${day})
        left join lateral (
          select true as yes from occupancies c
          where c.instrument_id = h.instrument_id and c.occupied && occupied_range(
              ${slot.startsAt}, ${slot.endsAt}, h.buffer_minutes)
            and not coalesce((select b.state = 'held' and b.hold_expires_at <= ${ctx.now()}
              from bookings b where b.id = c.booking_id), false)
          limit 1) taken on true
      where h.instrument_id = any (${ids}) and taken.yes is null)
    select (select count(*) from free) as total, coalesce((
      select json_agg(json_build_object('instrumentId', f.id, 'name', f.name, 'model', f.model,
        'shortCode', f.short_code, 'pricePerHourFen', f.price, 'institution', json_build_object(
          'id', o.id, 'name', o.name, 'city', o.city, 'cityCode', o.city_code))
        order by f.rank, f.id)
      from (select * from free where ${afterRank}::bigint is null
          or (rank, id) > (${afterRank}::bigint, ${afterId}::uuid)
        order by rank, id limit ${limit}) f
        join organisations o on o.id = f.institution_id), '[]') as rows`
  return must(row, 'the free instruments')
}
