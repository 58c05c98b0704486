import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { StaffRecord } from '@yiqi/shared/identity/endpoints-staff.ts'
import { whyNotRegister } from '@yiqi/shared/identity/rules-staff.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { readStaffRecord } from './queries-staff.ts'

/**
 * Enters a person of the own institution in the register, or changes the entry; who has left keeps
 * theirs. Pay is not kept here. Refuses identity.no_such_person, identity.dates_reversed.
 */
export async function putStaffRecord(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.putStaffRecord>,
): Promise<StaffRecord> {
  const { organisationId } = allow(ctx, 'identity.putStaffRecord')
  const { userId, post, title, establishment, joinedOn, leftOn } = input
  const [person] = await ctx.sql`
    select from memberships where user_id = ${userId} and organisation_id = ${organisationId}
    union all
    select from staff_records where user_id = ${userId} and organisation_id = ${organisationId}`
  found(person, 'identity.no_such_person')
  refuseIf(whyNotRegister(input))
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into staff_records (user_id, organisation_id, post, title, establishment, joined_on,
      left_on)
    values (${userId}, ${organisationId}, ${post}, ${title}, ${establishment}, ${joinedOn},
      ${leftOn})
    on conflict (user_id, organisation_id) do update set post = excluded.post,
      title = excluded.title, establishment = excluded.establishment,
      joined_on = excluded.joined_on, left_on = excluded.left_on
    returning id`
  await record(ctx, 'identity.staff_record_put', { subjectId: must(row, 'the entry').id })
  return readStaffRecord(ctx, { userId, organisationId })
}
