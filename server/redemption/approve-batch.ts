import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { approvalsNeeded, whyNotApprove, whyNotApproveAs } from '@yiqi/shared/redemption/rules.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { getBatch, lockBatch } from './queries-batches.ts'

/**
 * 批准: one approval after publicity, by somebody who did not compose the batch; a large batch needs
 * two. With the last one it is approved as it stands, and a refund programme posts its earmarks at
 * the amounts of the claims. Refuses `redemption.no_such_batch`, `redemption.batch_wrong_state`,
 * `redemption.in_publicity`, `redemption.own_batch`, `redemption.second_approver`.
 */
export async function approveBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.approveBatch>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'redemption.approveBatch')
  const batch = await lockBatch(ctx, input.id)
  const today = dateOf(ctx.now())
  refuseIf(whyNotApprove(batch, today) ?? whyNotApproveAs(userId, batch))
  await ctx.sql`
    select approve_batch(${batch.id}, ${[batch.state]}, ${approvalsNeeded(batch.claimsFen, today)},
      ${ctx.now()}, ${userId})`
  return getBatch(ctx, { id: batch.id })
}
