import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Delegation } from '@yiqi/shared/identity/endpoints-members.ts'
import { mayDelegate } from '@yiqi/shared/identity/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, found, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { departmentKindOf } from './grant-delegation.ts'
import { readDelegation } from './queries-delegations.ts'

/**
 * Takes a duty back; within five seconds the other body's people can no longer act in it. Refuses
 * identity.role_missing to other offices, identity.no_such_delegation, identity.already_decided.
 */
export async function revokeDelegation(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.revokeDelegation>,
): Promise<Delegation> {
  const { organisationId, userId } = allow(ctx, 'identity.revokeDelegation')
  if (!mayDelegate(await departmentKindOf(ctx, organisationId))) refuse('identity.role_missing')
  const [known] = await ctx.sql`select from delegations where id = ${input.id}`
  found(known, 'identity.no_such_delegation')
  const [revoked] = await ctx.sql`
    update delegations set revoked_at = ${ctx.now()}, revoked_by = ${userId}
    where id = ${input.id} and revoked_at is null returning id`
  found(revoked, 'identity.already_decided')
  await record(ctx, 'identity.delegation_revoked', { subjectId: input.id })
  return readDelegation(ctx, input.id)
}
