import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { claimCan } from '@yiqi/shared/redemption/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getClaim } from './queries.ts'
import { isClaimant, isOneOf, lockClaim } from './queries-facts.ts'
import { refuseStops } from './refuse-stops.ts'

/**
 * 提交申请: the claimant hands the claim in; its reviews start from the first again if it was
 * returned. Refuses `redemption.no_such_claim`, `redemption.wrong_state`,
 * `redemption.findings_stop` with every stop.
 */
export async function submitClaim(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.submitClaim>,
): Promise<Claim> {
  const actor = allow(ctx, 'redemption.submitClaim')
  const claim = await lockClaim(ctx, input.id)
  if (!isClaimant(actor, claim)) refuse('redemption.no_such_claim')
  if (!isOneOf(claimCan.submit.states, claim.state)) refuse('redemption.wrong_state')
  refuseStops(claim)
  await ctx.sql`
    update claims set state = ${claimCan.submit.to}, submitted_at = ${ctx.now()},
      return_reason = null,
      return_note = null
    where id = ${claim.id}`
  await record(ctx, 'claim.submitted', { subjectId: claim.id, bookingId: claim.bookingId })
  return getClaim(ctx, { id: claim.id })
}
