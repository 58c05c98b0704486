import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type ImportReport, importInstruments } from '@yiqi/server/catalogue/import-instruments.ts'
import { loadDemoRegisters } from '@yiqi/server/demo.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import type { Actor } from '@yiqi/server/kernel/ctx.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { act, outcome } from '../support/act.ts'
import { jobCtx } from '../support/ctx.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const FOLDER = path.join(import.meta.dirname, 'broken-imports')
const FENSHANG = '12140000TEXT01028W'

type Expected = {
  file: string
  problem: string
  result: string
  rows_total: number
  rows_accepted: number
  rows_rejected: number
  findings: {
    row: number | null
    column: number
    severity: string
    code: string
    becomes?: string
  }[]
  also_ok?: string
  check_text?: { row: number; column: number; equals?: string; ends_with?: string }
}
const expected: { files: Expected[] } = JSON.parse(
  readFileSync(path.join(FOLDER, 'expected.json'), 'utf8'),
)

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await loadDemoRegisters(jobCtx(database.sql))
})
afterAll(() => database?.drop())

const fileOf = (name: string) => ({ name, bytes: readFileSync(path.join(FOLDER, name)) })
const importFile = (name: string, options: { dryRun?: boolean; partial?: boolean } = {}) =>
  act(jobCtx(database.sql), importInstruments, {
    file: fileOf(name),
    owner: { uscc: FENSHANG },
    ...options,
  })

/** `accept:6`, `reject-file:code`, or null. */
function meetsAlternative(report: ImportReport, alternative: string | undefined): boolean {
  const [result, detail] = (alternative ?? '').split(':')
  if (result === 'accept')
    return String(report.rowsAccepted) === detail && report.rowsRejected === 0
  return result === report.result && report.findings.some((finding) => finding.code === detail)
}

describe('broken imports: what is accepted, what is found', () => {
  for (const file of expected.files) {
    it(`${file.file}: ${file.problem}`, async () => {
      const report = await importFile(file.file, { dryRun: true })
      if (meetsAlternative(report, file.also_ok)) return
      expect(report.result, JSON.stringify(report.findings)).toBe(file.result)
      if (file.result !== 'reject-file') {
        expect([report.rowsTotal, report.rowsAccepted, report.rowsRejected]).toEqual([
          file.rows_total,
          file.rows_accepted,
          file.rows_rejected,
        ])
      }
      for (const { row, column, severity, code } of file.findings) {
        expect(report.findings).toContainEqual(
          expect.objectContaining({ row, column, severity, code }),
        )
      }
      const errors = (list: readonly { severity: string }[]) =>
        list.filter((finding) => finding.severity === 'error').length
      if (file.result !== 'reject-file') {
        expect(errors(report.findings), JSON.stringify(report.findings)).toBe(errors(file.findings))
      }
    })
  }

  it('the two hostile workbooks are answered within half a second, unread', async () => {
    for (const name of ['17-huge-cell.xlsx', '18-high-ratio.xlsx']) {
      const started = performance.now()
      await importFile(name, { dryRun: true })
      expect(performance.now() - started).toBeLessThan(500)
    }
  })
})

describe('importInstruments', () => {
  const count = async () => {
    const [row] = await database.sql<{ n: number }[]>`
      select count(*) as n from instruments where inner_id like '9900000%'`
    return row?.n
  }

  it('writes nothing when a row is bad, the good rows when asked, and all of them again without doubles', async () => {
    expect((await importFile('06-price-comma.csv')).written).toEqual({ created: 0, updated: 0 })
    expect(await count()).toBe(0)
    const part = await importFile('06-price-comma.csv', { partial: true })
    expect(part.written).toEqual({ created: 3, updated: 0 })
    expect((await importFile('03-gb18030.csv')).written).toEqual({ created: 3, updated: 3 })
    expect(await count()).toBe(6)
    const [event] = await database.sql`
      select detail from events where name = 'catalogue.instruments_imported'
        order by seq desc limit 1`
    expect(event?.detail).toEqual({ count: 6 })
  })

  it('keeps characters of four bytes, quotes, line breaks and characters beyond the basic plane', async () => {
    const read = async (innerId: string) => {
      const [row] = await database.sql<Record<string, string>[]>`
        select technical, service_content, contact_name from instruments i
        join organisations o on o.id = i.institution_id
        where o.uscc = ${FENSHANG} and inner_id = ${innerId}`
      return row
    }
    await importFile('03-gb18030.csv')
    expect((await read('99000001'))?.technical).toMatch(/面积50 mm²；适配㐂型夹具。$/)
    await importFile('04-quotes-newlines.csv')
    expect((await read('99000002'))?.serviceContent).toBe('断口,"镀层",晶粒')
    await importFile('15-emoji-astral.csv')
    expect((await read('99000002'))?.contactName).toBe('𠮷野禾')
  })

  it('converts the days of a workbook and full-width figures', async () => {
    await importFile('08-excel-date-serial.xlsx')
    const days = await database.sql<{ accountedOn: string }[]>`
      select accounted_on from instruments where inner_id in ('99000001', '99000002', '99000003')
      order by inner_id`
    expect(days.map((row) => row.accountedOn)).toEqual(['2024-01-01', '2024-03-05', '2023-01-01'])
    await importFile('21-fullwidth-spaces.csv')
    const [row] = await database.sql<{ worthFen: number }[]>`
      select worth_fen from instruments where inner_id = '99000001'`
    expect(row?.worthFen).toBe(123_450_000)
  })

  it('reads the workbook of the demonstration as its CSV', async () => {
    const folder = path.join(repoRoot, 'drizzle', 'demo')
    const reports = await Promise.all(
      ['instruments.xlsx', 'instruments.csv'].map((name) =>
        act(jobCtx(database.sql), importInstruments, {
          file: { name, bytes: readFileSync(path.join(folder, name)) },
          owner: { uscc: FENSHANG },
          dryRun: true,
        }),
      ),
    )
    expect(reports[0]?.rowsTotal).toBe(600)
    expect(reports[0]?.rowsAccepted).toBe(reports[1]?.rowsAccepted)
  })

  const member = async (role: Role, uscc: string): Promise<Actor> => {
    const [row] = await database.sql<
      { userId: string; membershipId: string; organisationId: string }[]
    >`select m.user_id, m.id as membership_id, m.organisation_id
      from memberships m join organisations o on o.id = m.organisation_id
      where m.role = ${role} and (${uscc} = '' or o.uscc = ${uscc}) limit 1`
    if (!row) throw new Error(`no ${role}`)
    return { kind: 'member', role, ...row, logInId: null, strongAt: null, duties: null }
  }
  const importAs = async (actor: Actor) =>
    outcome(
      act(jobCtx(database.sql, { actor }), importInstruments, {
        file: fileOf('15-emoji-astral.csv'),
        owner: { uscc: FENSHANG },
        dryRun: true,
      }),
    )

  it('is for the managers of that institution, and for platform administrators', async () => {
    expect(await importAs(await member('institution-manager', FENSHANG))).toBe('done')
    expect(await importAs(await member('platform-administrator', ''))).toBe('done')
  })

  it('refuses other roles, and does not find another institution', async () => {
    expect(await importAs({ kind: 'visitor' })).toBe('identity.not_logged_in')
    expect(await importAs(await member('technician', FENSHANG))).toBe('identity.role_missing')
    const stranger = await member('institution-manager', '12140000TEXT0101XW')
    expect(await importAs(stranger)).toBe('identity.no_such_organisation')
  })
})
