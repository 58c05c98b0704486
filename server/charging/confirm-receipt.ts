import type { Bill, chargingEndpoints } from '@yiqi/shared/charging/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { getBill } from './queries.ts'

/**
 * 确认到账: the institution's finance confirms money on its own account, in one or several
 * receipts. Refuses `charging.no_such_bill`, `charging.bill_closed`, `charging.amount_over_bill`,
 * `charging.receipt_duplicate` (a transfer reference counts once per institution).
 */
export async function confirmReceipt(
  ctx: Ctx,
  input: InputOf<typeof chargingEndpoints.confirmReceipt>,
): Promise<Bill> {
  const { organisationId, userId } = allow(ctx, 'charging.confirmReceipt')
  const [bill] = await ctx.sql`
    select id from bills where id = ${input.id} and institution_id = ${organisationId}`
  found(bill, 'charging.no_such_bill')
  await ctx.sql`select confirm_receipt(${input.id}, ${input.amountFen}, ${input.reference},
    ${input.receivedOn}, ${ctx.now()}, ${userId})`
  return getBill(ctx, input.id)
}
