import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { sessionCan } from '@yiqi/shared/session/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { isEnterprise, sessionFacts, toSession } from './queries.ts'

/**
 * The enterprise does not agree to the hours, and says why; nothing is billed until they are
 * adjusted. Refuses `session.no_such_session`, `session.wrong_state`.
 */
export async function disputeSession(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.disputeSession>,
): Promise<Session> {
  allow(ctx, 'session.disputeSession')
  const facts = await sessionFacts(ctx, input.id)
  if (!isEnterprise(ctx, facts)) refuse('session.no_such_session')
  const { states, to } = sessionCan.dispute
  const [disputed] = await ctx.sql`
    update sessions set state = ${to}, dispute_reason = ${input.reason}
    where id = ${facts.id} and state = any (${[...states]}) returning id`
  if (!disputed) refuse('session.wrong_state')
  await record(ctx, 'session.disputed', { subjectId: facts.id, bookingId: facts.bookingId })
  return toSession(ctx, await sessionFacts(ctx, facts.id))
}
