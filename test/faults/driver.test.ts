import { connect, inTransaction } from '@yiqi/server/kernel/connect.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'
import { hammer, type Kind, summaryOf } from './hammer.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await emptyDatabase()
  await database.sql`create table acknowledged (id integer primary key, worker integer not null)`
})
afterAll(() => database.drop())

const LASTING_MS = 5_000
const DEADLINE_MS = 2_000
const WORKERS = 8

describe('while backends are terminated every few milliseconds', () => {
  it.each<Kind>(['statements', 'transactions'])(
    '%s settle, and what they say is true',
    async (kind) => {
      const sql = connect(database.url, { max: WORKERS, deadlineMs: DEADLINE_MS })
      const outcome = await hammer({
        kind,
        sql,
        transact: inTransaction,
        admin: database.sql,
        workers: WORKERS,
        lastingMs: LASTING_MS,
        deadlineMs: DEADLINE_MS,
      })
      await sql.end({ timeout: 1 })
      console.log(summaryOf(kind, outcome))
      expect(outcome).toMatchObject({ pending: 0, uncaught: 0, lost: 0, done: 0, torn: 0 })
      expect(outcome.kills).toBeGreaterThan(30)
      expect(outcome.acknowledged).toBeGreaterThan(100)
      expect(outcome.unknown + outcome.failed).toBeGreaterThan(20)
    },
  )
})
