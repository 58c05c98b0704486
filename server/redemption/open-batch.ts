import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getProgramme } from '../voucher/queries.ts'
import { CLAIMS_PER_BATCH_MAX, getBatch } from './queries-batches.ts'
import { checkClaim, claimsWhere } from './queries-facts.ts'

/**
 * 编制批次: gathers the fully reviewed claims of a programme, at most 500; one that an automatic
 * stop has caught meanwhile stays behind. Refuses `voucher.no_such_programme`,
 * `redemption.batch_empty`.
 */
export async function openBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.openBatch>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'redemption.openBatch')
  const programme = await getProgramme(ctx, input.programmeId)
  // Two who open at once: the second waits here and finds what the first has left.
  await ctx.sql`
    select 1 from claims where programme_id = ${programme.id} and batch_id is null
    order by id for no key update`
  const ready = await claimsWhere(
    ctx,
    ctx.sql`c.programme_id = ${programme.id} and c.batch_id is null
      and fully_reviewed(p.reviews, c.state)`,
    CLAIMS_PER_BATCH_MAX,
  )
  const claims = ready.filter(
    (claim) => !checkClaim(claim).findings.some((finding) => finding.level === 'stop'),
  )
  if (claims.length === 0) refuse('redemption.batch_empty')
  const [batch] = await ctx.sql<{ id: string }[]>`
    insert into batches (number, programme_id, state, opened_at, opened_by)
    values (next_number('PC', 'batch_number_seq', ${ctx.now()}), ${programme.id}, 'open',
      ${ctx.now()},
      ${userId})
    returning id`
  const { id } = must(batch, 'the batch')
  await ctx.sql`
    update claims set batch_id = ${id} where id = any (${claims.map((claim) => claim.id)})`
  await record(ctx, 'batch.opened', { subjectId: id, detail: { claims: claims.length } })
  return getBatch(ctx, { id })
}
