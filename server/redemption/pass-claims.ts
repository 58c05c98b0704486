import { type Review, reviewedStates } from '@yiqi/shared/redemption/terms.ts'
import { actorId, type Ctx } from '../kernel/ctx.ts'

/**
 * Passes claims by the review they wait for, each with its row of history and its event; answers
 * how many were still waiting for it. Permission and checks are the calling verb's business.
 */
export async function passClaims(
  ctx: Ctx,
  step: { ids: readonly string[]; review: Review; note: string | null },
): Promise<number> {
  const event = step.review === 'binding' ? 'claim.bound' : 'claim.reviewed'
  await ctx.sql`select 1 from claims where id = any (${[...step.ids]}) order by id for no key update`
  const passed = await ctx.sql`
    with passed as (
      update claims c set state = ${reviewedStates[step.review]}
      from programmes p
      where p.id = c.programme_id and c.id = any (${[...step.ids]}) and c.batch_id is null
        and next_review(p.reviews, c.state) = ${step.review}
      returning c.id, c.booking_id
    ), noted as (
      insert into claim_reviews (claim_id, review, decision, user_id, at, note)
      select id, ${step.review}, 'pass', ${actorId(ctx)}, ${ctx.now()}, ${step.note} from passed
      returning id, claim_id
    )
    select record_event(${event}, ${ctx.now()}, ${actorId(ctx)}, c.id, c.booking_id,
      jsonb_build_object('review', ${step.review}::text, 'reviewId', n.id))
    from passed c join noted n on n.claim_id = c.id`
  return passed.length
}
