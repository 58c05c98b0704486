import type { Ctx } from '../kernel/ctx.ts'
import { retention } from './retention.ts'

/** Forgets codes after a day, because the limits count that far, and log-ins after 200. */
export async function forgetLogIns(ctx: Ctx): Promise<void> {
  const now = ctx.now().getTime()
  await ctx.sql`delete from log_in_codes where created_at < ${new Date(now - retention.codesMs)}`
  const old = new Date(now - retention.logInsMs)
  await ctx.sql`delete from log_ins where greatest(expires_at, revoked_at) < ${old}`
}
