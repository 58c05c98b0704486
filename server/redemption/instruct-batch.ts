import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { whyNotInstructAs } from '@yiqi/shared/redemption/rules.ts'
import { batchCan } from '@yiqi/shared/redemption/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { batchFacts, getBatch } from './queries-batches.ts'
import { isOneOf } from './queries-facts.ts'

/**
 * 发付款指令: splits every claim between province and city (the odd fen is the city's) and posts
 * each payment to the ledger, in one act, by somebody who did not approve the batch and only if it
 * is what was approved. Refuses `redemption.no_such_batch`, `redemption.batch_wrong_state`,
 * `redemption.own_batch`, `redemption.batch_changed`.
 */
export async function instructBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.instructBatch>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'redemption.instructBatch')
  const batch = await batchFacts(ctx, input.id)
  if (!isOneOf(batchCan.instruct.states, batch.state)) refuse('redemption.batch_wrong_state')
  refuseIf(whyNotInstructAs(userId, batch))
  await ctx.sql`select instruct_batch(${batch.id}, ${ctx.now()}, ${userId})`
  return getBatch(ctx, { id: batch.id })
}
