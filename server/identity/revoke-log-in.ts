import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { LogIns } from './log-ins.ts'

/**
 * Ends one of the person's log-ins; its tokens stop working within five seconds everywhere. Refuses:
 * identity.no_such_log_in, also for another person's.
 */
export async function revokeLogIn(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.revokeLogIn>,
  { logIns }: { logIns: LogIns },
): Promise<OutputOf<typeof identityEndpoints.revokeLogIn>> {
  const { userId } = allowPerson(ctx)
  const [ended] = await ctx.sql<{ id: string }[]>`
    update log_ins set revoked_at = ${new Date(Date.now())}, revoked_reason = 'revoked'
    where id = ${input.id} and user_id = ${userId} and revoked_at is null returning id`
  const { id } = found(ended, 'identity.no_such_log_in')
  logIns.forget(id)
  await record(ctx, 'identity.log_in_revoked', { subjectId: id })
  return { id }
}
