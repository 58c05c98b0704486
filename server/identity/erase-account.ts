import { PSEUDONYM } from '@yiqi/shared/identity/terms-privacy.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'

/** How many rows of which table were changed or deleted. */
export type Erased = Record<string, number>

/** Does the same for the tables of the other modules. */
export type ForgetsPerson = (ctx: Ctx, userId: string) => Promise<Erased>

/**
 * Takes everything personal of one account: the name becomes the pseudonym, and what says who the
 * person was, how they logged in and what they were told is gone. What they booked, wrote and
 * decided keeps its number of the person. Done again, it finds nothing. Keeps the erasure in the
 * list that a restored back-up is brought to. For jobs: row-level security lets nobody else.
 */
export async function eraseAccount(
  ctx: Ctx,
  userId: string,
  forgetsPerson: ForgetsPerson,
): Promise<Erased> {
  const erased: Erased = { users: await pseudonymise(ctx, userId) }
  for (const table of ownTables) {
    const gone = await ctx.sql`
      delete from ${ctx.sql(table)} where user_id = ${userId} returning user_id`
    erased[table] = gone.length
  }
  const realNow = new Date(Date.now()) // log-ins live in real time
  const logIns = await ctx.sql`
    update log_ins set device = '', membership_id = null,
      revoked_at = coalesce(revoked_at, ${realNow}),
      revoked_reason = coalesce(revoked_reason, 'closed')
    where user_id = ${userId} and (device <> '' or revoked_at is null) returning id`
  const staff = await ctx.sql`
    update staff_records set title = null where user_id = ${userId} and title is not null
    returning id`
  Object.assign(erased, { log_ins: logIns.length, staff_records: staff.length })
  Object.assign(erased, await forgetsPerson(ctx, userId))
  await ctx.sql`
    insert into erasures (user_id, erased_at, done) values (${userId}, ${ctx.now()},
      ${ctx.sql.json(erased)})
    on conflict (user_id) do update set done = excluded.done`
  return erased
}

/** What only tells of the person: nobody else's business needs it. */
const ownTables = ['wechat_bindings', 'factors', 'consents', 'experts', 'memberships'] as const

async function pseudonymise(ctx: Ctx, userId: string): Promise<number> {
  const now = ctx.now()
  await ctx.sql`
    delete from log_in_codes where phone_index =
      (select phone_index from users where id = ${userId})`
  const changed = await ctx.sql`
    update users set name = ${PSEUDONYM}, phone = null, phone_index = null, email = null,
      title = null, person_id = null, closed_at = coalesce(closed_at, ${now}), erased_at = ${now}
    where id = ${userId} and erased_at is null returning id`
  if (changed.length > 0) await record(ctx, 'identity.account_erased', { subjectId: userId })
  return changed.length
}
