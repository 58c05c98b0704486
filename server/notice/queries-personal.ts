import { type PersonalData, sectionLimit, sectionOf } from '../kernel/about-person.ts'
import type { Ctx } from '../kernel/ctx.ts'

/** Of one person, for the person: what they acknowledged, with the agreement it was for. */
export async function personalDataOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const rows = await ctx.sql<Record<string, unknown>[]>`
    select k.id, k.booking_id, k.stage, k.at, k.hash, n.title, n.version, a.matters
    from acknowledgements k join notices n on n.id = k.notice_id
      left join agreements a on a.booking_id = k.booking_id
    where k.user_id = ${userId} order by k.at desc limit ${sectionLimit}`
  return { acknowledgements: sectionOf('签收的告知书与协议', rows) }
}
