import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowMember, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { describeLogIn } from './queries.ts'
import type { Tokens } from './tokens.ts'

/**
 * Goes on in another role of the same person: a new token for that membership. Another person's
 * membership does not exist. Refuses: identity.no_such_membership.
 */
export async function switchMembership(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.switchMembership>,
  { tokens }: { tokens: Tokens },
): Promise<OutputOf<typeof identityEndpoints.switchMembership>> {
  const { userId } = allowMember(ctx)
  const [row] = await ctx.sql<{ id: string }[]>`
    select id from memberships where id = ${input.membershipId} and user_id = ${userId}`
  const owner = { userId, membershipId: found(row, 'identity.no_such_membership').id }
  await record(ctx, 'identity.membership_switched', { subjectId: owner.membershipId })
  return describeLogIn(ctx, owner, await tokens.issue(owner))
}
