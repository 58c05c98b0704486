import { type PersonalData, sectionLimit, sectionOf } from '../kernel/about-person.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { textCell } from './queries.ts'

/** Of one person, for the person: what they wrote, what they were told, and what they have read. */
export async function personalDataOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const written = await ctx.sql<{ id: string; text: string }[]>`
    select id, booking_id, at, text from messages
    where author_id = ${userId} order by id desc limit ${sectionLimit}`
  const texts = await Promise.all(
    written.map(async (row) => ({
      ...row,
      text: await ctx.vault.unseal(ctx.sql, textCell(row.id), row.text),
    })),
  )
  const told = await ctx.sql<Record<string, unknown>[]>`
    select x.id, x.at, x.read, v.name as event, v.subject_id, v.booking_id
    from inbox_entries x join events v on v.id = x.event_id
    where x.user_id = ${userId} order by x.at desc limit ${sectionLimit}`
  const read = await ctx.sql<Record<string, unknown>[]>`
    select booking_id, read_at from thread_reads
    where user_id = ${userId} order by read_at desc limit ${sectionLimit}`
  return {
    messages: sectionOf('写的消息', texts),
    inbox: sectionOf('收到的提醒', told),
    threadReads: sectionOf('对话已读记录', read),
  }
}
