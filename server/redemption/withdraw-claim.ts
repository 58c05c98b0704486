import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { claimCan } from '@yiqi/shared/redemption/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getClaim } from './queries.ts'
import { isClaimant, isOneOf, lockClaim } from './queries-facts.ts'

/**
 * 撤回申请: the claimant takes the claim back before its first review; the session may be claimed
 * anew. Refuses `redemption.no_such_claim`, `redemption.wrong_state`.
 */
export async function withdrawClaim(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.withdrawClaim>,
): Promise<Claim> {
  const actor = allow(ctx, 'redemption.withdrawClaim')
  const claim = await lockClaim(ctx, input.id)
  if (!isClaimant(actor, claim)) refuse('redemption.no_such_claim')
  if (!isOneOf(claimCan.withdraw.states, claim.state) || claim.batchId !== null)
    refuse('redemption.wrong_state')
  await ctx.sql`update claims set state = ${claimCan.withdraw.to} where id = ${claim.id}`
  await record(ctx, 'claim.withdrawn', { subjectId: claim.id, bookingId: claim.bookingId })
  return getClaim(ctx, { id: claim.id })
}
