import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { keptRoles } from '@yiqi/shared/identity/rules.ts'
import {
  CLOSING_WORDS,
  ERASED_WITHIN_DAYS,
  erasedAfterClosing,
  keptAfterClosing,
} from '@yiqi/shared/identity/terms-privacy.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { DAY_MS } from '@yiqi/shared/kernel/time.ts'
import { allowPerson, type Ctx, iso, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { demoRoles } from './demo-people.ts'
import {
  type ForgetsLogIns,
  lockMembership,
  removeMembership,
  type SeatRow,
} from './end-membership.ts'
import { retention } from './retention.ts'

type Ports = {
  logIns: ForgetsLogIns
  /** Numbers of what the person has begun and nobody could end for them. */
  openBusiness: (ctx: Ctx, userId: string) => Promise<string[]>
}

/**
 * 注销账号: ends every role and every log-in at once; two weeks later `eraseClosedAccounts` takes the
 * personal data (个人信息保护法 47; 网络数据安全管理条例 24). Until then logging in opens the account
 * again, without its roles. What was booked and paid stays. Refuses identity.closing_unconfirmed,
 * identity.demo_person_stays, identity.open_business with the numbers, and
 * identity.last_administrator with the organisations that others still belong to.
 */
export async function closeAccount(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.closeAccount>,
  { logIns, openBusiness }: Ports,
): Promise<OutputOf<typeof identityEndpoints.closeAccount>> {
  const { userId } = allowPerson(ctx)
  if (input.confirmation !== CLOSING_WORDS) refuse('identity.closing_unconfirmed')
  await lockPerson(ctx, userId)
  refuseNaming('identity.open_business', 'bookings', await openBusiness(ctx, userId))
  const seats = await lockSeats(ctx, userId)
  refuseNaming('identity.last_administrator', 'memberships', await leftAlone(ctx, seats))
  for (const seat of seats) await removeMembership(ctx, logIns, seat)
  await endLogIns(ctx, logIns, userId)
  const now = ctx.now()
  await ctx.sql`update users set closed_at = ${now} where id = ${userId}`
  await record(ctx, 'identity.account_closed', {
    subjectId: userId,
    detail: { reason: input.reason ?? '', memberships: seats.length },
  })
  const after = (ms: number) => iso(new Date(now.getTime() + ms))
  return {
    id: userId,
    closedAt: iso(now),
    reopenUntil: after(retention.reopenMs),
    erasedBy: after(ERASED_WITHIN_DAYS * DAY_MS),
    kept: [...keptAfterClosing],
    erased: [...erasedAfterClosing],
  }
}

/** Whoever books for this person meanwhile is waited for, and seen. */
async function lockPerson(ctx: Ctx, userId: string): Promise<void> {
  const [person] = await ctx.sql<{ personId: string | null }[]>`
    select person_id from users where id = ${userId} and closed_at is null for update`
  if (person === undefined) refuse('identity.not_logged_in')
  if (ctx.demo && demoRoles.some((each) => each.personId === person.personId))
    refuse('identity.demo_person_stays')
}

/** In the order of the organisations, so that two who close at once do not lock crosswise. */
async function lockSeats(ctx: Ctx, userId: string): Promise<SeatRow[]> {
  const rows = await ctx.sql<{ id: string }[]>`
    select id from memberships where user_id = ${userId} order by organisation_id, id`
  const seats: SeatRow[] = []
  for (const { id } of rows) seats.push(await lockMembership(ctx, id))
  return seats
}

/** The organisations with other people in them that would be without an administrator. */
async function leftAlone(ctx: Ctx, seats: readonly SeatRow[]): Promise<string[]> {
  const kept = seats.filter((seat) => keptRoles.includes(seat.role))
  const rows = await ctx.sql<{ name: string }[]>`
    select distinct o.name from memberships m join organisations o on o.id = m.organisation_id
    where m.id = any (${kept.map((seat) => seat.id)}::uuid[])
      and exists (select from memberships x
        where x.organisation_id = o.id and x.user_id <> m.user_id)
      and not exists (select from memberships x
        where x.organisation_id = o.id and x.role = m.role and x.user_id <> m.user_id)
    order by o.name`
  return rows.map((row) => row.name)
}

function refuseNaming(
  code: 'identity.open_business' | 'identity.last_administrator',
  path: string,
  names: readonly string[],
): void {
  if (names.length === 0) return
  throw new Refusal(
    code,
    names.map((message) => ({ path, message })),
  )
}

async function endLogIns(ctx: Ctx, logIns: ForgetsLogIns, userId: string): Promise<void> {
  const ended = await ctx.sql<{ id: string }[]>`
    update log_ins set revoked_at = ${new Date(Date.now())}, revoked_reason = 'closed'
    where user_id = ${userId} and revoked_at is null returning id`
  for (const { id } of ended) logIns.forget(id)
}
