import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import type { Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { minutesOf, whyNotHandOver, whyNotMinutes } from '@yiqi/shared/session/rules.ts'
import { moveBooking } from '../booking/move-booking.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { acknowledge } from '../notice/acknowledge.ts'
import { isTechnician, lockSession, sessionFacts, toSession } from './queries.ts'

/**
 * 服务完成: the technician ends the session with minutes (as measured unless given), consumables
 * and hand-over, and acknowledges the notice again (R27, R29). Refuses `session.no_such_session`,
 * `session.wrong_state`, `session.minutes_impossible`, `session.hand_over_missing`,
 * `notice.not_acknowledged`, `notice.version_outdated`.
 */
export async function finishSession(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.finishSession>,
): Promise<Session> {
  allow(ctx, 'session.finishSession')
  const facts = await lockSession(ctx, input.id)
  if (!isTechnician(ctx, facts)) refuse('session.no_such_session')
  if (facts.state !== 'running') refuse('session.wrong_state')
  const now = ctx.now()
  const minutes = input.minutes ?? minutesOf(facts.segments, now)
  refuseIf(whyNotMinutes(minutes, { startsAt: facts.startsAt, endsAt: now }))
  refuseIf(whyNotHandOver(input.handOver, input.samples))
  await acknowledge(ctx, { bookingId: facts.bookingId, stage: 'finish', noticeId: input.noticeId })
  await ctx.sql`
    update sessions set state = 'finished', ends_at = ${now}, finished_at = ${now},
      preparation_minutes = ${minutes.preparation}, testing_minutes = ${minutes.testing},
      post_processing_minutes = ${minutes.post_processing}, samples = ${input.samples},
      consumables = ${ctx.sql.json(input.consumables)}, note = ${input.note || null},
      handed_over_to = ${input.handOver.to}, pc_cleared = ${input.handOver.pcCleared},
      samples_returned = ${input.handOver.samplesReturned},
        data_hash = ${input.handOver.dataHash ?? null}
    where id = ${facts.id} and state = 'running'`
  await moveBooking(ctx, { id: facts.bookingId, action: 'finish', event: 'session.finished' })
  return toSession(ctx, await sessionFacts(ctx, facts.id))
}
