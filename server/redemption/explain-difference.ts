import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { getBatch } from './queries-batches.ts'

/**
 * 说明差额: the open difference of one payment becomes a transfer with a reason; what did not
 * arrive is owed to the payee again. Nothing is edited. Refuses `redemption.no_such_batch`,
 * `redemption.batch_wrong_state`, `redemption.nothing_to_explain`.
 */
export async function explainDifference(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.explainDifference>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'redemption.explainDifference')
  const [payment] = await ctx.sql<{ batchId: string }[]>`
    select batch_id from payments where id = ${input.id}`
  const { batchId } = found(payment, 'redemption.no_such_batch')
  await ctx.sql`select explain_difference(${input.id}, ${input.reason}, ${ctx.now()}, ${userId})`
  return getBatch(ctx, { id: batchId })
}
