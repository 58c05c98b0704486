import { keptRoles } from '@yiqi/shared/identity/rules.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { type Ctx, found, refuse } from '../kernel/ctx.ts'
import type { LogIns } from './log-ins.ts'

/** What roles need of the memory of log-ins: that it forgets. */
export type ForgetsLogIns = Pick<LogIns, 'forget'>

export type SeatRow = { id: string; userId: string; organisationId: string; role: Role }

/**
 * The membership, locked together with its organisation: two administrators who remove each other
 * come one after the other. Refuses identity.no_such_membership.
 */
export async function lockMembership(ctx: Ctx, id: string): Promise<SeatRow> {
  const [row] = await ctx.sql<SeatRow[]>`
    select m.id, m.user_id, m.organisation_id, m.role
    from memberships m join organisations o on o.id = m.organisation_id
    where m.id = ${id} for no key update of o, m`
  return found(row, 'identity.no_such_membership')
}

/**
 * Ends a locked membership: its log-ins go on in another role of the person or in none, at once,
 * and what the person invited to the organisation is taken back. Refuses
 * identity.last_administrator.
 */
export async function endMembership(ctx: Ctx, logIns: ForgetsLogIns, seat: SeatRow): Promise<void> {
  if (keptRoles.includes(seat.role) && (await isLast(ctx, seat)))
    refuse('identity.last_administrator')
  await removeMembership(ctx, logIns, seat)
}

/** The same, without asking who is left: for who asked before. */
export async function removeMembership(
  ctx: Ctx,
  logIns: ForgetsLogIns,
  seat: SeatRow,
): Promise<void> {
  await ctx.sql`
    update invitations set revoked_at = ${ctx.now()}
    where organisation_id = ${seat.organisationId} and invited_by = ${seat.userId}
      and accepted_at is null and revoked_at is null`
  await ctx.sql`
    update log_ins set membership_id = (select m.id from memberships m
      where m.user_id = ${seat.userId} and m.id <> ${seat.id} order by m.id limit 1)
    where membership_id = ${seat.id}`
  await ctx.sql`delete from memberships where id = ${seat.id}`
  const touched = await ctx.sql<{ id: string }[]>`
    select id from log_ins where user_id = ${seat.userId} and revoked_at is null`
  for (const { id } of touched) logIns.forget(id)
}

async function isLast(ctx: Ctx, seat: SeatRow): Promise<boolean> {
  const [other] = await ctx.sql`
    select from memberships where organisation_id = ${seat.organisationId}
      and role = ${seat.role} and id <> ${seat.id} limit 1`
  return other === undefined
}
