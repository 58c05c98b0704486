import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { Team } from '@yiqi/shared/catalogue/endpoints-team.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { lockOwnInstrument, readTeam } from './queries-team.ts'

/**
 * Says how many people of the team of an own instrument must be able to work on any day. Refuses
 * catalogue.no_such_instrument.
 */
export async function setStaffMinimum(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.setStaffMinimum>,
): Promise<Team> {
  const { organisationId } = allow(ctx, 'catalogue.setStaffMinimum')
  await lockOwnInstrument(ctx, input.id, organisationId)
  await ctx.sql`update instruments set staff_min = ${input.staffMin} where id = ${input.id}`
  await record(ctx, 'catalogue.staff_minimum_set', {
    subjectId: input.id,
    detail: { staffMin: input.staffMin },
  })
  return readTeam(ctx, input.id)
}
