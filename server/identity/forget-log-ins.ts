import type { Ctx } from '../kernel/ctx.ts'

const DAY_MS = 24 * 3_600_000
/** 网络安全法 21: records of who was logged in are kept for more than six months. */
const LOG_INS_DAYS = 200

/** Forgets codes after a day, because the limits count that far, and log-ins after 200. */
export async function forgetLogIns(ctx: Ctx): Promise<void> {
  const now = ctx.now().getTime()
  await ctx.sql`delete from log_in_codes where created_at < ${new Date(now - DAY_MS)}`
  const old = new Date(now - LOG_INS_DAYS * DAY_MS)
  await ctx.sql`delete from log_ins where greatest(expires_at, revoked_at) < ${old}`
}
