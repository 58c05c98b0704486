import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, found, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { ForgetsLogIns } from './end-membership.ts'
import { giveRole } from './give-role.ts'
import { hashOfCode } from './queries-invitations.ts'
import { getMembership } from './queries-members.ts'

type TakenRow = {
  id: string
  organisationId: string
  role: Role
  invitedBy: string
  orderLimitFen: number | null
  monthLimitFen: number | null
}

/**
 * Takes the role that a link offers. Of two who accept at once one does. Refuses
 * identity.no_such_invitation, identity.own_invitation, identity.invitation_over,
 * identity.already_member.
 */
export async function acceptInvitation(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.acceptInvitation>,
  { logIns }: { logIns: ForgetsLogIns },
): Promise<Membership> {
  const { userId } = allowPerson(ctx)
  const hash = hashOfCode(input.code)
  const [known] = await ctx.sql<{ invitedBy: string }[]>`
    select invited_by from invitations where code_hash = ${hash}`
  if (found(known, 'identity.no_such_invitation').invitedBy === userId)
    refuse('identity.own_invitation')
  const [row] = await ctx.sql<TakenRow[]>`
    update invitations set accepted_by = ${userId}, accepted_at = ${ctx.now()}
    where code_hash = ${hash} and accepted_at is null and revoked_at is null
      and expires_at > ${ctx.now()}
    returning id, organisation_id, role, invited_by, order_limit_fen, month_limit_fen`
  const { id: invitationId, invitedBy, ...offer } = found(row, 'identity.invitation_over')
  const id = await giveRole(ctx, logIns, { ...offer, userId, grantedBy: invitedBy })
  await record(ctx, 'identity.invitation_accepted', { subjectId: invitationId })
  return getMembership(ctx, id)
}
