import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { endMembership, type ForgetsLogIns, lockMembership } from './end-membership.ts'

/**
 * Gives up one of the person's own roles. Refuses identity.no_such_membership, also for another's;
 * identity.last_administrator.
 */
export async function leaveOrganisation(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.leaveOrganisation>,
  { logIns }: { logIns: ForgetsLogIns },
): Promise<OutputOf<typeof identityEndpoints.leaveOrganisation>> {
  const { userId } = allowPerson(ctx)
  const seat = await lockMembership(ctx, input.id)
  if (seat.userId !== userId) refuse('identity.no_such_membership')
  await endMembership(ctx, logIns, seat)
  await record(ctx, 'identity.member_left', { subjectId: seat.id, detail: { role: seat.role } })
  return { id: seat.id }
}
