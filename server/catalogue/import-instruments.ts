import { must } from '@yiqi/shared/kernel/assert.ts'
import { findOrganisationsByUscc } from '../identity/queries.ts'
import { type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { CheckedRow } from './check-instrument.ts'
import { checkSheet } from './check-sheet.ts'
import { type Dictionaries, readDictionaries } from './dictionaries.ts'
import { excerpt, type Finding, hasError } from './findings.ts'
import { readSheet, type UploadedFile } from './read-sheet.ts'
import { columnOf, columns } from './template.ts'
import { type OwnedRecord, writeInstruments } from './write-instruments.ts'

/** Whose the rows are: all of one institution, or row by row in the file's order. */
export type Owner =
  | { uscc: string }
  | readonly { uscc: string; innerId: string; kind: string | null }[]

export type ImportInstrumentsInput = {
  file: UploadedFile
  owner: Owner
  /** Only say what would happen. */
  dryRun?: boolean
  /** Import the good rows of a file that has bad ones. */
  partial?: boolean
}

export type ImportReport = {
  result: 'accept' | 'accept-with-warnings' | 'accept-partial' | 'reject-file'
  rowsTotal: number
  rowsAccepted: number
  rowsRejected: number
  /** Nothing in a dry run, and nothing when a row is bad and `partial` was not asked for. */
  written: { created: number; updated: number }
  findings: Finding[]
}

/**
 * Imports a file in the national template for single instruments. Existing instruments (same
 * institution and inner id) are brought up to the file. Nothing is written unless every row is
 * good, or the good ones were asked for. For jobs, platform administrators and the institution's
 * managers. Refuses: identity.role_missing, identity.no_such_organisation.
 */
export async function importInstruments(
  ctx: Ctx,
  input: ImportInstrumentsInput,
  dictionaries: Dictionaries = readDictionaries(),
): Promise<ImportReport> {
  const institutionIdByUscc = await institutionsOf(ctx, input.owner)
  const sheet = checkSheet(await readSheet(input.file), dictionaries)
  const rows = withoutDuplicates(sheet.rows, (index) => usccOf(input.owner, index))
  const findings = [...sheet.findings, ...rows.flatMap((row) => row.findings)]
  const report = reportOf(rows, findings)
  const wanted = report.rowsRejected === 0 || input.partial === true
  if (input.dryRun || !wanted || report.rowsAccepted === 0) return report
  const records = rows.flatMap((row, index): OwnedRecord[] => {
    if (row.record === null) return []
    const institutionId = must(institutionIdByUscc.get(usccOf(input.owner, index)), 'institution')
    return [{ ...row.record, institutionId, kind: kindOf(input.owner, index) }]
  })
  const written = await writeInstruments(ctx, records)
  for (const institutionId of new Set(records.map((each) => each.institutionId))) {
    const count = records.filter((each) => each.institutionId === institutionId).length
    await record(ctx, 'catalogue.instruments_imported', {
      subjectId: institutionId,
      detail: { count },
    })
  }
  return { ...report, written }
}

/** Who may import, and the institutions that are theirs to import for. */
async function institutionsOf(ctx: Ctx, owner: Owner): Promise<Map<string, string>> {
  const { actor } = ctx
  if (actor.kind === 'visitor') refuse('identity.not_logged_in')
  const role = actor.kind === 'member' ? actor.role : null
  const everywhere = actor.kind === 'job' || role === 'platform-administrator'
  if (!everywhere && role !== 'institution-manager') refuse('identity.role_missing')
  const usccs = [...new Set('uscc' in owner ? [owner.uscc] : owner.map((row) => row.uscc))]
  const organisations = await findOrganisationsByUscc(ctx, usccs)
  const own = actor.kind === 'member' ? actor.organisationId : null
  const mine = organisations.filter(
    (each) => each.kind === 'institution' && (everywhere || each.id === own),
  )
  if (mine.length < usccs.length) refuse('identity.no_such_organisation')
  return new Map(mine.map((each) => [each.uscc, each.id]))
}

function usccOf(owner: Owner, index: number): string {
  return 'uscc' in owner ? owner.uscc : must(owner[index], `the owner of row ${index}`).uscc
}

function kindOf(owner: Owner, index: number): string | null {
  return 'uscc' in owner ? null : must(owner[index], `the owner of row ${index}`).kind
}

/** The first row of an inner id stays; the later ones are rejected, never written over it. */
function withoutDuplicates(
  rows: readonly CheckedRow[],
  ownerOf: (index: number) => string,
): CheckedRow[] {
  const firstRowById = new Map<string, number>()
  return rows.map((row, index) => {
    if (row.record === null) return row
    const key = `${ownerOf(index)} ${row.record.innerId}`
    if (!firstRowById.has(key)) {
      firstRowById.set(key, row.row)
      return row
    }
    const finding: Finding = {
      row: row.row,
      column: columnOf('innerId'),
      header: columns[1].header,
      code: 'import.duplicate_inner_id',
      severity: 'error',
      value: excerpt(row.record.innerId),
    }
    return { ...row, findings: [...row.findings, finding], record: null }
  })
}

function reportOf(rows: readonly CheckedRow[], findings: Finding[]): ImportReport {
  const accepted = rows.filter((row) => row.record !== null).length
  const fileIsBad = hasError(findings.filter((each) => each.row === null)) || rows.length === 0
  const warned = findings.some((each) => each.severity === 'warning' && each.row !== null)
  const good = warned ? 'accept-with-warnings' : 'accept'
  return {
    result: fileIsBad ? 'reject-file' : accepted === rows.length ? good : 'accept-partial',
    rowsTotal: rows.length,
    rowsAccepted: accepted,
    rowsRejected: rows.length - accepted,
    written: { created: 0, updated: 0 },
    findings,
  }
}
