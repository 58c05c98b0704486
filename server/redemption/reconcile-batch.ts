import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { openDifference } from '@yiqi/shared/redemption/rules.ts'
import { batchCan, claimCan } from '@yiqi/shared/redemption/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getBatch, lockBatch, paymentsOf } from './queries-batches.ts'
import { isOneOf } from './queries-facts.ts'

/**
 * 对平: closes the batch when the bank answered for every payment and no difference is open.
 * Refuses `redemption.no_such_batch`, `redemption.batch_wrong_state`, `redemption.not_zero`.
 */
export async function reconcileBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.reconcileBatch>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'voucher-administrator-province')
  const batch = await lockBatch(ctx, input.id)
  const { states, to } = batchCan.reconcile
  if (!isOneOf(states, batch.state)) refuse('redemption.batch_wrong_state')
  const payments = await paymentsOf(ctx, batch.id)
  if (payments.some((payment) => openDifference(payment) !== 0)) refuse('redemption.not_zero')
  await ctx.sql`
    update batches set state = ${to}, reconciled_at = ${ctx.now()} where id = ${batch.id}`
  await ctx.sql`
    with closed as (
      update claims set state = ${claimCan.reconcile.to}
      where batch_id = ${batch.id} and state = any (${[...claimCan.reconcile.states]})
      returning id, booking_id)
    select record_event('claim.reconciled', ${ctx.now()}, ${userId}, id, booking_id) from closed`
  await record(ctx, 'batch.reconciled', { subjectId: batch.id })
  return getBatch(ctx, { id: batch.id })
}
