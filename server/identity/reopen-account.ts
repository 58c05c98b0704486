import { type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { erasureDue } from './retention.ts'

/**
 * For who has just proved to be the person: a closed account is open again, without the roles it
 * had. An open one stays as it is. Refuses identity.no_such_person when its data are due to go.
 */
export async function reopenAccount(ctx: Ctx, userId: string): Promise<void> {
  const opened = await ctx.sql`
    update users set closed_at = null
    where id = ${userId} and closed_at > ${erasureDue(ctx.now())} and erased_at is null
    returning id`
  if (opened.length > 0) {
    await record(ctx, 'identity.account_reopened', { subjectId: userId })
    return
  }
  const [open] = await ctx.sql`select from users where id = ${userId} and closed_at is null`
  if (open === undefined) refuse('identity.no_such_person')
}
