import { readFileSync } from 'node:fs'
import path from 'node:path'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { importOpenHours } from './booking/import-open-hours.ts'
import { importInstruments } from './catalogue/import-instruments.ts'
import { importTariffs } from './charging/import-tariffs.ts'
import { loadDemoOffice } from './identity/demo-office.ts'
import { importOrganisations } from './identity/import-organisations.ts'
import { importPeople } from './identity/import-people.ts'
import { repoRoot } from './kernel/config.ts'
import { type Ctx, transact } from './kernel/ctx.ts'
import { readTable } from './kernel/read-table.ts'

const FOLDER = path.join(repoRoot, 'drizzle', 'demo')
/** The year the demonstration's registers were made for. */
const REGISTER_YEAR = 2026

/**
 * Loads the registers of the demonstration (organisations, people, instruments, tariffs, open
 * hours) into a database without organisations, through the same imports an administrator uses.
 */
export async function loadDemoRegisters(ctx: Ctx): Promise<{ loaded: boolean }> {
  return transact(ctx, async (tx) => {
    await tx.sql`select pg_advisory_xact_lock(hashtextextended('load demo registers', 0))`
    const [known] = await tx.sql`select from organisations limit 1`
    if (known) return { loaded: false }
    await importOrganisations(tx, { kind: 'institution', csv: read('institutions.csv') })
    await importOrganisations(tx, { kind: 'enterprise', csv: enterprisesOf(tx.now()) })
    await importPeople(tx, { csv: read('people.csv') })
    await loadDemoOffice(tx)
    mustBeWhole(await importDemoInstruments(tx))
    mustBeWhole(await importTariffs(tx, { csv: read('tariffs.csv') }))
    mustBeWhole(await importOpenHours(tx, { csv: read('open-hours.csv') }))
    return { loaded: true }
  })
}

/**
 * The workbook has no column for the institution: the rows are its owners' in the order of a list.
 */
async function importDemoInstruments(ctx: Ctx): Promise<{ errors: unknown[] }> {
  const owner = readTable(read('instrument-kinds.csv'), [
    'institution_uscc',
    'inner_id',
    'kind',
  ]).map((row) => ({ uscc: row.institution_uscc, innerId: row.inner_id, kind: row.kind }))
  const file = { name: 'instruments.csv', bytes: read('instruments.csv') }
  const report = await importInstruments(ctx, { file, owner })
  return { errors: report.findings.filter((finding) => finding.severity === 'error') }
}

/** Registrations are good for the year they are shown in: a demonstration never runs out. */
function enterprisesOf(now: Date): Buffer {
  const csv = read('enterprises.csv')
  const years = Number(dateOf(now).slice(0, 4)) - REGISTER_YEAR
  if (years <= 0) return csv
  const later = csv
    .toString('utf8')
    .replace(/\b(20\d\d)-12-31\b/g, (_, year: string) => `${Number(year) + years}-12-31`)
  return Buffer.from(later)
}

/** A demonstration with half its data would mislead: stop and say which row. */
function mustBeWhole({ errors }: { errors: unknown[] }): void {
  if (errors.length > 0)
    throw new Error(`demonstration data: ${JSON.stringify(errors.slice(0, 5))}`)
}

function read(name: string): Buffer {
  return readFileSync(path.join(FOLDER, name))
}
