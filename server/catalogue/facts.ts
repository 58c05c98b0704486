import type { DateText } from '@yiqi/shared/kernel/time.ts'
import type { Calendar, DayKind } from '@yiqi/shared/kernel/working-days.ts'
import { type Ctx, found } from '../kernel/ctx.ts'

// What the modules to the right ask of the catalogue.

export type InstrumentFacts = {
  id: string
  number: string
  shortCode: string
  name: string
  englishName: string | null
  model: string | null
  kind: string | null
  classCode: string
  customsSupervised: boolean
  institutionId: string
  institutionName: string
}

/** One instrument. Refuses `catalogue.no_such_instrument`. */
export async function getInstrumentFacts(ctx: Ctx, id: string): Promise<InstrumentFacts> {
  const [row] = await ctx.sql<InstrumentFacts[]>`
    select i.id, i.number, i.short_code, i.name, i.english_name, i.model, i.kind, i.class_code,
      i.customs_supervised, i.institution_id, o.name as institution_name
    from instruments i join organisations o on o.id = i.institution_id where i.id = ${id}`
  return found(row, 'catalogue.no_such_instrument')
}

export type Technician = { id: string; name: string; title: string | null }

/** The technicians of an instrument, by name. */
export async function techniciansOf(ctx: Ctx, instrumentId: string): Promise<Technician[]> {
  return ctx.sql<Technician[]>`
    select u.id, u.name, u.title from instrument_technicians t join users u on u.id = t.user_id
    where t.instrument_id = ${instrumentId} order by u.name, u.id`
}

/** The instruments in a technician's care. */
export async function instrumentsOf(ctx: Ctx, userId: string): Promise<string[]> {
  const rows = await ctx.sql<{ instrumentId: string }[]>`
    select instrument_id from instrument_technicians where user_id = ${userId}`
  return rows.map((row) => row.instrumentId)
}

/** Holidays and adjusted workdays between two days, both included, and what they are called. */
export async function calendarDays(
  ctx: Ctx,
  from: DateText,
  to: DateText,
): Promise<{ days: Calendar; names: Record<DateText, string> }> {
  const rows = await ctx.sql<{ date: DateText; kind: DayKind; name: string }[]>`
    select date, kind, name from calendar_days where date between ${from} and ${to}`
  return {
    days: Object.fromEntries(rows.map((row) => [row.date, row.kind])),
    names: Object.fromEntries(rows.map((row) => [row.date, row.name])),
  }
}
