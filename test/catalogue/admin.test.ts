import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { childEnv, repoRoot } from '@yiqi/server/kernel/config.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const INSTITUTION = '12140000TEXT01036P'
const BROKEN = 'test/catalogue/broken-imports'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await database.sql`
    insert into organisations (uscc, name, kind) values (${INSTITUTION}, '并州科技大学', 'institution')`
})
afterAll(() => database.drop())

/** `pnpm admin …` in a process of its own. */
function admin(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'server/admin.ts', ...args],
    { cwd: repoRoot, env: childEnv({ DATABASE_URL: database.url }), encoding: 'utf8' },
  )
  return { status, output: stdout + stderr }
}

const imported = async () =>
  (await database.sql<{ n: number }[]>`select count(*) as n from instruments`)[0]?.n

describe('the command line', () => {
  it('says that the database is there', () => {
    const { status, output } = admin('doctor', '--json')
    expect(status).toBe(0)
    expect(output).toContain('instruments')
  })

  it('names row and column of what is wrong, writes nothing and ends with 1', async () => {
    const file = path.join(BROKEN, '07-impossible-date.csv')
    const { status, output } = admin('instrument', 'import', file, '--institution', INSTITUTION)
    expect(status).toBe(1)
    expect(output).toContain('建账日期')
    expect(await imported()).toBe(0)
  })

  it('imports the good rows when that is asked for, and a second time changes nothing', async () => {
    const file = path.join(BROKEN, '07-impossible-date.csv')
    const args = ['instrument', 'import', file, '--institution', INSTITUTION, '--partial', '--json']
    expect(admin(...args).output).toContain('"created"')
    const first = await imported()
    expect(first).toBeGreaterThan(0)
    admin(...args)
    expect(await imported()).toBe(first)
  })

  it('ends with 2 when it cannot try: an institution nobody knows, a command that is none', () => {
    const file = path.join(BROKEN, '07-impossible-date.csv')
    expect(admin('instrument', 'import', file, '--institution', '0'.repeat(18)).status).toBe(2)
    expect(admin('nothing').status).toBe(2)
  })
}, 60_000)
