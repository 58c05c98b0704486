import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Member } from '@yiqi/shared/identity/endpoints-members.ts'
import { whyNotGive } from '@yiqi/shared/identity/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { lockMembership } from './end-membership.ts'
import { readMember } from './queries-members.ts'

/**
 * Says up to which amount a person of the own organisation books without asking, in fen; null: any.
 * Refuses identity.no_such_membership, identity.role_not_yours.
 */
export async function setMemberLimits(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.setMemberLimits>,
): Promise<Member> {
  const { organisationId, role } = allow(ctx, 'identity.setMemberLimits')
  const seat = await lockMembership(ctx, input.id)
  if (seat.organisationId !== organisationId) refuse('identity.no_such_membership')
  refuseIf(whyNotGive(seat.role, role))
  await ctx.sql`
    update memberships set order_limit_fen = ${input.orderLimitFen},
      month_limit_fen = ${input.monthLimitFen}
    where id = ${input.id}`
  await record(ctx, 'identity.limits_set', { subjectId: input.id })
  return readMember(ctx, input.id)
}
