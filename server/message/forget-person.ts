import type { Ctx } from '../kernel/ctx.ts'

/**
 * Deletes what this module knows of an erased person; answers how many rows of each table. What
 * they wrote stays: it belongs to both sides of the booking.
 */
export async function forgetPerson(ctx: Ctx, userId: string): Promise<Record<string, number>> {
  const told = await ctx.sql`delete from inbox_entries where user_id = ${userId} returning id`
  const read = await ctx.sql`
    delete from thread_reads where user_id = ${userId} returning booking_id`
  return { inbox_entries: told.length, thread_reads: read.length }
}
