import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { assert, must } from '@yiqi/shared/kernel/assert.ts'
import { bytesOf, intl, isUnreadable, unreadable } from './cipher.ts'
import type { Sql } from './connect.ts'

// Data keys seal the fields; a key of the outside (KEK) seals the data keys. A scope (a column, or
// one organisation) has one data key in use; retired ones still open what they sealed.

/** A key of the outside, which never enters the database. */
export type Kek = { id: string; key: Buffer }

export type DataKey = { kid: string; key: KeyObject }

export type DataKeys = {
  /** The key that seals new texts of the scope, made at first use. */
  inUse: (sql: Sql, scope: string) => Promise<DataKey>
  /** The key of a sealed text; unreadable where it is unknown or destroyed. */
  byKid: (sql: Sql, kid: string) => Promise<DataKey>
  /**
   * Wraps keys of older KEKs under the newest, and makes a key for scopes without one in use: those
   * given, and those whose key was retired. `stuck`: kids that none of the known KEKs opens.
   */
  renew: (
    sql: Sql,
    scopes: readonly string[],
  ) => Promise<{ changed: number; stuck: readonly string[] }>
}

/** How long a key in memory is used before the database is asked for it again. Real time. */
const FRESH_MS = 5_000
const REMEMBERED_MAX = 2_000
const KID_BYTES = 6
const TRIES_MAX = 5

type Row = { kid: string; scope: string; wrapped: string | null; kek: string }

/** `committed` is false for a row of the very transaction that reads it. */
type Found = Row & { committed: boolean }

/**
 * What one pool's readers know. A key is remembered for others only as read from a committed row:
 * one made in a transaction that is rolled back never existed. `asked` holds what is being asked,
 * and what a transaction made itself for as long as it lasts.
 */
type Memory = {
  keys: Map<string, KeyObject>
  seen: Map<string, { kid: string; untilMs: number }>
  asked: WeakMap<Sql, Map<string, Promise<DataKey>>>
  version: number
}

/** How often keys were retired or destroyed through a pool, by the pool's options. */
const versions = new WeakMap<object, number>()

/** The data keys under these KEKs, newest first: the first wraps new ones. */
export function makeDataKeys(keks: readonly Kek[]): DataKeys {
  const newest = must(keks[0], 'a key of the outside')
  const outer = new Map(keks.map(({ id, key }) => [id, secretOf(key, `KEK ${id}`)]))
  assert(outer.size === keks.length, 'no two KEKs have the same id')
  const memories = new WeakMap<object, Memory>()
  const memoryOf = (sql: Sql) => currentMemory(memories, sql)

  const opened = (memory: Memory, { kid, ...row }: Found): DataKey => {
    if (row.wrapped === null) throw unreadable(`its key ${kid} was destroyed`)
    const key = memory.keys.get(kid) ?? unwrap(outer, { kid, ...row })
    put(memory.keys, kid, key)
    return { kid, key }
  }
  const remembered = async (sql: Sql, name: string, find: () => Promise<Found>) => {
    const memory = memoryOf(sql)
    const seen = memory.seen.get(name)
    const key = seen && seen.untilMs > performance.now() ? memory.keys.get(seen.kid) : undefined
    if (seen && key) return { kid: seen.kid, key }
    return shared(memory, sql, name, async () => {
      const found = await find()
      const dataKey = opened(memory, found)
      const seenNow = { kid: found.kid, untilMs: performance.now() + FRESH_MS }
      if (found.committed)
        for (const each of [name, kidName(found.kid)]) put(memory.seen, each, seenNow)
      return { dataKey, committed: found.committed }
    })
  }
  const inUse = (sql: Sql, scope: string) =>
    remembered(sql, `scope ${scope}`, () => findInUse(sql, scope, newest))
  return {
    inUse,
    byKid: (sql, kid) => remembered(sql, kidName(kid), () => findByKid(sql, kid)),
    renew: async (sql, scopes) => {
      const { rewrapped, stuck } = await rewrap(sql, newest, outer)
      const without = await scopesWithout(sql, scopes)
      for (const scope of without) await inUse(sql, scope)
      return { changed: rewrapped + without.length, stuck }
    },
  }
}

/**
 * Says that keys were retired or destroyed: what this process remembers of them ends at once, what
 * others remember after five seconds.
 */
export function keysChanged(sql: Sql): void {
  versions.set(sql.options, versionOf(sql) + 1)
}

function kidName(kid: string): string {
  return `kid ${kid}`
}

/** A pool and its transactions have their options in common, and nothing else has. */
function currentMemory(memories: WeakMap<object, Memory>, sql: Sql): Memory {
  const kept = memories.get(sql.options)
  if (kept?.version === versionOf(sql)) return kept
  const fresh: Memory = {
    keys: new Map(),
    seen: new Map(),
    asked: new WeakMap(),
    version: versionOf(sql),
  }
  memories.set(sql.options, fresh)
  return fresh
}

function versionOf(sql: Sql): number {
  return versions.get(sql.options) ?? 0
}

/** Bounded: the oldest entry goes. */
function put<T>(map: Map<string, T>, name: string, value: T): void {
  map.delete(name)
  map.set(name, value)
  for (const oldest of map.keys()) {
    if (map.size <= REMEMBERED_MAX) return
    map.delete(oldest)
  }
}

/** Who asks the same of the same pool or transaction waits for the same answer. */
function shared(
  memory: Memory,
  sql: Sql,
  name: string,
  ask: () => Promise<{ dataKey: DataKey; committed: boolean }>,
): Promise<DataKey> {
  const asked = memory.asked.get(sql) ?? new Map<string, Promise<DataKey>>()
  memory.asked.set(sql, asked)
  const before = asked.get(name)
  if (before) return before
  const asking = ask().then(
    ({ dataKey, committed }) => {
      if (committed) asked.delete(name)
      return dataKey
    },
    (error: unknown) => {
      asked.delete(name)
      throw error
    },
  )
  asked.set(name, asking)
  return asking
}

/**
 * The scope's key in use. Of several that make the first one at once, one succeeds: the others wait
 * until its transaction is over and read what it made, or make their own if it was rolled back.
 */
async function findInUse(sql: Sql, scope: string, newest: Kek): Promise<Found> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const [found] = await sql<Found[]>`
      select kid, scope, wrapped, kek, ${committed(sql)} as committed from data_keys
      where scope = ${scope} and retired_at is null`
    if (found) return found
    const kid = randomBytes(KID_BYTES).toString('base64url')
    const wrapped = wrap(newest, { kid, scope }, randomBytes(intl.keyBytes))
    // Real time, and never compared: it tells people when.
    await sql`
      insert into data_keys (kid, scope, wrapped, kek, created_at)
      values (${kid}, ${scope}, ${wrapped}, ${newest.id}, now()) on conflict do nothing`
  }
  throw new Error(`no data key could be made for ${scope}`)
}

async function findByKid(sql: Sql, kid: string): Promise<Found> {
  const [found] = await sql<Found[]>`
    select kid, scope, wrapped, kek, ${committed(sql)} as committed from data_keys
    where kid = ${kid}`
  if (!found) throw unreadable('its key is not known')
  return found
}

/** A row that is seen is committed, or written by the transaction that looks. */
function committed(sql: Sql) {
  return sql`xmin is distinct from pg_current_xact_id_if_assigned()::xid`
}

/** Of these scopes, and those whose key was retired, the ones that have no key in use. */
async function scopesWithout(sql: Sql, also: readonly string[]): Promise<string[]> {
  const rows = await sql<{ scope: string }[]>`
    select scope from (
      select scope from data_keys where retired_at is not null and wrapped is not null
      union select unnest(${[...also]}::text[])) as s
    where not exists (
      select from data_keys k where k.scope = s.scope and k.retired_at is null)
    order by scope`
  return rows.map((row) => row.scope)
}

async function rewrap(sql: Sql, newest: Kek, outer: ReadonlyMap<string, KeyObject>) {
  const rows = await sql<Row[]>`
    select kid, scope, wrapped, kek from data_keys where kek <> ${newest.id} and wrapped is not null
    for no key update skip locked`
  const stuck: string[] = []
  const moved = rows.flatMap((row) => {
    const key = keyOrNull(outer, row)
    if (key === null) stuck.push(row.kid)
    return key === null ? [] : [{ ...row, fresh: wrap(newest, row, key.export()) }]
  })
  const done = await sql`
    update data_keys k set wrapped = m.fresh, kek = ${newest.id}
    from unnest(${moved.map((row) => row.kid)}::text[], ${moved.map((row) => row.wrapped)}::text[],
      ${moved.map((row) => row.fresh)}::text[]) as m(kid, wrapped, fresh)
    where k.kid = m.kid and k.wrapped = m.wrapped
    returning k.kid`
  return { rewrapped: done.length, stuck }
}

/** Null: none of the known KEKs opens it, which the caller reports. */
function keyOrNull(outer: ReadonlyMap<string, KeyObject>, row: Row): KeyObject | null {
  try {
    return unwrap(outer, row)
  } catch (error) {
    if (isUnreadable(error)) return null
    throw error
  }
}

function wrap(kek: Kek, about: Pick<Row, 'kid' | 'scope'>, key: Buffer): string {
  const { nonce, box } = intl.seal(secretOf(kek.key, `KEK ${kek.id}`), boundTo(about), key)
  return Buffer.concat([nonce, box]).toString('base64url')
}

function unwrap(outer: ReadonlyMap<string, KeyObject>, row: Row): KeyObject {
  const kek = outer.get(row.kek)
  if (kek === undefined) throw unreadable(`its key ${row.kid} needs the KEK ${row.kek}`)
  const bytes = bytesOf(row.wrapped ?? '')
  const parts = {
    nonce: bytes.subarray(0, intl.nonceBytes),
    box: bytes.subarray(intl.nonceBytes),
  }
  return secretOf(intl.open(kek, boundTo(row), parts), `data key ${row.kid}`)
}

function boundTo({ kid, scope }: Pick<Row, 'kid' | 'scope'>): string {
  return `${kid}|${scope}`
}

/** An object that prints nothing of the key it holds. */
function secretOf(bytes: Buffer, what: string): KeyObject {
  assert(bytes.length === intl.keyBytes, `${what} has ${intl.keyBytes} bytes`)
  return createSecretKey(bytes)
}
