import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { whyNotGive } from '@yiqi/shared/identity/rules.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { endMembership, type ForgetsLogIns, lockMembership } from './end-membership.ts'

/**
 * Takes a role of the own organisation from a person; what they booked stays. Refuses
 * identity.no_such_membership, identity.role_not_yours, identity.last_administrator.
 */
export async function removeMember(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.removeMember>,
  { logIns }: { logIns: ForgetsLogIns },
): Promise<OutputOf<typeof identityEndpoints.removeMember>> {
  const { organisationId, role } = allow(ctx, 'identity.removeMember')
  const seat = await lockMembership(ctx, input.id)
  if (seat.organisationId !== organisationId) refuse('identity.no_such_membership')
  refuseIf(whyNotGive(seat.role, role))
  await endMembership(ctx, logIns, seat)
  await record(ctx, 'identity.member_removed', { subjectId: seat.id, detail: { role: seat.role } })
  return { id: seat.id }
}
