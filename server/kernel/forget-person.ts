import type { Ctx } from './ctx.ts'

/**
 * Deletes kept answers and links of an erased person, and lets the job of files destroy those they
 * brought for themselves; answers how many rows of each table. Files of an organisation stay its
 * own.
 */
export async function forgetPerson(ctx: Ctx, userId: string): Promise<Record<string, number>> {
  const answers = await ctx.sql`
    delete from idempotency_keys where actor_id = ${userId} returning key`
  const links = await ctx.sql`delete from file_links where user_id = ${userId} returning file_id`
  const files = await ctx.sql`
    update files set delete_on = ${ctx.now()}
    where owner_id = ${userId} and organisation_id is null and deleted_at is null returning id`
  return { idempotency_keys: answers.length, file_links: links.length, files: files.length }
}
