import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { segments } from '@yiqi/shared/session/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { lockSession, mayRun, sessionFacts, toSession } from './queries.ts'

/**
 * Ends the current segment and starts the one asked for; a segment may be skipped, never gone back
 * to. Asked again for the segment that runs already, it answers the session as it is. Refuses
 * `session.no_such_session`, `session.wrong_state`.
 */
export async function advanceSession(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.advanceSession>,
): Promise<Session> {
  allow(ctx, 'session.advanceSession')
  const facts = await lockSession(ctx, input.id)
  if (!mayRun(ctx, facts)) refuse('session.no_such_session')
  const current = facts.segments.at(-1)?.segment
  if (facts.state !== 'running' || current === undefined) refuse('session.wrong_state')
  if (current === input.segment) return toSession(ctx, facts)
  if (segments.indexOf(input.segment) < segments.indexOf(current)) refuse('session.wrong_state')
  await ctx.sql`
    insert into session_segments (session_id, segment, starts_at)
    values (${facts.id}, ${input.segment}, ${ctx.now()})`
  await record(ctx, 'session.advanced', {
    subjectId: facts.id,
    bookingId: facts.bookingId,
    detail: { segment: input.segment },
  })
  return toSession(ctx, await sessionFacts(ctx, facts.id))
}
