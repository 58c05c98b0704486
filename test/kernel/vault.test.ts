import { randomBytes, randomUUID } from 'node:crypto'
import { inTransaction, type Sql } from '@yiqi/server/kernel/connect.ts'
import { shredKey } from '@yiqi/server/kernel/reseal.ts'
import { type Cell, makeVault, type Vault } from '@yiqi/server/kernel/vault.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const NOW = new Date('2026-11-24T01:00:00.000Z')
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const first = { id: 'kek-1', key: Buffer.alloc(32, 1) }
const second = { id: 'kek-2', key: Buffer.alloc(32, 2) }
const indexKey = Buffer.alloc(32, 3)

let database: TestDatabase
let sql: Sql
let vault: Vault
beforeAll(async () => {
  database = await freshDatabase()
  sql = database.sql
  vault = makeVault({ keks: [first], indexKey })
})
afterEach(async () => {
  await sql`delete from data_keys`
  // What the vault remembers of them ends with them.
  vault = makeVault({ keks: [first], indexKey })
})
afterAll(() => database.drop())

const phoneOf = (rowId: string): Cell => ({ column: 'users.phone', rowId })
const cell = phoneOf('0199aaaa-0000-7000-8000-000000000001')
const keys = () => sql<{ kid: string; scope: string; kek: string; retired: boolean }[]>`
  select kid, scope, kek, retired_at is not null as retired from data_keys order by kid`
const kidOf = (sealed: string) => sealed.split('.')[2] ?? ''

describe('a sealed text', () => {
  it.each([
    ['empty', ''],
    ['short', '13900000001'],
    ['with every kind of character', '断口形貌 👩🏽‍🔬 \u0000\n"\'\\ |.'],
    ['of a megabyte', '券'.repeat(350_000)],
  ])('%s opens as what it was', async (_, text) => {
    const sealed = await vault.seal(sql, cell, text)
    expect(sealed).toMatch(/^v1\.intl\.[\w-]{8}\.[\w-]{16}\.[\w-]{22,}$/)
    expect(await vault.unseal(sql, cell, sealed)).toBe(text)
  })

  it('is another one every time', async () => {
    const texts = await Promise.all(Array.from({ length: 50 }, () => vault.seal(sql, cell, 'a')))
    expect(new Set(texts).size).toBe(50)
    expect(new Set(texts.map((text) => text.split('.')[3])).size).toBe(50)
  })

  it('opens in its own cell only', async () => {
    const sealed = await vault.seal(sql, cell, '13900000001')
    const elsewhere = [
      { ...cell, rowId: '0199aaaa-0000-7000-8000-000000000002' },
      { ...cell, column: 'users.email' },
      { column: 'messages.text', rowId: cell.rowId },
    ] satisfies Cell[]
    for (const other of elsewhere)
      await expect(vault.unseal(sql, other, sealed)).rejects.toThrow('altered, moved')
    const written = { ...cell, rowId: cell.rowId.toUpperCase() }
    expect(await vault.unseal(sql, written, sealed)).toBe('13900000001')
  })

  it('is refused with any character changed, taken away or added', async () => {
    const text = '1390000000'
    const sealed = await vault.seal(sql, cell, text)
    const changed = Array.from(sealed, (old, at) => {
      const other = old === 'A' ? 'B' : 'A'
      return sealed.slice(0, at) + other + sealed.slice(at + 1)
    })
    const last = Array.from(BASE64URL, (one) => sealed.slice(0, -1) + one)
    const longer = ['.', 'A', '=', '\n', ' '].flatMap((one) => [sealed + one, one + sealed])
    const shorter = Array.from(sealed, (_, at) => sealed.slice(0, at) + sealed.slice(at + 1))
    const forms = [
      '',
      'v1',
      text,
      sealed.replace('intl', 'constructor'),
      sealed.replace('v1', 'v2'),
    ]
    const wrong = [...changed, ...last, ...longer, ...shorter, ...forms].filter((s) => s !== sealed)
    expect(wrong.length).toBeGreaterThan(200)
    for (const one of wrong)
      await expect(vault.unseal(sql, cell, one), one).rejects.toThrow(
        'a sealed text cannot be read',
      )
  })

  it('of one organisation does not open with the key of another', async () => {
    const mine: Cell = { column: 'files.name', rowId: cell.rowId, organisationId: randomUUID() }
    const sealed = await vault.seal(sql, mine, '报告.pdf')
    const other = await vault.seal(sql, { ...mine, organisationId: randomUUID() }, '报告.pdf')
    expect(kidOf(sealed)).not.toBe(kidOf(other))
    expect((await keys()).map((key) => key.scope)).toContain(`organisation:${mine.organisationId}`)
    const crossed = sealed.replace(kidOf(sealed), kidOf(other))
    await expect(vault.unseal(sql, mine, crossed)).rejects.toThrow('altered, moved')
  })

  it('says nothing secret when it cannot be opened', async () => {
    const secret = randomBytes(20).toString('hex')
    const sealed = await vault.seal(sql, cell, secret)
    const [row] = await sql<{ wrapped: string }[]>`select wrapped from data_keys`
    const stranger = makeVault({ keks: [{ id: 'kek-1', key: randomBytes(32) }], indexKey })
    const nobody = makeVault({ keks: [second], indexKey })
    const said = await Promise.all([
      vault.unseal(sql, phoneOf(randomUUID()), sealed).catch(spoken),
      vault.unseal(sql, cell, secret).catch(spoken),
      stranger.unseal(sql, cell, sealed).catch(spoken),
      stranger.seal(sql, cell, secret).catch(spoken),
      nobody.unseal(sql, cell, sealed).catch(spoken),
    ])
    const secrets = [secret, sealed, sealed.split('.')[4] ?? '', row?.wrapped ?? '']
    for (const words of said) {
      expect(words).toContain('a sealed text cannot be read')
      for (const each of secrets) expect(words).not.toContain(each)
    }
    expect(() =>
      makeVault({ keks: [{ id: 'kek-1', key: Buffer.from('short') }], indexKey }),
    ).toThrow('KEK kek-1 has 32 bytes')
  })
})

describe('the blind index', () => {
  it('is the same for the same value, whoever computes it with the key', () => {
    const index = vault.indexOf('users.phone', '13900000001')
    expect(index).toMatch(/^[\w-]{43}$/)
    expect(makeVault({ keks: [second], indexKey }).indexOf('users.phone', '13900000001')).toBe(
      index,
    )
    const other = makeVault({ keks: [first], indexKey: Buffer.alloc(32, 9) })
    expect(other.indexOf('users.phone', '13900000001')).not.toBe(index)
  })

  it('differs by value, by column, and from a hash of any purpose', () => {
    const hashes = [
      vault.indexOf('users.phone', '13900000001'),
      vault.indexOf('users.phone', '13900000002'),
      vault.indexOf('log_in_codes.phone', '13900000001'),
      vault.mac('users.phone', '13900000001'),
      vault.mac('one-time code', '13900000001'),
      vault.mac('one-time code1', '3900000001'),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(vault.mac('one-time code', '123456')).toBe(vault.mac('one-time code', '123456'))
  })
})

describe('a data key', () => {
  it('is one per scope, however many need the first one at once', async () => {
    const vaults = Array.from({ length: 20 }, () => makeVault({ keks: [first], indexKey }))
    const sealed = await Promise.all(
      vaults.map((one, i) =>
        i % 2 === 0
          ? one.seal(sql, cell, String(i))
          : inTransaction(sql, (tx) => one.seal(tx, cell, String(i))),
      ),
    )
    expect(await keys()).toHaveLength(1)
    expect(new Set(sealed.map(kidOf)).size).toBe(1)
    for (const [i, text] of sealed.entries())
      expect(await vault.unseal(sql, cell, text)).toBe(String(i))
  })

  it('that was made in a transaction rolled back loses nothing sealed later', async () => {
    const lost: string[] = []
    const rolledBack = inTransaction(sql, async (tx) => {
      lost.push(await vault.seal(tx, cell, 'a'), await vault.seal(tx, cell, 'b'))
      expect(await vault.unseal(tx, cell, lost[0] ?? '')).toBe('a')
      throw new Error('changed my mind')
    })
    await expect(rolledBack).rejects.toThrow('changed my mind')
    expect(await keys()).toEqual([])
    const kept = await vault.seal(sql, cell, 'c')
    expect((await keys()).map((key) => key.kid)).toEqual([kidOf(kept)])
    expect(new Set(lost.map(kidOf)).size).toBe(1)
    await expect(vault.unseal(sql, cell, lost[0] ?? '')).rejects.toThrow('its key is not known')
    const later = makeVault({ keks: [first], indexKey })
    expect(await later.unseal(sql, cell, kept)).toBe('c')
  })

  it('that was made in a transaction is used by everybody after it', async () => {
    const [a, b] = await inTransaction(sql, (tx) =>
      Promise.all([vault.seal(tx, cell, 'a'), vault.seal(tx, cell, 'b')]),
    )
    const c = await vault.seal(sql, cell, 'c')
    expect(new Set([a, b, c].map(kidOf)).size).toBe(1)
    expect(await vault.unseal(sql, cell, a)).toBe('a')
  })

  it('is asked of the database once, not for every text', async () => {
    await vault.seal(sql, cell, 'a')
    await sql`alter table data_keys rename to data_keys_away`
    try {
      const sealed = await vault.seal(sql, cell, 'b')
      expect(await vault.unseal(sql, cell, await vault.seal(sql, cell, 'c'))).toBe('c')
      expect(sealed).toContain('v1.intl.')
    } finally {
      await sql`alter table data_keys_away rename to data_keys`
    }
  })

  it('of one database is not used in another', async () => {
    const other = await freshDatabase()
    try {
      const here = await vault.seal(sql, cell, 'a')
      const there = await vault.seal(other.sql, cell, 'a')
      expect(kidOf(there)).not.toBe(kidOf(here))
      await expect(vault.unseal(other.sql, cell, here)).rejects.toThrow('its key is not known')
    } finally {
      await other.drop()
    }
  })

  it('that another process retired or destroyed is noticed after five seconds', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const old = await vault.seal(sql, cell, 'a')
      await sql`update data_keys set retired_at = ${NOW}`
      expect(kidOf(await vault.seal(sql, cell, 'b'))).toBe(kidOf(old))
      vi.advanceTimersByTime(5_001)
      expect(kidOf(await vault.seal(sql, cell, 'c'))).not.toBe(kidOf(old))
      expect(await vault.unseal(sql, cell, old)).toBe('a')
      await sql`update data_keys set wrapped = null where kid = ${kidOf(old)}`
      vi.advanceTimersByTime(5_001)
      await expect(vault.unseal(sql, cell, old)).rejects.toThrow('was destroyed')
    } finally {
      vi.useRealTimers()
    }
  })

  it('destroyed takes what it sealed with it, and a new one takes its place', async () => {
    const gone = await vault.seal(sql, cell, 'a')
    expect(await vault.unseal(sql, cell, gone)).toBe('a')
    await shredKey(sql, kidOf(gone))
    await expect(vault.unseal(sql, cell, gone)).rejects.toThrow('was destroyed')
    const kept = await vault.seal(sql, cell, 'b')
    expect(await vault.unseal(sql, cell, kept)).toBe('b')
  })
})

function spoken(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return `${error.message} ${error.stack} ${JSON.stringify(error)} ${spoken(error.cause ?? '')}`
}
