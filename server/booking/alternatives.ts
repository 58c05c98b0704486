import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import type { Slot } from '@yiqi/shared/kernel/time.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { BookingRow } from './queries.ts'
import { freeDaysOf, wire } from './week.ts'

const SHOWN = 3
const CANDIDATES = 30
const DAYS = 14

/**
 * Where else the work could be done: the first free slots of the same instrument and of others of
 * its kind, one each, soonest first. Only for a booking that was declined or displaced: a refusal
 * is never a dead end.
 */
export async function alternativesTo(ctx: Ctx, row: BookingRow): Promise<Booking['alternatives']> {
  if (row.state !== 'declined' && row.state !== 'displaced') return []
  const candidates = await ctx.sql<{ id: string; name: string; institutionName: string }[]>`
    select i.id, i.name, o.name as institution_name
    from instruments i join organisations o on o.id = i.institution_id
    where i.id = ${row.instrumentId} or i.kind = ${row.kind}
      or (${row.kind === null} and i.class_code = (select class_code from instruments
        where id = ${row.instrumentId}))
    order by (i.id = ${row.instrumentId}) desc, i.id limit ${CANDIDATES}`
  const free = await freeDaysOf(
    ctx,
    candidates.map((one) => one.id),
    DAYS,
  )
  const open = candidates.flatMap((one) => {
    const slots = (free.get(one.id)?.slots ?? []).filter((slot) => !touches(slot, row))
    return slots.slice(0, SHOWN).map((slot) => ({ one, slot }))
  })
  const spread = [...firstOfEach(open), ...open].filter((item, i, all) => all.indexOf(item) === i)
  const chosen = spread
    .slice(0, SHOWN)
    .sort((a, b) => a.slot.startsAt.getTime() - b.slot.startsAt.getTime())
  return chosen.map(({ one, slot }) => ({
    instrumentId: one.id,
    instrumentName: one.name,
    institutionName: one.institutionName,
    ...wire(slot),
  }))
}

function firstOfEach<T extends { one: { id: string } }>(items: readonly T[]): T[] {
  const seen = new Set<string>()
  return items.filter(({ one }) => !seen.has(one.id) && seen.add(one.id))
}

function touches(slot: Slot, row: BookingRow): boolean {
  return slot.startsAt < row.endsAt && row.startsAt < slot.endsAt
}
