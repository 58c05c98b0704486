import type { Ctx } from '../kernel/ctx.ts'
import { moveBooking } from './move-booking.ts'

const BATCH = 500

/**
 * 失效: holds whose ten minutes are over, spending that nobody approved in time, and requests
 * that nobody answered before their slot began, give the time and the earmark back. Answers how
 * many.
 */
export async function lapseBookings(ctx: Ctx): Promise<number> {
  const due = await ctx.sql<{ id: string }[]>`
    select id from bookings
    where (state = 'held' and hold_expires_at <= ${ctx.now()})
      or (state = 'awaiting_approval' and approval_due_at <= ${ctx.now()})
      or (state = 'requested' and starts_at <= ${ctx.now()})
    order by id limit ${BATCH} for update skip locked`
  await ctx.sql`select lock_earmarks(${due.map(({ id }) => id)})`
  for (const { id } of due) await moveBooking(ctx, { id, action: 'lapse', event: 'booking.lapsed' })
  return due.length
}
