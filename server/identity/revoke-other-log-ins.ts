import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { LogIns } from './log-ins.ts'

/** Ends every log-in of the person but the one that asks. */
export async function revokeOtherLogIns(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.revokeOtherLogIns>,
  { logIns }: { logIns: LogIns },
): Promise<OutputOf<typeof identityEndpoints.revokeOtherLogIns>> {
  const { userId, logInId } = allowPerson(ctx)
  const ended = await ctx.sql<{ id: string }[]>`
    update log_ins set revoked_at = ${new Date(Date.now())}, revoked_reason = 'revoked'
    where user_id = ${userId} and id is distinct from ${logInId} and revoked_at is null
    returning id`
  for (const { id } of ended) logIns.forget(id)
  await record(ctx, 'identity.log_ins_revoked', {
    subjectId: userId,
    detail: { count: ended.length },
  })
  return { revoked: ended.length }
}
