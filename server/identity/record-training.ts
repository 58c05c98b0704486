import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { StaffRecord } from '@yiqi/shared/identity/endpoints-staff.ts'
import { whyNotRecordTraining } from '@yiqi/shared/identity/rules-staff.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { readStaffRecord } from './queries-staff.ts'

/**
 * Enters a training or examination that somebody of the own register has been to. Refuses
 * identity.no_such_staff_record, identity.training_in_future, identity.dates_reversed.
 */
export async function recordTraining(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.recordTraining>,
): Promise<StaffRecord> {
  const { organisationId, userId: recordedBy } = allow(ctx, 'identity.recordTraining')
  const { userId, kind, name, hours, heldOn, result, expiresOn } = input
  const [entry] = await ctx.sql<{ id: string }[]>`
    select id from staff_records where user_id = ${userId} and organisation_id = ${organisationId}`
  const { id: staffRecordId } = found(entry, 'identity.no_such_staff_record')
  refuseIf(whyNotRecordTraining(input, dateOf(ctx.now())))
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into trainings (staff_record_id, kind, name, hours, held_on, result, expires_on,
      recorded_by)
    values (${staffRecordId}, ${kind}, ${name}, ${hours}, ${heldOn}, ${result}, ${expiresOn},
      ${recordedBy}) returning id`
  await record(ctx, 'identity.training_recorded', { subjectId: must(row, 'the training').id })
  return readStaffRecord(ctx, { userId, organisationId })
}
