import { liveStates } from '@yiqi/shared/booking/terms.ts'
import { type PersonalData, sectionLimit, sectionOf } from '../kernel/about-person.ts'
import type { Ctx } from '../kernel/ctx.ts'

/** Of one person, for the person: bookings by them and for them, with everything they wrote. */
export async function personalDataOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const rows = await ctx.sql<Record<string, unknown>[]>`
    select b.*, i.name as instrument_name, n.name as institution_name, e.name as enterprise_name
    from bookings b join instruments i on i.id = b.instrument_id
      join organisations n on n.id = b.institution_id
      join organisations e on e.id = b.enterprise_id
    where b.requester_id = ${userId} or b.beneficiary_id = ${userId} order by b.created_at desc limit ${sectionLimit}`
  return { bookings: sectionOf('本人的预约', rows) }
}

/** The numbers of bookings this person asked for that still take an instrument, oldest first. */
export async function liveBookingsOf(ctx: Ctx, userId: string): Promise<string[]> {
  const rows = await ctx.sql<{ number: string }[]>`
    select number from bookings
    where requester_id = ${userId} and state = any (${[...liveStates]}::text[])
      and not (state = 'held' and hold_expires_at <= ${ctx.now()})
    order by starts_at, number`
  return rows.map((row) => row.number)
}
