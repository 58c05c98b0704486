import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Member } from '@yiqi/shared/identity/endpoints-members.ts'
import { type GrantFacts, whyNotGrant } from '@yiqi/shared/identity/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { Refusal, refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { ForgetsLogIns } from './end-membership.ts'
import { giveRole } from './give-role.ts'
import { personOfPhone } from './open-person.ts'
import { readMember } from './queries-members.ts'

type GrantInput = InputOf<typeof identityEndpoints.grantRole>

/**
 * 授权: the security administrator grants a role that serves others, to a person by number or id. A
 * number nobody has used yet waits for its owner to log in. Refuses identity.no_such_organisation,
 * identity.no_such_person, identity.own_proposal, identity.role_not_here, identity.already_member,
 * identity.administrators_apart.
 */
export async function grantRole(
  ctx: Ctx,
  input: GrantInput,
  { logIns }: { logIns: ForgetsLogIns },
): Promise<Member> {
  const by = allow(ctx, 'identity.grantRole')
  const [organisation] = await ctx.sql<GrantFacts[]>`
    select kind, department_kind from organisations
    where id = ${input.organisationId} and verification = 'verified'`
  const facts = found(organisation, 'identity.no_such_organisation')
  const userId = await personFor(ctx, input)
  const { role, organisationId } = input
  refuseIf(whyNotGrant(role, { ...facts, userId }, by))
  const id = await giveRole(ctx, logIns, { userId, organisationId, role, grantedBy: by.userId })
  await record(ctx, 'identity.role_granted', { subjectId: id, detail: { role } })
  return readMember(ctx, id)
}

async function personFor(ctx: Ctx, { phone, userId }: GrantInput): Promise<string> {
  if (userId !== undefined) {
    const [user] = await ctx.sql<{ id: string }[]>`
      select id from users where id = ${userId} and closed_at is null`
    return found(user, 'identity.no_such_person').id
  }
  if (phone === undefined)
    throw new Refusal('invalid_input', [{ path: 'phone', message: '请填写手机号' }])
  return (await personOfPhone(ctx, phone)).userId
}
