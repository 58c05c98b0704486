import { dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Ctx } from '../kernel/ctx.ts'

/**
 * Takes an erased person off the instruments and off the shifts to come; answers how many rows of
 * each table. Shifts that were stay, they say who was responsible.
 */
export async function forgetPerson(ctx: Ctx, userId: string): Promise<Record<string, number>> {
  const tended = await ctx.sql`
    delete from instrument_technicians where user_id = ${userId} returning instrument_id`
  const shifts = await ctx.sql`
    delete from duty_shifts where user_id = ${userId} and on_date >= ${dateOf(ctx.now())}
    returning id`
  return { instrument_technicians: tended.length, duty_shifts: shifts.length }
}
