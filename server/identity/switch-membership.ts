import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Me } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, found, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { LogIns } from './log-ins.ts'
import { readMe } from './queries.ts'

/**
 * Goes on in another role of the same person, in this log-in. Another person's membership does not
 * exist. Refuses: identity.no_such_membership.
 */
export async function switchMembership(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.switchMembership>,
  { logIns }: { logIns: LogIns },
): Promise<Me> {
  const { userId, logInId } = allowPerson(ctx)
  if (logInId === null) refuse('identity.not_logged_in')
  const [row] = await ctx.sql<{ id: string }[]>`
    select id from memberships where id = ${input.membershipId} and user_id = ${userId}`
  const { id } = found(row, 'identity.no_such_membership')
  await ctx.sql`update log_ins set membership_id = ${id} where id = ${logInId}`
  logIns.forget(logInId)
  await record(ctx, 'identity.membership_switched', { subjectId: id })
  return readMe({ ...ctx, actor: { kind: 'visitor' } }, { userId, logInId })
}
