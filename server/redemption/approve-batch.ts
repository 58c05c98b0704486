import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { whyNotApprove } from '@yiqi/shared/redemption/rules.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { getBatch, lockBatch } from './queries-batches.ts'

/**
 * 批准: after publicity the batch is approved; a refund programme posts its earmarks now, at the
 * amounts of the claims. Refuses `redemption.no_such_batch`, `redemption.batch_wrong_state`,
 * `redemption.in_publicity`.
 */
export async function approveBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.approveBatch>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'voucher-administrator-province')
  const batch = await lockBatch(ctx, input.id)
  refuseIf(whyNotApprove(batch, dateOf(ctx.now())))
  await ctx.sql`select approve_batch(${batch.id}, ${[batch.state]}, ${ctx.now()}, ${userId})`
  return getBatch(ctx, { id: batch.id })
}
