import type { Bill, chargingEndpoints } from '@yiqi/shared/charging/endpoints.ts'
import { billCan } from '@yiqi/shared/charging/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, found, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getBill } from './queries.ts'

/**
 * 登记转账: the enterprise notes the reference of its bank transfer, so that finance can match it.
 * May be noted again until the money has arrived. Refuses `charging.no_such_bill`,
 * `charging.bill_closed`.
 */
export async function noteTransfer(
  ctx: Ctx,
  input: InputOf<typeof chargingEndpoints.noteTransfer>,
): Promise<Bill> {
  const { organisationId } = allow(ctx, 'charging.noteTransfer')
  const [bill] = await ctx.sql<{ bookingId: string }[]>`
    select booking_id from bills where id = ${input.id} and enterprise_id = ${organisationId}`
  const { bookingId } = found(bill, 'charging.no_such_bill')
  const changed = await ctx.sql`
    update bills set transfer_reference = ${input.reference},
      transferred_on = ${input.transferredOn}
    where id = ${input.id} and state = any (${billCan.noteTransfer.states})`
  if (changed.count === 0) refuse('charging.bill_closed')
  await record(ctx, 'bill.transfer_noted', { subjectId: input.id, bookingId })
  return getBill(ctx, input.id)
}
