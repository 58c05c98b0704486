import { type PersonalData, sectionLimit, sectionOf } from '../kernel/about-person.ts'
import type { Ctx } from '../kernel/ctx.ts'

/**
 * Of one person, for the person: the sessions they ran or agreed to, and those of their bookings.
 */
export async function personalDataOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const rows = await ctx.sql<Record<string, unknown>[]>`
    select s.*, b.number as booking_number, i.name as instrument_name
    from sessions s join bookings b on b.id = s.booking_id
      join instruments i on i.id = s.instrument_id
    where ${userId} in (s.started_by, s.agreed_by, b.requester_id, b.beneficiary_id)
    order by s.starts_at desc limit ${sectionLimit}`
  return { sessions: sectionOf('上机记录', rows) }
}
