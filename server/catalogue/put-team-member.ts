import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { Team } from '@yiqi/shared/catalogue/endpoints-team.ts'
import { whyNotJoin } from '@yiqi/shared/catalogue/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { lockOwnInstrument, readTeam } from './queries-team.ts'

/**
 * Takes a technician of the institution into the team of one of its instruments, or changes
 * position and licence. A licence that has ended may be entered: it alarms. Refuses
 * catalogue.no_such_instrument, identity.no_such_person, catalogue.not_a_technician,
 * catalogue.licence_without_number, identity.dates_reversed, catalogue.lead_exists.
 */
export async function putTeamMember(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.putTeamMember>,
): Promise<Team> {
  const { organisationId } = allow(ctx, 'catalogue.putTeamMember')
  await lockOwnInstrument(ctx, input.id, organisationId)
  refuseIf(whyNotJoin(input, await factsOf(ctx, input, organisationId)))
  const { userId, position, licenceNumber, licensedOn, licenceExpiresOn } = input
  await ctx.sql`
    insert into instrument_technicians (instrument_id, user_id, position, licence_number,
      licensed_on, licence_expires_on)
    values (${input.id}, ${userId}, ${position}, ${licenceNumber}, ${licensedOn},
      ${licenceExpiresOn})
    on conflict (instrument_id, user_id) do update set position = excluded.position,
      licence_number = excluded.licence_number, licensed_on = excluded.licensed_on,
      licence_expires_on = excluded.licence_expires_on`
  await record(ctx, 'catalogue.team_member_put', {
    subjectId: input.id,
    detail: { userId, position },
  })
  return readTeam(ctx, input.id)
}

/** A person of another institution does not exist here. */
async function factsOf(
  ctx: Ctx,
  { id, userId }: { id: string; userId: string },
  organisationId: string,
): Promise<{ isTechnician: boolean; leadId: string | null }> {
  const [row] = await ctx.sql<{ isTechnician: boolean; leadId: string | null }[]>`
    select bool_or(m.role = 'technician') as is_technician,
      (select t.user_id from instrument_technicians t
        where t.instrument_id = ${id} and t.position = 'lead') as lead_id
    from memberships m where m.user_id = ${userId} and m.organisation_id = ${organisationId}
    having count(*) > 0`
  return found(row, 'identity.no_such_person')
}
