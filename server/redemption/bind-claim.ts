import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { passClaims } from './pass-claims.ts'
import { getClaim } from './queries.ts'
import { isDueTo, lockClaim } from './queries-facts.ts'
import { refuseStops } from './refuse-stops.ts'

/**
 * 绑定: the institution confirms an enterprise's claim. Refuses `redemption.no_such_claim`,
 * `redemption.wrong_state` when no binding is due, `redemption.same_person`,
 * `redemption.findings_stop`.
 */
export async function bindClaim(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.bindClaim>,
): Promise<Claim> {
  const actor = allow(ctx, 'redemption.bindClaim')
  const claim = await lockClaim(ctx, input.id)
  if (!isDueTo(actor, claim) || claim.batchId !== null) refuse('redemption.wrong_state')
  if (claim.createdBy === actor.userId) refuse('redemption.same_person')
  refuseStops(claim)
  await passClaims(ctx, { ids: [claim.id], review: 'binding', note: null })
  return getClaim(ctx, { id: claim.id })
}
