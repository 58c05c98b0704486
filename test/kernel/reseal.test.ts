import { randomBytes, randomUUID } from 'node:crypto'
import { inTransaction, type Sql } from '@yiqi/server/kernel/connect.ts'
import {
  resealSome,
  retireKey,
  rotateKeys,
  sealedColumns,
  shredKey,
} from '@yiqi/server/kernel/reseal.ts'
import { type Cell, makeVault, type Vault } from '@yiqi/server/kernel/vault.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { jobCtx } from '../support/ctx.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const NOW = new Date('2026-11-24T01:00:00.000Z')
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
// The scopes whose plain texts are sealed have their keys, as after the job's first round.
beforeEach(async () => void (await resealSome(jobCtx(sql, { vault }), 1)))
afterEach(async () => {
  await sql`delete from users`
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

/** A person with a phone number as it stands in the column, with or without its index. */
async function person(phone: (id: string) => Promise<string>, index: string | null = null) {
  return personOf(randomUUID(), phone, index)
}
async function personOf(
  id: string,
  phone: (id: string) => Promise<string>,
  index: string | null = null,
) {
  await sql`insert into users (id, name, phone, phone_index)
    values (${id}, '小晋', ${await phone(id)}, ${index})`
  return id
}
async function sealedPerson(digits: string) {
  return person((id) => vault.seal(sql, phoneOf(id), digits), vault.indexOf('users.phone', digits))
}
async function phoneIn(id: string): Promise<string> {
  const [row] = await sql<{ phone: string }[]>`select phone from users where id = ${id}`
  return row?.phone ?? ''
}
/** Until nothing is left, in small steps; answers how many keys and texts. */
async function resealAll(by: Vault, limit = 3): Promise<number> {
  for (let total = 0; ; ) {
    const changed = await inTransaction(sql, (tx) => resealSome(jobCtx(tx, { vault: by }), limit))
    if (changed === 0) return total
    total += changed
  }
}

describe('rotation', () => {
  it('of data keys moves every text to the new one, and then the old one can go', async () => {
    const ids = []
    for (let i = 0; i < 10; i++) ids.push(await sealedPerson(`1390000000${i}`))
    const old = kidOf(await phoneIn(ids[0] ?? ''))
    await retireKey(sql, 'users.phone', NOW)
    expect(await vault.unseal(sql, phoneOf(ids[0] ?? ''), await phoneIn(ids[0] ?? ''))).toBe(
      '13900000000',
    )
    const fresh = await sealedPerson('13900000099')
    expect(kidOf(await phoneIn(fresh))).not.toBe(old)
    expect(await resealAll(vault)).toBe(10)
    await shredKey(sql, old)
    for (const [i, id] of ids.entries()) {
      const sealed = await phoneIn(id)
      expect(kidOf(sealed)).toBe(kidOf(await phoneIn(fresh)))
      expect(await vault.unseal(sql, phoneOf(id), sealed)).toBe(`1390000000${i}`)
    }
    expect(await rotateKeys(sql, NOW)).toBe(3)
    expect(await resealAll(vault)).toBe(3 + 11)
  })

  it('of an organisation’s key leaves its texts under that organisation’s key', async () => {
    const id = randomUUID()
    const own: Cell = { ...phoneOf(id), organisationId: randomUUID() }
    const scope = `organisation:${own.organisationId}`
    await personOf(id, () => vault.seal(sql, own, '13900000001'))
    await vault.seal(sql, cell, 'the key of the column')
    await retireKey(sql, scope, NOW)
    expect(await resealAll(vault)).toBe(1 + 1)
    const used = (await keys()).find((key) => key.scope === scope && !key.retired)
    expect(kidOf(await phoneIn(id))).toBe(used?.kid)
    expect(await vault.unseal(sql, own, await phoneIn(id))).toBe('13900000001')
  })

  it('of the KEK wraps the data keys anew, and then the old KEK can be taken away', async () => {
    const before = await sealedPerson('13900000001')
    const both = makeVault({ keks: [second, first], indexKey })
    expect(await both.unseal(sql, phoneOf(before), await phoneIn(before))).toBe('13900000001')
    const after = makeVault({ keks: [second], indexKey })
    await expect(after.unseal(sql, phoneOf(before), await phoneIn(before))).rejects.toThrow(
      'needs the KEK kek-1',
    )
    expect(await resealAll(both)).toBe(3)
    expect((await keys()).map((key) => key.kek)).toEqual(['kek-2', 'kek-2', 'kek-2'])
    expect(await after.unseal(sql, phoneOf(before), await phoneIn(before))).toBe('13900000001')
    const fresh = await after.seal(sql, cell, 'a')
    expect(await both.unseal(sql, cell, fresh)).toBe('a')
  })

  it('of the KEK leaves a server that does not have it yet the keys it knows', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const sealed = await vault.seal(sql, cell, 'a')
      expect(await resealAll(makeVault({ keks: [second, first], indexKey }))).toBe(3)
      vi.advanceTimersByTime(5_001)
      expect(await vault.unseal(sql, cell, sealed)).toBe('a')
      expect(await vault.unseal(sql, cell, await vault.seal(sql, cell, 'b'))).toBe('b')
    } finally {
      vi.useRealTimers()
    }
  })

  it('of a KEK tells of the keys that no known KEK opens, and goes on with the others', async () => {
    const stranger = makeVault({ keks: [{ id: 'kek-0', key: randomBytes(32) }], indexKey })
    await stranger.seal(sql, { ...cell, organisationId: randomUUID() }, 'a')
    const known = await sealedPerson('13900000001')
    const logged: string[] = []
    const ctx = jobCtx(sql, {
      vault: makeVault({ keks: [second, first], indexKey }),
      log: (_, event) => void logged.push(event),
    })
    expect(await resealSome(ctx, 10)).toBe(3)
    expect(logged).toEqual(['rewrap_failed'])
    expect((await keys()).map((key) => key.kek).sort()).toEqual(['kek-0', 'kek-2', 'kek-2', 'kek-2'])
    expect(await ctx.vault.unseal(sql, phoneOf(known), await phoneIn(known))).toBe('13900000001')
  })

  it('passes over what it cannot read, tells of it, and moves the rest', async () => {
    const ids = []
    for (let i = 0; i < 6; i++) ids.push(await sealedPerson(`1390000000${i}`))
    const [bad, good] = [ids[0] ?? '', ids[1] ?? '']
    await sql`update users set phone = ${await phoneIn(good)} where id = ${bad}`
    await retireKey(sql, 'users.phone', NOW)
    const logged: string[] = []
    const ctx = jobCtx(sql, {
      vault,
      log: (_, event, more) => void logged.push(`${event} ${JSON.stringify(more)}`),
    })
    const changes = []
    for (let round = 0; round < 5; round++) changes.push(await resealSome(ctx, 2))
    // The key, then the five texts.
    expect(changes).toEqual([1, 2, 2, 1, 0])
    expect(logged.join()).toContain('reseal_failed')
    expect(logged.join()).toContain(bad)
    expect(logged.join()).not.toContain('1390000000')
  })

  it('loses nothing that others write meanwhile', async () => {
    const ids = await Promise.all(
      Array.from({ length: 30 }, (_, i) => sealedPerson(`139000001${String(i).padStart(2, '0')}`)),
    )
    const written = new Map<string, string>()
    let stop = false
    const writers = Array.from({ length: 4 }, async (_, w) => {
      const mine = ids.filter((_, i) => i % 4 === w)
      for (let n = 0; !stop; n++) {
        const id = mine[n % mine.length] ?? ''
        const text = `${w}-${n}`
        await inTransaction(sql, async (tx) => {
          const sealed = await vault.seal(tx, phoneOf(id), text)
          await tx`update users set phone = ${sealed} where id = ${id}`
        })
        written.set(id, text)
      }
    })
    for (let round = 0; round < 10; round++) {
      await retireKey(sql, 'users.phone', NOW)
      await resealAll(vault, 5)
    }
    stop = true
    await Promise.all(writers)
    await resealAll(vault)
    const inUse = (await keys()).find((key) => key.scope === 'users.phone' && !key.retired)
    expect(written.size).toBeGreaterThan(5)
    for (const id of ids) {
      const sealed = await phoneIn(id)
      expect(kidOf(sealed)).toBe(inUse?.kid)
      expect(await vault.unseal(sql, phoneOf(id), sealed)).toMatch(/^\d+-\d+$|^139000001\d\d$/)
    }
    for (const [id, text] of written)
      expect(await vault.unseal(sql, phoneOf(id), await phoneIn(id))).toBe(text)
  })

  it('does not wait for a row that is being written, and moves it afterwards', async () => {
    const [busy, idle] = [await sealedPerson('13900000001'), await sealedPerson('13900000002')]
    await retireKey(sql, 'users.phone', NOW)
    await vault.seal(sql, cell, 'the next key')
    await inTransaction(sql, async (tx) => {
      await tx`update users set name = '郝工' where id = ${busy}`
      expect(await resealSome(jobCtx(sql, { vault }), 10)).toBe(1)
    })
    const next = kidOf(await phoneIn(idle))
    expect(kidOf(await phoneIn(busy))).not.toBe(next)
    expect(await resealAll(vault)).toBe(1)
    expect(kidOf(await phoneIn(busy))).toBe(next)
  })

  it('leaves a text that was written between reading and writing it', async () => {
    const id = await sealedPerson('13900000001')
    await retireKey(sql, 'users.phone', NOW)
    await vault.seal(sql, cell, 'the next key')
    const written = await vault.seal(sql, phoneOf(id), '13900000002')
    const interrupted: Vault = {
      ...vault,
      unseal: async (...asked) => {
        await sql`update users set phone = ${written} where id = ${id}`
        return vault.unseal(...asked)
      },
    }
    expect(await resealSome(jobCtx(sql, { vault: interrupted }), 10)).toBe(0)
    expect(await phoneIn(id)).toBe(written)
  })

  it('seals a phone number that stands there in plain, and it is found by its index', async () => {
    const id = await person(async () => '13900000001')
    expect(await resealAll(vault)).toBe(1)
    const [found] = await sql<{ id: string; phone: string }[]>`
      select id, phone from users where phone_index = ${vault.indexOf('users.phone', '13900000001')}`
    expect(found?.id).toBe(id)
    expect(found?.phone).toMatch(/^v1\.intl\./)
    expect(await vault.unseal(sql, phoneOf(id), found?.phone ?? '')).toBe('13900000001')
  })

  it('seals a message that stands there in plain, whatever it looks like', async () => {
    const texts = ['明天 14:00 可以吗？', 'v1.intl.see the sample.a.b', '. '.repeat(5_000)]
    const ids = texts.map(() => randomUUID())
    await inTransaction(sql, async (tx) => {
      // A message without its booking.
      await tx`set local session_replication_role = replica`
      for (const [i, text] of texts.entries())
        await tx`insert into messages (id, booking_id, author_id, organisation_id, text, at)
          values (${ids[i] ?? ''}, new_id(), new_id(), new_id(), ${text}, ${NOW})`
    })
    expect(await resealAll(vault, 2)).toBe(3)
    for (const [i, id] of ids.entries()) {
      const [row] = await sql<{ text: string }[]>`select text from messages where id = ${id}`
      const opened = await vault.unseal(
        sql,
        { column: 'messages.text', rowId: id },
        row?.text ?? '',
      )
      expect(opened).toBe(texts[i])
    }
    await sql`delete from messages`
  })

  it('seals a plain number whose index another has by now, but without index', async () => {
    const older = await person(async () => '13900000001')
    const newer = await sealedPerson('13900000001')
    const logged: string[] = []
    const ctx = jobCtx(sql, { vault, log: (_, event) => void logged.push(event) })
    expect(await resealSome(ctx, 10)).toBe(1)
    expect(logged).toEqual(['index_taken'])
    expect(await vault.unseal(sql, phoneOf(older), await phoneIn(older))).toBe('13900000001')
    const found = await sql<{ id: string }[]>`select id from users where phone_index is not null`
    expect(found.map((row) => row.id)).toEqual([newer])
  })

  it('finds the texts of every registered column by an index', async () => {
    const indexed = await sql<{ definition: string }[]>`
      select indexdef as definition from pg_indexes where indexdef like '%sealed_with(%'`
    for (const { table, column } of sealedColumns) {
      const wanted = new RegExp(
        `ON public\\.${table} USING btree \\(sealed_with\\("?${column}"?\\)\\)`,
      )
      expect(
        indexed.some(({ definition }) => wanted.test(definition)),
        `${table}.${column}`,
      ).toBe(true)
    }
    expect(indexed).toHaveLength(sealedColumns.length)
  })
})
