import { createConnection, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  connect,
  inTransaction,
  isNotDone,
  isUnknownOutcome,
  type Sql,
} from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'
import { listening, portOf } from '../support/ports.ts'

/** The message as it goes over the wire: its kind, its length, its text. */
const COMMIT = 'Q\0\0\0\x0bcommit'

let database: TestDatabase
beforeAll(async () => {
  database = await emptyDatabase()
  await database.sql`create table things (
    id int8 primary key, due_on date, made_at timestamptz, amount numeric, some_json jsonb)`
})
afterAll(() => database.drop())

describe('values', () => {
  test('come back as they were written, by camelCase names, json untouched', async () => {
    const { sql } = database
    const thing = {
      id: 9_007_199_254_740_991,
      dueOn: '2026-02-28',
      madeAt: new Date('2026-11-24T08:00:00Z'),
      amount: '0.10',
      someJson: sql.json({ snake_key: 1, camelKey: [2] }),
    }
    await sql`insert into things ${sql(thing)}`
    const [found] = await sql`select * from things where due_on = ${'2026-02-28'}`
    expect(found).toEqual({ ...thing, someJson: { snake_key: 1, camelKey: [2] } })
  })

  test('an integer too large for a number is a bug, not a rounded number', async () => {
    await expect(database.sql`select 9007199254740993::int8`).rejects.toThrow('is safe')
  })

  test('an array of int8 is an array of numbers, and a date parameter must be a date', async () => {
    const { sql } = database
    const [row] = await sql`select array[1, 2]::int8[] as some_ids`
    expect(row).toEqual({ someIds: [1, 2] })
    await expect(sql`select ${'24.11.2026'}::date`).rejects.toThrow('YYYY-MM-DD')
  })

  test('arrays come back as they were written, whatever stands in them', async () => {
    const arrays = {
      texts: ['', ' ', 'a,b', '{}', 'NULL', '"', '\\', 'a\nb', '中文', null],
      numbers: [0, -1, 9_007_199_254_740_991],
      moments: [new Date('2026-11-24T08:00:00.123Z')],
      days: ['2026-02-28'],
      ids: ['00000000-0000-4000-8000-000000000001'],
      none: [],
    }
    const { texts, numbers, days, ids, none } = arrays
    const [row] =
      await database.sql`select ${texts}::text[] as texts, ${numbers}::int8[] as numbers,
      array['2026-11-24T08:00:00.123Z']::timestamptz[] as moments, ${days}::date[] as days, ${ids}::uuid[] as ids,
      ${none}::text[] as none`
    expect(row).toEqual(arrays)
  })

  test('the session has our name, zone and limits', async () => {
    const [row] = await database.sql`select current_setting('TimeZone') as zone,
      current_setting('application_name') as name,
      current_setting('statement_timeout') as statement,
      current_setting('lock_timeout') as lock,
      current_setting('synchronous_commit') as commit,
      current_setting('idle_in_transaction_session_timeout') as idle`
    expect(row).toEqual({
      zone: 'UTC',
      name: 'yiqi',
      statement: '5s',
      lock: '3s',
      commit: 'on',
      idle: '10s',
    })
  })
})

describe('inTransaction', () => {
  const count = async (): Promise<unknown> => {
    const [row] = await database.sql`select count(*) as n from things where id < 100`
    return row?.n
  }

  test('keeps what was done when the function returns', async () => {
    const answer = await inTransaction(database.sql, async (tx) => {
      await tx`insert into things (id) values (1)`
      return 'done'
    })
    expect(answer).toBe('done')
    expect(await count()).toBe(1)
  })

  test('undoes everything when the function throws, and passes the error on', async () => {
    const work = inTransaction(database.sql, async (tx) => {
      await tx`insert into things (id) values (2)`
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(await count()).toBe(1)
  })

  test('an inner transaction joins the outer one', async () => {
    const work = inTransaction(database.sql, async (tx) => {
      await inTransaction(tx, (inner) => inner`insert into things (id) values (3)`)
      throw new Error('outer fails')
    })
    await expect(work).rejects.toThrow('outer fails')
    expect(await count()).toBe(1)
  })

  test('a swallowed database error does not end as a silent rollback', async () => {
    const work = inTransaction(database.sql, async (tx) => {
      await tx`insert into things (id) values (4)`
      await tx`select 1 / 0`.catch(() => 'swallowed')
    })
    await expect(work).rejects.toThrow()
    expect(await count()).toBe(1)
  })
})

describe('the deadline', () => {
  test('a query without an answer in time has an unknown outcome, and the pool lives on', async () => {
    const sql = connect(database.url, { max: 2, deadlineMs: 700 })
    const error: unknown = await sql`select pg_sleep(1.5)`.catch((caught: unknown) => caught)
    expect(isUnknownOutcome(error)).toBe(true)
    expect(String(error)).toContain('UnknownOutcome')
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
    await sql.end()
  })

  test('holds inside a transaction, without waiting for the rollback', async () => {
    const sql = connect(database.url, { max: 1, deadlineMs: 150 })
    const started = Date.now()
    const work = inTransaction(sql, (tx) => tx`select pg_sleep(1)`)
    await expect(work).rejects.toSatisfy(isNotDone)
    expect(Date.now() - started).toBeLessThan(700)
    await sql.end()
  })

  test('holds for a transaction that waits for a free connection, whose work never runs', async () => {
    const sql = connect(database.url, { max: 1, deadlineMs: 400 })
    let ran = false
    const first = inTransaction(sql, async (tx) => {
      for (let i = 0; i < 4; i++) await tx`select pg_sleep(0.2)`
    })
    const second = inTransaction(sql, async () => {
      ran = true
    })
    await expect(second).rejects.toSatisfy(isNotDone)
    await first
    await sql.end()
    expect(ran).toBe(false)
  })

  test('a connection lost while the answer is awaited has an unknown outcome', async () => {
    const line = await cuttableLine(new URL(database.url))
    const sql = connect(line.url, { max: 1 })
    await sql`select 1`
    const lost = sql`select pg_sleep(2)`.catch((caught: unknown) => caught)
    setTimeout(line.cut, 100)
    expect(await lost).toSatisfy(isUnknownOutcome)
    await sql.end({ timeout: 1 })
  })

  test('a refused statement has a known one', async () => {
    const refused: unknown = await database.sql`select 1 / 0`.catch((caught: unknown) => caught)
    expect(isUnknownOutcome(refused)).toBe(false)
  })
})

describe('a connection that is lost', () => {
  const numbers = async () => {
    const rows = await database.sql<
      { id: number }[]
    >`select id from things where id between 100 and 199 order by id`
    return rows.map((row) => row.id)
  }
  const endBackend = (pid: number) => database.sql`select pg_terminate_backend(${pid})`
  const pidOf = async (sql: Sql) => {
    const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
    return row?.pid ?? 0
  }

  test('takes its transaction along: what comes after is not sent on another one', async () => {
    const sql = connect(database.url, { max: 2 })
    const work = inTransaction(sql, async (tx) => {
      await tx`insert into things (id) values (101)`
      await endBackend(await pidOf(tx))
      await tx`insert into things (id) values (102)`.catch(() => 'swallowed')
      await tx`insert into things (id) values (103)`.catch(() => 'swallowed')
    })
    await expect(work).rejects.toSatisfy(isUnknownOutcome)
    expect(await numbers()).toEqual([])
    await sql.end()
  })

  test('before the commit was sent has done nothing, and that is known', async () => {
    const sql = connect(database.url, { max: 2 })
    const work = inTransaction(sql, async (tx) => {
      await tx`insert into things (id) values (104)`
      await endBackend(await pidOf(tx))
      await tx`select 1`
    })
    await expect(work).rejects.toSatisfy(isNotDone)
    expect(await numbers()).toEqual([])
    await sql.end()
  })

  test('after the commit was sent leaves the outcome unknown: here it was kept', async () => {
    const line = await cuttableLine(new URL(database.url), COMMIT)
    const sql = connect(line.url, { max: 1 })
    const work = inTransaction(sql, (tx) => tx`insert into things (id) values (105)`)
    await expect(work).rejects.toSatisfy((error) => isUnknownOutcome(error) && !isNotDone(error))
    await expect.poll(numbers).toEqual([105])
    await sql.end()
    line.cut()
  })

  test('while it was being opened is not opened again behind our back', async () => {
    const line = await cuttableLine(new URL(database.url), 'yiqi')
    const sql = connect(line.url, { max: 1 })
    await expect(sql`insert into things (id) values (106)`).rejects.toThrow()
    await sleep(300)
    expect(line.opened()).toBe(1)
    expect(await numbers()).not.toContain(106)
    await sql.end()
    line.cut()
  })

  test('while nobody used it is replaced', async () => {
    const sql = connect(database.url, { max: 1 })
    const first = await pidOf(sql)
    await endBackend(first)
    await expect.poll(() => pidOf(sql).catch(() => first)).not.toBe(first)
    await sql.end()
  })

  test('or was never there has done nothing', async () => {
    const nowhere = new URL(database.url)
    nowhere.port = '1'
    const sql = connect(nowhere.href, { max: 1 })
    await expect(sql`select 1`).rejects.toSatisfy(isNotDone)
    await expect(inTransaction(sql, (tx) => tx`select 1`)).rejects.toSatisfy(isNotDone)
    await sql.end()
  })
})

describe('order', () => {
  test('a query after the end of its transaction is refused', async () => {
    let leaked: Sql | null = null
    await inTransaction(database.sql, async (tx) => {
      leaked = tx
    })
    const late = must<Sql>(leaked, 'the transaction')`insert into things (id) values (110)`
    await expect(late).rejects.toThrow('after the end')
  })

  test('a value the program cannot read costs nobody else their answer', async () => {
    const sql = connect(database.url, { max: 1 })
    const answers = await Promise.allSettled([
      sql`select 9007199254740993::int8`,
      sql`select 1 as one`,
      sql`select 2 as two`,
    ])
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    await sql.end()
  })

  test('the end waits for what is under way, and refuses what comes after', async () => {
    const sql = connect(database.url, { max: 1 })
    const under = sql`select pg_sleep(0.2), 1 as one`
    const answer = under.then(([row]) => row?.one)
    await sql`select 1`.catch(() => {})
    await sql.end()
    expect(await answer).toBe(1)
    await expect(sql`select 1`).rejects.toSatisfy(isNotDone)
  })
})

/** A way to the database that can be cut like a cable: by hand, or behind a word that passed. */
async function cuttableLine(to: URL, word?: string): Promise<CuttableLine> {
  const ends: Socket[] = []
  const server = createServer((near) => {
    const far = createConnection(Number(to.port), to.hostname)
    ends.push(near, far)
    if (word !== undefined)
      near.on('data', (part) => {
        if (part.includes(word)) near.unpipe(far).destroy()
        if (part.includes(word)) far.end(part)
      })
    near.on('error', () => far.destroy()).pipe(far)
    far.on('error', () => near.destroy()).pipe(near)
  })
  const url = new URL(to)
  url.port = String(portOf(await listening(server)))
  const cut = (): void => {
    server.close()
    for (const end of ends) end.destroy()
  }
  return { url: url.href, cut, opened: () => ends.length / 2 }
}

type CuttableLine = { url: string; cut: () => void; opened: () => number }
