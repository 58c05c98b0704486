import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { LogIns } from './log-ins.ts'

/** Ends the log-in that asks; one that has ended already is as good. */
export async function logOut(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.logOut>,
  { logIns }: { logIns: LogIns },
): Promise<OutputOf<typeof identityEndpoints.logOut>> {
  const { logInId, userId } = allowPerson(ctx)
  if (logInId === null) return {}
  await ctx.sql`
    update log_ins set revoked_at = ${new Date(Date.now())}, revoked_reason = 'logged_out'
    where id = ${logInId} and revoked_at is null`
  logIns.forget(logInId)
  await record(ctx, 'identity.logged_out', { subjectId: userId })
  return {}
}
