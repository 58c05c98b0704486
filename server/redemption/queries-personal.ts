import { type PersonalData, sectionLimit, sectionOf } from '../kernel/about-person.ts'
import type { Ctx } from '../kernel/ctx.ts'

/** Of one person, for the person: the claims they made. Reviews of others' are acts, in events. */
export async function personalDataOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const rows = await ctx.sql<Record<string, unknown>[]>`
    select id, number, state, amount_fen, booking_id, created_at, submitted_at, return_reason,
      return_note
    from claims where created_by = ${userId} order by created_at desc limit ${sectionLimit}`
  return { claims: sectionOf('提交的兑付申请', rows) }
}
