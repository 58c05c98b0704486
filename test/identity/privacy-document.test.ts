import { readFileSync } from 'node:fs'
import path from 'node:path'
import { retention } from '@yiqi/server/identity/retention.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { KEY_DAYS } from '@yiqi/server/kernel/idempotency.ts'
import { jobsWith } from '@yiqi/server/schedule.ts'
import {
  BOOKKEEPING_YEARS,
  ERASED_WITHIN_DAYS,
  REOPEN_DAYS,
} from '@yiqi/shared/identity/terms-privacy.ts'
import { DAY_MS } from '@yiqi/shared/kernel/time.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { personColumns, wordColumns } from '../support/person-columns.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database?.drop())

const document = readFileSync(path.join(repoRoot, 'docs', 'privacy.md'), 'utf8')
const table = document
  .split('\n')
  .filter((line) => /^\| .* \|$/.test(line))
  .join('\n')
/** `table.column` and `table.{one, two}` of the table, spelled out. */
const named = new Set(
  [...table.matchAll(/`(\w+)\.(?:(\w+)|\{([\w, ]+)\})`/g)].flatMap(([, name, one, several]) =>
    (one ?? several ?? '').split(', ').map((column) => `${name}.${column}`),
  ),
)

/** What is called like something personal and is not. */
const impersonal = [
  'instruments.address', // where it stands
  'instruments.fee_text', // the institution's words on fees
  'log_ins.revoked_reason', // a word of state
  'notices.matters', // a template
  'open_hours.note', // on the laboratory's hours
  'organisations.address', // its seat
]

describe('docs/privacy.md', () => {
  it('names every column of the database that holds a person, or words of one', async () => {
    const columns = [...(await personColumns(database.sql)), ...(await wordColumns(database.sql))]
    const missing = columns.filter((name) => !named.has(name) && !impersonal.includes(name))
    expect(missing, 'new personal columns: say why, and for how long').toEqual([])
  })

  it('names no column that is not there', async () => {
    const rows = await database.sql<{ name: string }[]>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public'`
    const real = rows.map((row) => row.name)
    expect([...named].filter((name) => !real.includes(name))).toEqual([])
  })

  it('says the periods that the program keeps', () => {
    expect(retention.reopenMs).toBe(REOPEN_DAYS * DAY_MS)
    expect(REOPEN_DAYS).toBeLessThan(ERASED_WITHIN_DAYS)
    for (const words of [
      `${retention.logInsMs / DAY_MS} days`,
      `${KEY_DAYS} days`,
      `${REOPEN_DAYS} days`,
      `${ERASED_WITHIN_DAYS} days`,
      `${BOOKKEEPING_YEARS} years`,
    ])
      expect(document).toContain(words)
  })

  it('names only jobs that run', () => {
    const outside = { files: {}, seals: { folder: '' }, keyring: {}, erasuresFolder: '' }
    const jobs = jobsWith(outside as Parameters<typeof jobsWith>[0]).map((job) => job.name)
    const cited = [...document.matchAll(/job\s`([\w-]+)`/g)].map(([, name]) => name)
    expect(cited.length).toBeGreaterThan(3)
    for (const name of cited) expect(jobs).toContain(name)
  })
})
