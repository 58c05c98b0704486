import type { Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { whyNotDecideSpending } from '@yiqi/shared/booking/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { moveBooking } from './move-booking.ts'
import { getBooking, getBookingRow } from './queries.ts'
import { ANSWER_MINUTES } from './request-booking.ts'

/**
 * 批准支出: another administrator of the organisation that pays lets the request go on; the
 * institution's time to answer begins now. Price, earmark and agreement stay as they were asked.
 * Refuses `booking.no_such_booking`, `booking.wrong_state`, `booking.own_spending`,
 * `booking.approval_over`.
 */
export async function approveSpending(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.approveSpending>,
): Promise<Booking> {
  const { userId } = allow(ctx, 'booking.approveSpending')
  const now = ctx.now()
  const booking = await getBookingRow(ctx, input.id)
  const { id } = booking
  refuseIf(whyNotDecideSpending(booking, userId, now))
  await record(ctx, 'booking.spending_approved', { subjectId: id, bookingId: id })
  await moveBooking(ctx, { id, action: 'approveSpending', event: 'booking.requested' })
  await ctx.sql`
    update bookings set approved_by = ${userId}, approved_at = ${now},
      answer_due_at = ${addMinutes(now, ANSWER_MINUTES)} where id = ${id}`
  return getBooking(ctx, { id })
}
