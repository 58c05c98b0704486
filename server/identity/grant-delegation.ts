import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Delegation } from '@yiqi/shared/identity/endpoints-members.ts'
import { mayDelegate } from '@yiqi/shared/identity/rules.ts'
import type { DepartmentKind } from '@yiqi/shared/identity/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { readDelegation } from './queries-delegations.ts'

/**
 * 委托: the department's office leaves a duty to the operating service centre, whose people may then
 * act in it. Refuses identity.role_missing to other offices, identity.not_a_service_centre,
 * identity.dates_reversed, identity.delegation_exists.
 */
export async function grantDelegation(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.grantDelegation>,
): Promise<Delegation> {
  const { organisationId, userId } = allow(ctx, 'identity.grantDelegation')
  const { duty, toId, validFrom, validTo } = input
  if (!mayDelegate(await departmentKindOf(ctx, organisationId))) refuse('identity.role_missing')
  if ((await departmentKindOf(ctx, toId)) !== 'service-centre')
    refuse('identity.not_a_service_centre')
  if (validTo !== null && validTo < validFrom) refuse('identity.dates_reversed')
  await ctx.sql`
    update delegations set revoked_at = ${ctx.now()}, revoked_by = ${userId}
    where duty = ${duty} and to_id = ${toId} and revoked_at is null
      and valid_to < ${dateOf(ctx.now())}`
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into delegations (duty, from_id, to_id, document, valid_from, valid_to, granted_by,
      granted_at)
    values (${duty}, ${organisationId}, ${toId}, ${input.document}, ${validFrom}, ${validTo},
      ${userId}, ${ctx.now()})
    returning id`
  const { id } = must(row, 'the delegation')
  await record(ctx, 'identity.delegation_granted', { subjectId: id, detail: { duty } })
  return readDelegation(ctx, id)
}

/** Null also where there is no such organisation. */
export async function departmentKindOf(ctx: Ctx, id: string): Promise<DepartmentKind | null> {
  const [row] = await ctx.sql<{ departmentKind: DepartmentKind | null }[]>`
    select department_kind from organisations where id = ${id} and verification = 'verified'`
  return row?.departmentKind ?? null
}
