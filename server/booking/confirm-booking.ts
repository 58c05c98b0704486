import type { Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { acknowledge } from '../notice/acknowledge.ts'
import { moveBooking } from './move-booking.ts'
import { getBooking, getBookingRow } from './queries.ts'

/**
 * 机组确认: a technician of the instrument (or the institution's manager) accepts the request,
 * having acknowledged the notice. Refuses `booking.no_such_booking`, `booking.wrong_state`,
 * `notice.not_acknowledged`.
 */
export async function confirmBooking(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.confirmBooking>,
): Promise<Booking> {
  const { userId } = allow(ctx, 'booking.confirmBooking')
  const booking = await getBookingRow(ctx, input.id)
  await moveBooking(ctx, { id: booking.id, action: 'confirm', event: 'booking.confirmed' })
  await ctx.sql`update bookings set confirmed_at = ${ctx.now()}, confirmed_by = ${userId} where id = ${booking.id}`
  await acknowledge(ctx, { bookingId: booking.id, stage: 'confirmation', noticeId: input.noticeId })
  return getBooking(ctx, { id: booking.id })
}
