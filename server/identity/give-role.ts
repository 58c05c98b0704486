import { isStaff, type Role } from '@yiqi/shared/identity/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { ForgetsLogIns } from './end-membership.ts'

export type NewRole = {
  userId: string
  organisationId: string
  role: Role
  /** Null for who registered the organisation. */
  grantedBy: string | null
  orderLimitFen?: number | null
  monthLimitFen?: number | null
}

const STAFF_DAY_MS = 24 * 3_600_000

/**
 * Writes the membership and answers its id. Log-ins of the person without a role act in it from now
 * on; with a role that serves others they end within a day. Refuses, by constraint,
 * identity.already_member, identity.administrators_apart, identity.own_proposal.
 */
export async function giveRole(ctx: Ctx, logIns: ForgetsLogIns, given: NewRole): Promise<string> {
  const { userId, organisationId, role } = given
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into memberships (user_id, organisation_id, role, order_limit_fen, month_limit_fen,
      granted_by, granted_at)
    values (${userId}, ${organisationId}, ${role}, ${given.orderLimitFen ?? null},
      ${given.monthLimitFen ?? null}, ${given.grantedBy}, ${ctx.now()})
    returning id`
  const { id } = must(row, 'the membership')
  const dayEnd = new Date(Date.now() + STAFF_DAY_MS) // log-ins live in real time
  const changed = await ctx.sql<{ id: string }[]>`
    update log_ins set membership_id = coalesce(membership_id, ${id}),
      expires_at = case when ${isStaff(role)} then least(expires_at, ${dayEnd})
        else expires_at end
    where user_id = ${userId} and revoked_at is null
    returning id`
  for (const logIn of changed) logIns.forget(logIn.id)
  return id
}
