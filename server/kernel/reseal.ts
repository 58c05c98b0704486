import { isUnreadable } from './cipher.ts'
import type { Fragment, Sql } from './connect.ts'
import { asActor, type Ctx } from './ctx.ts'
import { keysChanged } from './data-keys.ts'
import type { Cell } from './vault.ts'

/** A column whose texts are sealed, each bound to its row's id. */
export type SealedColumn = {
  table: string
  column: string
  /** The row's id, a uuid; absent: `id`. */
  idColumn?: string
  /** Texts that are not sealed yet are sealed; absent: they are left as they are. */
  sealsPlain?: true
  /** Where the blind index of a text stands that is sealed for the first time. */
  indexColumn?: string
}

/**
 * Every sealed column. A new one needs an index over `sealed_with` too, in
 * `drizzle/functions/10_vault.sql`.
 */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'users', column: 'phone', sealsPlain: true, indexColumn: 'phone_index' },
  { table: 'messages', column: 'text', sealsPlain: true },
  { table: 'bank_accounts', column: 'account', sealsPlain: true },
  { table: 'factors', column: 'secret' },
  { table: 'wechat_bindings', column: 'openid', idColumn: 'user_id' },
  { table: 'wechat_bindings', column: 'session_key', idColumn: 'user_id' },
  { table: 'files', column: 'name' },
  { table: 'files', column: 'key' },
]

const ROUND = 500

/** A text found, and what it becomes. */
type Old = { id: string; text: string; scope: string }
type Fresh = { id: string; old: string; fresh: string; index: string }

/**
 * Brings up to `limit` texts to the key that is in use for their scope, and seals plain ones where
 * the column asks for it. Data keys come before texts, in a round of their own: whoever waits for
 * a key that is being made must not wait for locks on rows. Answers how many it changed: 0 says
 * that all is done. Safe beside writers: rows being written are passed over, and a text that
 * changed meanwhile stays as it is. What cannot be read is logged as `reseal_failed` or
 * `rewrap_failed` and left.
 */
export async function resealSome(ctx: Ctx, limit: number): Promise<number> {
  const plain = sealedColumns.filter((column) => column.sealsPlain)
  const scopes = plain.map(({ table, column }) => `${table}.${column}`)
  const { changed, stuck } = await ctx.vault.renew(ctx.sql, scopes)
  for (const kid of stuck) ctx.log('error', 'rewrap_failed', { kid })
  if (changed > 0) return changed
  let texts = 0
  for (const column of sealedColumns) {
    if (column.sealsPlain) texts += await sealPlain(ctx, column, limit - texts)
    texts += await resealColumn(ctx, column, limit - texts)
  }
  return texts
}

/** Does all of it, each round in a transaction of its own; answers how many texts and keys. */
export async function resealAll(ctx: Ctx): Promise<number> {
  for (let changed = 0; ; ) {
    const some = await asActor(ctx, (tx) => resealSome(tx, ROUND))
    if (some === 0) return changed
    changed += some
  }
}

/**
 * Ends the use of the scope's data key: the next text begins another one. What the old key sealed
 * stays readable, and `resealSome` moves it. A process may seal with the old key for five seconds
 * more.
 */
export async function retireKey(sql: Sql, scope: string, now: Date): Promise<void> {
  await sql`
    update data_keys set retired_at = ${now} where scope = ${scope} and retired_at is null`
  keysChanged(sql)
}

/** `retireKey` for every scope; answers how many. */
export async function rotateKeys(sql: Sql, now: Date): Promise<number> {
  const retired = await sql`
    update data_keys set retired_at = ${now} where retired_at is null returning kid`
  keysChanged(sql)
  return retired.length
}

/**
 * Destroys a data key: what it sealed is gone for ever, but for backups taken before. What is to
 * stay must be resealed first, and five seconds have passed since its key was retired: a process
 * may use a key that long without asking.
 */
export async function shredKey(sql: Sql, kid: string): Promise<void> {
  // Real time, and never compared: a destroyed key must only not be the one in use.
  await sql`
    update data_keys set wrapped = null, retired_at = coalesce(retired_at, now())
    where kid = ${kid}`
  keysChanged(sql)
}

async function resealColumn(ctx: Ctx, column: SealedColumn, limit: number): Promise<number> {
  const failed: string[] = []
  for (let changed = 0; ; ) {
    const old = await sealedWithRetired(ctx.sql, column, { limit: limit - changed, failed })
    if (old.length === 0) return changed
    const fresh = await Promise.all(old.map((row) => renewed(ctx, column, row)))
    failed.push(...old.flatMap((row, i) => (fresh[i] === null ? row.id : [])))
    changed += await replace(
      ctx.sql,
      column,
      fresh.flatMap((row) => row ?? []),
    )
  }
}

/** Null: it cannot be read, which is logged. */
async function renewed(ctx: Ctx, column: SealedColumn, row: Old): Promise<Fresh | null> {
  const cell = cellOf(column, row)
  try {
    const text = await ctx.vault.unseal(ctx.sql, cell, row.text)
    const fresh = await ctx.vault.seal(ctx.sql, cell, text)
    return { id: row.id, old: row.text, fresh, index: '' }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    ctx.log('error', 'reseal_failed', { why: error.message })
    return null
  }
}

/** The scope stays what it was: a column's text never moves to an organisation's key. */
function cellOf({ table, column }: SealedColumn, { id, scope }: Pick<Old, 'id' | 'scope'>): Cell {
  const cell: Cell = { column: `${table}.${column}`, rowId: id }
  const [, organisationId] = /^organisation:(.+)$/.exec(scope) ?? []
  return organisationId === undefined ? cell : { ...cell, organisationId }
}

/**
 * Key by key, and as a range in the order of the index: where one key seals most rows, the planner
 * would not believe that another has few, and read the whole table.
 */
function sealedWithRetired(
  sql: Sql,
  { table, column, idColumn = 'id' }: SealedColumn,
  { limit, failed }: { limit: number; failed: readonly string[] },
): Promise<Old[]> {
  const [id, text, most] = [sql(`t.${idColumn}`), sql(`t.${column}`), Math.max(0, limit)]
  return sql<Old[]>`
    select old.id, old.text, k.scope
    from data_keys k cross join lateral (
      select ${id}::text as id, ${text} as text from ${sql(table)} t
      where sealed_with(${text}) between k.kid and k.kid
        and ${id}::text <> all (${[...failed]}::text[])
      order by sealed_with(${text}) limit ${most} for no key update of t skip locked) old
    where k.retired_at is not null and k.wrapped is not null
      and (k.scope = ${`${table}.${column}`} or k.scope like 'organisation:%')
    limit ${most}`
}

/**
 * Where another row has the index already, the text is sealed without one, which is logged as
 * `index_taken`: this row cannot be found by it any more.
 */
async function sealPlain(ctx: Ctx, column: SealedColumn, limit: number): Promise<number> {
  const { sql, vault } = ctx
  const { table, idColumn = 'id', indexColumn } = column
  const [id, text] = [sql(`t.${idColumn}`), sql(`t.${column.column}`)]
  const plain = await sql<{ id: string; text: string }[]>`
    select ${id}::text as id, ${text} as text from ${sql(table)} t
    where sealed_with(${text}) is null and ${text} <> ''
    limit ${Math.max(0, limit)} for no key update skip locked`
  const rows = await Promise.all(
    plain.map(async (row): Promise<Fresh> => {
      const cell = cellOf(column, { id: row.id, scope: '' })
      const index = vault.indexOf(cell.column, row.text)
      return { id: row.id, old: row.text, fresh: await vault.seal(sql, cell, row.text), index }
    }),
  )
  if (indexColumn === undefined) return replace(sql, column, rows)
  const taken = await sql<{ id: string }[]>`
    select f.id from unnest(${rows.map((row) => row.id)}::text[],
      ${rows.map((row) => row.index)}::text[]) as f(id, index)
    join ${sql(table)} t on ${sql(`t.${indexColumn}`)} = f.index and ${id} <> f.id::uuid`
  for (const row of taken) ctx.log('warn', 'index_taken', { table, id: row.id })
  const without = taken.map((row) => row.id)
  return replace(
    sql,
    column,
    rows,
    sql`, ${sql(indexColumn)} =
    case when f.id = any (${without}::text[]) then null else f.index end`,
  )
}

async function replace(
  sql: Sql,
  { table, column, idColumn = 'id' }: SealedColumn,
  rows: readonly Fresh[],
  also: Fragment = sql``,
): Promise<number> {
  const changed = await sql`
    update ${sql(table)} t set ${sql(column)} = f.fresh ${also}
    from unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.old)}::text[],
      ${rows.map((row) => row.fresh)}::text[], ${rows.map((row) => row.index)}::text[])
      as f(id, old, fresh, index)
    where ${sql(`t.${idColumn}`)} = f.id::uuid and ${sql(`t.${column}`)} = f.old
    returning f.id`
  return changed.length
}
