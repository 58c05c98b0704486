import type { Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { moveBooking } from './move-booking.ts'
import { getBooking, getBookingRow } from './queries.ts'

/**
 * 谢绝: with a reason from the list; the earmark goes back and the enterprise is shown
 * alternatives. Refuses `booking.no_such_booking`, `booking.wrong_state`.
 */
export async function declineBooking(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.declineBooking>,
): Promise<Booking> {
  allow(ctx, 'booking.declineBooking')
  const booking = await getBookingRow(ctx, input.id)
  await moveBooking(ctx, { id: booking.id, action: 'decline', event: 'booking.declined' })
  await ctx.sql`
    update bookings set reason = ${input.reason}, reason_note = ${input.note || null}
      where id = ${booking.id}`
  return getBooking(ctx, { id: booking.id })
}
