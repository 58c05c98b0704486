import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { bookingRoles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { endMembership, type ForgetsLogIns, lockMembership } from './end-membership.ts'

/**
 * 撤权: takes any role that serves others. Refuses identity.no_such_membership,
 * identity.own_proposal, identity.role_not_yours for the roles of those who book,
 * identity.last_administrator.
 */
export async function revokeRole(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.revokeRole>,
  { logIns }: { logIns: ForgetsLogIns },
): Promise<OutputOf<typeof identityEndpoints.revokeRole>> {
  const { userId } = allow(ctx, 'identity.revokeRole')
  const seat = await lockMembership(ctx, input.id)
  if (seat.userId === userId) refuse('identity.own_proposal')
  if (bookingRoles.some((each) => each === seat.role)) refuse('identity.role_not_yours')
  await endMembership(ctx, logIns, seat)
  await record(ctx, 'identity.role_revoked', { subjectId: seat.id, detail: { role: seat.role } })
  return { id: seat.id }
}
