import { timingSafeEqual } from 'node:crypto'
import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Ctx, found, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { Attempts } from './attempts.ts'
import { describeLogIn } from './queries.ts'
import type { Tokens } from './tokens.ts'

const ATTEMPTS_MAX = 5

/**
 * Logs in with phone and one-time code, in the person's first membership. A code works once, within
 * five minutes and five tries; whichever of these fails, and for an unknown number, the answer is
 * the same. Refuses: identity.code_wrong, identity.no_such_membership.
 */
export async function logIn(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.logIn>,
  { tokens, attempts }: { tokens: Tokens; attempts: Attempts },
): Promise<OutputOf<typeof identityEndpoints.logIn>> {
  const [kept] = await ctx.sql<{ id: string; codeHash: string }[]>`
    select id, code_hash from log_in_codes
    where phone = ${input.phone} and expires_at > ${ctx.now()}
    order by created_at desc limit 1`
  const code = found(kept, 'identity.code_wrong')
  if (attempts.next(code.id) > ATTEMPTS_MAX) refuse('identity.code_wrong')
  if (!same(code.codeHash, tokens.seal(`${input.phone} ${input.code}`))) {
    refuse('identity.code_wrong')
  }
  const used = await ctx.sql`delete from log_in_codes where id = ${code.id} returning id`
  if (used.length === 0) refuse('identity.code_wrong')
  const [user] = await ctx.sql<{ id: string }[]>`select id from users where phone = ${input.phone}`
  const userId = found(user, 'identity.code_wrong').id
  const [first] = await ctx.sql<{ id: string }[]>`
    select id from memberships where user_id = ${userId} order by id limit 1`
  const owner = { userId, membershipId: found(first, 'identity.no_such_membership').id }
  await record(ctx, 'identity.logged_in', { subjectId: userId })
  return describeLogIn(ctx, owner, await tokens.issue(owner))
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
