import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { batchFacts, getBatch } from './queries-batches.ts'

/**
 * 发付款指令: splits every claim between province and city (the odd fen is the city's) and posts
 * each payment to the ledger, in one act. Refuses `redemption.no_such_batch`,
 * `redemption.batch_wrong_state`.
 */
export async function instructBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.instructBatch>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'voucher-administrator-province')
  const batch = await batchFacts(ctx, input.id)
  await ctx.sql`select instruct_batch(${batch.id}, ${ctx.now()}, ${userId})`
  return getBatch(ctx, { id: batch.id })
}
