import { type PersonalData, sectionLimit, sectionOf } from '../kernel/about-person.ts'
import type { Ctx } from '../kernel/ctx.ts'

/** Of one person, for the person: the instruments they tend, and when. */
export async function personalDataOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const rows = await ctx.sql<Record<string, unknown>[]>`
    select t.instrument_id, i.name, i.model, i.number, t.position, t.licence_number,
      t.licensed_on, t.licence_expires_on
    from instrument_technicians t join instruments i on i.id = t.instrument_id
    where t.user_id = ${userId} order by i.number limit ${sectionLimit}`
  const shifts = await ctx.sql<Record<string, unknown>[]>`
    select s.id, i.name as instrument_name, s.on_date, s.starts_minute, s.ends_minute,
      s.substitute_for = ${userId} as by_a_substitute
    from duty_shifts s join instruments i on i.id = s.instrument_id
    where s.user_id = ${userId} or s.substitute_for = ${userId}
    order by s.on_date desc limit ${sectionLimit}`
  return {
    instruments: sectionOf('负责的仪器', rows),
    dutyShifts: sectionOf('值班', shifts),
  }
}
