import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { openDifference, whyNotReconcileAs } from '@yiqi/shared/redemption/rules.ts'
import { batchCan } from '@yiqi/shared/redemption/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { getBatch, lockBatch } from './queries-batches.ts'
import { isOneOf } from './queries-facts.ts'
import { paymentsOf } from './queries-payments.ts'

/**
 * 对平: closes the batch when the bank answered for every payment and no difference is open, by
 * somebody who explained none. Refuses `redemption.no_such_batch`, `redemption.batch_wrong_state`,
 * `redemption.not_zero`, `redemption.own_explanation`.
 */
export async function reconcileBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.reconcileBatch>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'redemption.reconcileBatch')
  const batch = await lockBatch(ctx, input.id)
  if (!isOneOf(batchCan.reconcile.states, batch.state)) refuse('redemption.batch_wrong_state')
  const payments = await paymentsOf(ctx, batch.id)
  if (payments.some((payment) => openDifference(payment) !== 0)) refuse('redemption.not_zero')
  refuseIf(whyNotReconcileAs(userId, batch))
  await ctx.sql`select reconcile_batch(${batch.id}, ${ctx.now()}, ${userId})`
  return getBatch(ctx, { id: batch.id })
}
