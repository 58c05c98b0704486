import { bookingCan } from '@yiqi/shared/booking/terms.ts'
import { actorId, type Ctx } from '../kernel/ctx.ts'

/**
 * One step of the booking's state machine with its event; a booking that dies gives its earmark
 * back. Refuses `booking.wrong_state` when somebody else was faster. Permission is the calling
 * verb's business.
 */
export async function moveBooking(
  ctx: Ctx,
  step: { id: string; action: keyof typeof bookingCan; event: string },
): Promise<void> {
  const { states, to } = bookingCan[step.action]
  await ctx.sql`select move_booking(${step.id}, ${[...states]}, ${to}, ${step.event}, ${ctx.now()}, ${actorId(ctx)})`
}
