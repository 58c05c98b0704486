import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { lockOwnInstrument, readTeam } from './queries-team.ts'

/**
 * Takes somebody out of the team of an own instrument, with the duty they had there from today on.
 * The last one may go too: who has left cannot be kept on paper; the answer says how many bookings
 * are still to come without anybody. Refuses catalogue.no_such_instrument,
 * catalogue.no_such_member.
 */
export async function removeTeamMember(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.removeTeamMember>,
): Promise<OutputOf<typeof catalogueEndpoints.removeTeamMember>> {
  const { organisationId } = allow(ctx, 'catalogue.removeTeamMember')
  await lockOwnInstrument(ctx, input.id, organisationId)
  const [gone] = await ctx.sql`
    delete from instrument_technicians
    where instrument_id = ${input.id} and user_id = ${input.userId} returning user_id`
  found(gone, 'catalogue.no_such_member')
  await ctx.sql`
    delete from duty_shifts where instrument_id = ${input.id} and user_id = ${input.userId}
      and on_date >= ${dateOf(ctx.now())}`
  await record(ctx, 'catalogue.team_member_removed', {
    subjectId: input.id,
    detail: { userId: input.userId },
  })
  const team = await readTeam(ctx, input.id)
  return { ...team, unattended: team.count > 0 ? 0 : await bookingsToCome(ctx, input.id) }
}

async function bookingsToCome(ctx: Ctx, instrumentId: string): Promise<number> {
  const [row] = await ctx.sql<{ n: number }[]>`
    select count(*) as n from bookings
    where instrument_id = ${instrumentId} and state in ('confirmed', 'running')
      and ends_at > ${ctx.now()}`
  return row?.n ?? 0
}
