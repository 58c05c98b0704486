import type { OpenWeek, Segment } from '@yiqi/shared/booking/rules.ts'
import { innerKey, instrumentIdsByKey } from '../catalogue/queries-inner-ids.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { allowImport, recordAlone, type TableImport } from '../kernel/imports.ts'
import { readTable } from '../kernel/read-table.ts'

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const numbers = [
  'slot_minutes',
  'min_minutes',
  'max_minutes',
  'lead_minutes',
  'horizon_days',
  'buffer_minutes',
] as const
const columns = [
  'institution_uscc',
  'inner_id',
  ...weekdays,
  'holiday',
  'adjusted_workday',
  ...numbers,
  'note',
] as const
type Row = Record<(typeof columns)[number], string>

const MINUTES_A_DAY = 1440

/**
 * Brings the open hours of instruments up to a file (CSV), by USCC and inner id: `08:30-12:00
 * 14:30-18:00` per weekday, empty for closed. Bookings that stand are not touched. All rows or
 * none. For jobs and platform administrators. Refuses: identity.role_missing.
 */
export async function importOpenHours(
  ctx: Ctx,
  input: { csv: Buffer; dryRun?: boolean },
): Promise<TableImport> {
  allowImport(ctx)
  const rows = readTable(input.csv, columns)
  const keys = rows.map((row) => ({ uscc: row.institution_uscc, innerId: row.inner_id }))
  const idByKey = await instrumentIdsByKey(ctx, keys)
  const hours = rows.map((row) => ({
    ...Object.fromEntries(numbers.map((name) => [name, row[name]])),
    instrument_id:
      idByKey.get(innerKey({ uscc: row.institution_uscc, innerId: row.inner_id })) ?? null,
    week: weekOf(row),
    note: row.note || null,
  }))
  const errors = rows.flatMap((row, i) =>
    wrongOf(row, i + 2, hours[i]?.instrument_id !== null, hours[i]?.week ?? null),
  )
  if (errors.length > 0 || input.dryRun) return { rowsTotal: rows.length, written: 0, errors }
  await ctx.sql`
    insert into open_hours (instrument_id, week, slot_minutes, min_minutes, max_minutes,
      lead_minutes,
      horizon_days, buffer_minutes, note)
    select instrument_id, week, slot_minutes, min_minutes, max_minutes, lead_minutes, horizon_days,
      buffer_minutes, note
    from jsonb_populate_recordset(null::open_hours, ${ctx.sql.json(hours)})
    on conflict (instrument_id) do update set
      week = excluded.week, slot_minutes = excluded.slot_minutes,
        min_minutes = excluded.min_minutes,
      max_minutes = excluded.max_minutes, lead_minutes = excluded.lead_minutes,
      horizon_days = excluded.horizon_days, buffer_minutes = excluded.buffer_minutes,
      note = excluded.note`
  await recordAlone(ctx, 'booking.open_hours_imported', rows.length)
  return { rowsTotal: rows.length, written: rows.length, errors }
}

/** Null when a day cannot be read. */
function weekOf(row: Row): OpenWeek | null {
  const days = weekdays.map((day) => segmentsOf(row[day]))
  const [holiday, adjustedWorkday] = [segmentsOf(row.holiday), segmentsOf(row.adjusted_workday)]
  const read = days.flatMap((day) => (day === null ? [] : [day]))
  if (read.length < days.length || holiday === null || adjustedWorkday === null) return null
  return { weekdays: read, holiday, adjustedWorkday }
}

/** Segments in order that do not overlap, or null. */
function segmentsOf(text: string): Segment[] | null {
  const segments: Segment[] = []
  let reached = 0
  for (const part of text.split(/\s+/).filter((each) => each !== '')) {
    const [start, end] = part.split('-').map(minuteOf)
    if (start === undefined || end === undefined || !(start >= reached && end > start)) return null
    segments.push([start, end])
    reached = end
  }
  return segments
}

function minuteOf(text: string): number {
  const parts = /^(\d{2}):([0-5]\d)$/.exec(text)
  const minute = parts ? Number(parts[1]) * 60 + Number(parts[2]) : Number.NaN
  return minute <= MINUTES_A_DAY ? minute : Number.NaN
}

function wrongOf(
  row: Row,
  number: number,
  exists: boolean,
  week: OpenWeek | null,
): TableImport['errors'] {
  const errors: TableImport['errors'] = []
  const note = (column: string, message: string) => errors.push({ row: number, column, message })
  if (!exists) note('inner_id', '没有这台仪器')
  if (week === null) note('mon', '开放时间须写成 08:30-12:00 14:30-18:00，先后有序、互不重叠')
  for (const column of numbers) {
    if (!/^\d{1,6}$/.test(row[column])) note(column, '须为非负整数')
  }
  if (Number(row.slot_minutes) < 1) note('slot_minutes', '须大于 0')
  if (Number(row.min_minutes) > Number(row.max_minutes)) note('max_minutes', '小于最短时长')
  return errors
}
