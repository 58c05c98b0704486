import type { Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { moveBooking } from './move-booking.ts'
import { getBooking, getBookingRow } from './queries.ts'

/**
 * 取消: by the enterprise or the institution before the session starts; costs nothing until a
 * tariff carries terms for it, and the earmark goes back. Refuses `booking.no_such_booking`,
 * `booking.wrong_state`.
 */
export async function cancelBooking(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.cancelBooking>,
): Promise<Booking> {
  allow(ctx, 'booking.cancelBooking')
  const booking = await getBookingRow(ctx, input.id)
  await moveBooking(ctx, { id: booking.id, action: 'cancel', event: 'booking.cancelled' })
  await ctx.sql`update bookings set reason_note = ${input.reason || null} where id = ${booking.id}`
  return getBooking(ctx, { id: booking.id })
}
