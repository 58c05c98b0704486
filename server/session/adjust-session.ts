import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import type { Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { whyNotMinutes } from '@yiqi/shared/session/rules.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { isTechnician, lockSession, sessionFacts, toSession } from './queries.ts'

/**
 * The technician corrects the minutes after a dispute; the enterprise is asked again, and the time
 * in which silence counts as agreement starts anew. Refuses `session.no_such_session`,
 * `session.wrong_state`, `session.minutes_impossible`.
 */
export async function adjustSession(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.adjustSession>,
): Promise<Session> {
  allow(ctx, 'session.adjustSession')
  const facts = await lockSession(ctx, input.id)
  if (!isTechnician(ctx, facts)) refuse('session.no_such_session')
  if (facts.state !== 'disputed') refuse('session.wrong_state')
  const endsAt = must(facts.endsAt, 'the end of a disputed session')
  refuseIf(whyNotMinutes(input.minutes, { startsAt: facts.startsAt, endsAt }))
  await ctx.sql`
    update sessions set state = 'finished', finished_at = ${ctx.now()}, note = ${input.note},
      preparation_minutes = ${input.minutes.preparation},
        testing_minutes = ${input.minutes.testing},
      post_processing_minutes = ${input.minutes.post_processing}
    where id = ${facts.id} and state = 'disputed'`
  await record(ctx, 'session.adjusted', { subjectId: facts.id, bookingId: facts.bookingId })
  return toSession(ctx, await sessionFacts(ctx, facts.id))
}
