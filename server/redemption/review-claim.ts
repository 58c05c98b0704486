import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import type { Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { passClaims } from './pass-claims.ts'
import { getClaim } from './queries.ts'
import { type ClaimRow, isDueTo, lockClaim } from './queries-facts.ts'
import { refuseStops } from './refuse-stops.ts'

type ReviewInput = InputOf<typeof redemptionEndpoints.reviewClaim>

/**
 * 市级、省级审核: passes a claim, or returns it with a reason. Only the review that is due next, a
 * city only its own enterprises. Refuses `redemption.no_such_claim`, `redemption.wrong_state`,
 * `redemption.same_person`, `redemption.findings_stop` on passing, `invalid_input` on a return
 * without a reason.
 */
export async function reviewClaim(ctx: Ctx, input: ReviewInput): Promise<Claim> {
  const actor = allow(ctx, 'redemption.reviewClaim')
  const claim = await lockClaim(ctx, input.id)
  if (!isDueTo(actor, claim) || claim.batchId !== null) refuse('redemption.wrong_state')
  if (claim.createdBy === actor.userId) refuse('redemption.same_person')
  if (input.decision === 'return') await returnClaim(ctx, claim, input)
  else {
    refuseStops(claim)
    const review = must(claim.nextReview, 'the review that is due')
    await passClaims(ctx, { ids: [claim.id], review, note: input.note || null })
  }
  return getClaim(ctx, { id: claim.id })
}

async function returnClaim(ctx: Ctx, claim: ClaimRow, input: ReviewInput): Promise<void> {
  const { reason } = input
  if (reason === undefined) {
    throw new Refusal('invalid_input', [{ path: 'reason', message: '退回须说明原因' }])
  }
  const { userId } = allow(ctx, 'redemption.reviewClaim')
  await ctx.sql`
    update claims set state = 'returned', return_reason = ${reason},
      return_note = ${input.note || null}
    where id = ${claim.id}`
  const [noted] = await ctx.sql<{ id: string }[]>`
    insert into claim_reviews (claim_id, review, decision, user_id, at, note)
    values (${claim.id}, ${claim.nextReview}, 'return', ${userId}, ${ctx.now()},
      ${input.note || null})
    returning id`
  await record(ctx, 'claim.returned', {
    subjectId: claim.id,
    bookingId: claim.bookingId,
    detail: { reason, reviewId: must(noted, 'the review').id },
  })
}
