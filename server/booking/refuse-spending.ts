import type { Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { whyNotDecideSpending } from '@yiqi/shared/booking/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { moveBooking } from './move-booking.ts'
import { getBooking, getBookingRow } from './queries.ts'

/**
 * 不批准支出: another administrator of the organisation that pays ends the booking, with the reason
 * in words; time and earmark go back. Refuses `booking.no_such_booking`, `booking.wrong_state`,
 * `booking.own_spending`, `booking.approval_over`.
 */
export async function refuseSpending(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.refuseSpending>,
): Promise<Booking> {
  const { userId } = allow(ctx, 'booking.refuseSpending')
  const booking = await getBookingRow(ctx, input.id)
  const { id } = booking
  refuseIf(whyNotDecideSpending(booking, userId, ctx.now()))
  await moveBooking(ctx, { id, action: 'refuseSpending', event: 'booking.spending_refused' })
  await ctx.sql`update bookings set reason = ${input.reason} where id = ${id}`
  return getBooking(ctx, { id })
}
