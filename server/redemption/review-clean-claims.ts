import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { lightOf } from '@yiqi/shared/redemption/rules.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { passClaims } from './pass-claims.ts'
import { dueCondition } from './queries.ts'
import { checkClaim, claimScope, claimsWhere } from './queries-facts.ts'

const CLAIMS_MAX = 500

/**
 * Passes every claim that waits for the viewer's review and has no finding and no gap, up to 500 at
 * a time; what somebody else reviewed meanwhile is not passed twice.
 */
export async function reviewCleanClaims(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.reviewCleanClaims>,
): Promise<OutputOf<typeof redemptionEndpoints.reviewCleanClaims>> {
  const actor = allow(ctx, 'redemption.reviewCleanClaims')
  const { scope } = claimScope(ctx)
  const due = await claimsWhere(
    ctx,
    ctx.sql`${scope} and ${dueCondition(ctx, actor)}
      and ${input.programmeId ? ctx.sql`c.programme_id = ${input.programmeId}` : ctx.sql`true`}`,
    CLAIMS_MAX,
  )
  const clean = due.filter((claim) => {
    const { findings, complete } = checkClaim(claim)
    return lightOf(findings, complete) === 'green' && claim.createdBy !== actor.userId
  })
  const review = actor.role === 'voucher-administrator-city' ? 'city' : 'province'
  const ids = clean.map((claim) => claim.id)
  return { passed: ids.length === 0 ? 0 : await passClaims(ctx, { ids, review, note: null }) }
}
