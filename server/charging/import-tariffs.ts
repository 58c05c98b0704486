import { tiers } from '@yiqi/shared/charging/terms.ts'
import { innerKey, instrumentIdsByKey } from '../catalogue/queries-inner-ids.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { allowImport, recordAlone, type TableImport } from '../kernel/imports.ts'
import { readTable } from '../kernel/read-table.ts'

const columns = [
  'institution_uscc',
  'inner_id',
  'tier',
  'effective_from',
  'effective_to',
  'material_fen_per_sample',
  'utilities_fen_per_hour',
  'labour_fen_per_hour',
  'minimum_minutes',
  'basis',
] as const
type Row = Record<(typeof columns)[number], string>

/**
 * Adds tariff versions from a file (CSV), by USCC and inner id. A version that is there already
 * (instrument, tier, first day) stays as it is, because bookings are priced by it. All rows or
 * none. For jobs and platform administrators. Refuses: identity.role_missing.
 */
export async function importTariffs(
  ctx: Ctx,
  input: { csv: Buffer; dryRun?: boolean },
): Promise<TableImport> {
  allowImport(ctx)
  const rows = readTable(input.csv, columns)
  const keys = rows.map((row) => ({ uscc: row.institution_uscc, innerId: row.inner_id }))
  const idByKey = await instrumentIdsByKey(ctx, keys)
  const tariffs = rows.map((row) => ({
    ...row,
    instrument_id:
      idByKey.get(innerKey({ uscc: row.institution_uscc, innerId: row.inner_id })) ?? null,
    effective_to: row.effective_to || null,
  }))
  const errors = tariffs.flatMap((row, i) => wrongOf(row, i + 2))
  if (errors.length > 0 || input.dryRun) return { rowsTotal: rows.length, written: 0, errors }
  const written = await ctx.sql`
    insert into tariffs (instrument_id, tier, effective_from, effective_to, material_fen_per_sample,
      utilities_fen_per_hour, labour_fen_per_hour, minimum_minutes, basis)
    select t.instrument_id, t.tier, t.effective_from, t.effective_to, t.material_fen_per_sample,
      t.utilities_fen_per_hour, t.labour_fen_per_hour, t.minimum_minutes, nullif(t.basis, '')
    from jsonb_populate_recordset(null::tariffs, ${ctx.sql.json(tariffs)}) t
    where not exists (select from tariffs k where k.instrument_id = t.instrument_id
      and k.tier = t.tier and k.effective_from = t.effective_from)
    returning id`
  await recordAlone(ctx, 'charging.tariffs_imported', written.length)
  return { rowsTotal: rows.length, written: written.length, errors }
}

type Tariff = Omit<Row, 'effective_to'> & {
  instrument_id: string | null
  effective_to: string | null
}

function wrongOf(row: Tariff, number: number): TableImport['errors'] {
  const errors: TableImport['errors'] = []
  const note = (column: string, message: string) => errors.push({ row: number, column, message })
  if (row.instrument_id === null) note('inner_id', '没有这台仪器')
  if (!tiers.some((tier) => tier === row.tier)) note('tier', '只能是 external 或 internal')
  for (const column of ['effective_from', 'effective_to'] as const) {
    const day = row[column]
    if (day !== null && !isDay(day)) note(column, '不是有效的日期')
  }
  if (row.effective_to !== null && row.effective_to < row.effective_from) {
    note('effective_to', '早于生效日')
  }
  for (const column of columns.slice(5, 9)) {
    if (!/^\d{1,10}$/.test(row[column] ?? '')) note(column, '须为非负整数')
  }
  return errors
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN
  return Number.isFinite(at) && new Date(at).toISOString().slice(0, 10) === text
}
