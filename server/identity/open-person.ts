import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { erasureDue } from './retention.ts'

/** Digits of the number that stand in the name of a person who has not given one. */
const TAIL = 4

/**
 * The person of a phone number, made where there is none; with their first role, or null. A closed
 * account is theirs for two weeks and opened by `reopenAccount`; after that the number begins anew.
 */
export async function personOfPhone(
  ctx: Ctx,
  phone: string,
): Promise<{ userId: string; membershipId: string | null }> {
  const index = ctx.vault.indexOf('users.phone', phone)
  await ctx.sql`select pg_advisory_xact_lock(hashtextextended(${index}, 12))`
  // Due to be erased: the number goes now, the rest with the job.
  await ctx.sql`
    update users set phone = null, phone_index = null
    where phone_index = ${index} and closed_at <= ${erasureDue(ctx.now())}`
  const [known] = await ctx.sql<{ userId: string; membershipId: string | null }[]>`
    select u.id as user_id,
      (select m.id from memberships m where m.user_id = u.id order by m.id limit 1) as membership_id
    from users u where u.phone_index = ${index}`
  if (known) return known
  const [fresh] = await ctx.sql<{ id: string }[]>`select new_id() as id`
  const { id } = must(fresh, 'an id')
  const sealed = await ctx.vault.seal(ctx.sql, { column: 'users.phone', rowId: id }, phone)
  await ctx.sql`
    insert into users (id, name, phone, phone_index, created_at)
    values (${id}, ${`用户${phone.slice(-TAIL)}`}, ${sealed}, ${index}, ${ctx.now()})`
  return { userId: id, membershipId: null }
}
