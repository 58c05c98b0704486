import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { addDays, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { batchCan, claimCan } from '@yiqi/shared/redemption/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getBatch, lockBatch } from './queries-batches.ts'
import { isOneOf } from './queries-facts.ts'

/**
 * 公示: starts the publicity period, today and as many days more as the programme says. Refuses
 * `redemption.no_such_batch`, `redemption.batch_wrong_state` (also where the programme has no
 * publicity).
 */
export async function publiciseBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.publiciseBatch>,
): Promise<Batch> {
  const { userId } = allow(ctx, 'redemption.publiciseBatch')
  const batch = await lockBatch(ctx, input.id)
  const { states, to } = batchCan.publicise
  if (!isOneOf(states, batch.state) || batch.publicityDays === 0)
    refuse('redemption.batch_wrong_state')
  const today = dateOf(ctx.now())
  await ctx.sql`
    update batches set state = ${to}, public_from = ${today},
      public_until = ${addDays(today, batch.publicityDays)}
    where id = ${batch.id}`
  await ctx.sql`
    with shown as (
      update claims set state = ${claimCan.publicise.to}
      where batch_id = ${batch.id} and state = any (${[...claimCan.publicise.states]})
      returning id, booking_id)
    select record_event('claim.publicised', ${ctx.now()}, ${userId}, id, booking_id) from shown`
  await record(ctx, 'batch.publicised', { subjectId: batch.id })
  return getBatch(ctx, { id: batch.id })
}
