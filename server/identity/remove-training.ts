import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'

/** Takes out a training of the own register. Refuses identity.no_such_training. */
export async function removeTraining(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.removeTraining>,
): Promise<{ id: string }> {
  const { organisationId } = allow(ctx, 'identity.removeTraining')
  const [row] = await ctx.sql<{ staffRecordId: string }[]>`
    delete from trainings t using staff_records s
    where t.id = ${input.id} and s.id = t.staff_record_id and s.organisation_id = ${organisationId}
    returning t.staff_record_id`
  const { staffRecordId } = found(row, 'identity.no_such_training')
  await record(ctx, 'identity.training_removed', {
    subjectId: input.id,
    detail: { staffRecordId },
  })
  return { id: input.id }
}
