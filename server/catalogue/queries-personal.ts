import type { Ctx } from '../kernel/ctx.ts'
import { type PersonalData, sectionLimit, sectionOf } from '../kernel/personal-data.ts'

/** Of one person, for the person: the instruments they tend. */
export async function personalDataOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const rows = await ctx.sql<Record<string, unknown>[]>`
    select i.id as instrument_id, i.name, i.model, i.number
    from instrument_technicians t join instruments i on i.id = t.instrument_id
    where t.user_id = ${userId} order by i.number limit ${sectionLimit}`
  return { instruments: sectionOf('负责的仪器', rows) }
}
