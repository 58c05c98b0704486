import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import type { Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { whyNotCheckIn } from '@yiqi/shared/session/rules.ts'
import { CHECK_IN_EARLY_MINUTES } from '@yiqi/shared/session/terms.ts'
import { moveBooking } from '../booking/move-booking.ts'
import { allow, type Ctx, found, type Member, refuse } from '../kernel/ctx.ts'
import { sessionFacts, toSession } from './queries.ts'

/**
 * 扫码签到: starts the session of the confirmed booking that is due on the scanned instrument, or
 * of the one named. A technician of the instrument may, and the enterprise itself where it operates
 * the instrument. Refuses `catalogue.code_unknown`, `session.nothing_to_start`,
 * `session.too_early`, `session.too_late`, `session.instrument_busy`, `booking.wrong_state`.
 */
export async function checkIn(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.checkIn>,
): Promise<Session> {
  const actor = allow(ctx, 'session.checkIn')
  const booking = await dueBooking(ctx, actor, input)
  refuseIf(whyNotCheckIn(booking, ctx.now()))
  await moveBooking(ctx, { id: booking.id, action: 'checkIn', event: 'session.started' })
  // Without waiting for another one that starts at this moment: the first wins, the rest are told
  // at once.
  const [session] = await ctx.sql<{ id: string }[]>`
    insert into sessions (booking_id, instrument_id, started_by, state, starts_at)
    values (${booking.id}, ${booking.instrumentId}, ${actor.userId}, 'running', ${ctx.now()})
    on conflict do nothing returning id`
  if (!session) refuse('session.instrument_busy')
  await ctx.sql`
    insert into session_segments (session_id, segment, starts_at)
    values (${session.id}, 'preparation', ${ctx.now()})`
  return toSession(ctx, await sessionFacts(ctx, session.id))
}

type DueBooking = { id: string; instrumentId: string; startsAt: Date; endsAt: Date }

/**
 * The named booking, or the one whose window contains now; without any, the nearest says why not
 * yet.
 */
async function dueBooking(
  ctx: Ctx,
  actor: Member,
  input: InputOf<typeof sessionEndpoints.checkIn>,
): Promise<DueBooking> {
  const [instrument] = await ctx.sql<{ id: string }[]>`
    select id from instruments where short_code = ${input.code}`
  const { id: instrumentId } = found(instrument, 'catalogue.code_unknown')
  const mine =
    actor.role === 'technician'
      ? ctx.sql`b.institution_id = ${actor.organisationId} and exists (
          select 1 from instrument_technicians x
          where x.instrument_id = b.instrument_id and x.user_id = ${actor.userId})`
      : ctx.sql`b.enterprise_id = ${actor.organisationId} and b.service_mode = 'self-operated'`
  const now = ctx.now()
  const [booking] = await ctx.sql<DueBooking[]>`
    select b.id, b.instrument_id, b.starts_at, b.ends_at from bookings b
    where b.instrument_id = ${instrumentId} and ${mine}
      and ${
        input.bookingId === undefined
          ? ctx.sql`b.state = 'confirmed' and b.ends_at > ${now}`
          : ctx.sql`b.id = ${input.bookingId}`
      }
    order by b.ends_at <= ${now}, b.starts_at > ${addMinutes(now, CHECK_IN_EARLY_MINUTES)},
      b.starts_at
    limit 1`
  return found(booking, 'session.nothing_to_start')
}
