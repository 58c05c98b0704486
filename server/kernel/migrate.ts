import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { repoRoot } from './config.ts'
import { connect, inTransaction, type Sql } from './connect.ts'

export type Migrated = { functionsApplied: string[] }

/** Any number will do, as long as nothing else locks it. */
const MIGRATION_LOCK = 7_154_201_611
const CONNECTION = { max: 1, statementTimeoutMs: 0, lockTimeoutMs: 0, deadlineMs: 0 } as const

/**
 * Brings the database up to `folder`: first the migrations, each once; then every file of
 * `functions/` whose content changed, in order of name. Safe when several servers start together:
 * one works, the others wait for it and find nothing to do. All or nothing in each of the two
 * parts.
 */
export async function migrate(
  url: string,
  folder = path.join(repoRoot, 'drizzle'),
): Promise<Migrated> {
  const sql = connect(url, CONNECTION)
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    await migrateTables(url, folder)
    return { functionsApplied: await inTransaction(sql, (tx) => applyFunctions(tx, folder)) }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** On a connection of its own: drizzle replaces the parsers of the one it is given. */
async function migrateTables(url: string, folder: string): Promise<void> {
  if (!existsSync(path.join(folder, 'meta', '_journal.json'))) return
  const sql = connect(url, { ...CONNECTION, plainNames: true })
  try {
    await applyMigrations(drizzle(sql), { migrationsFolder: folder })
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function applyFunctions(tx: Sql, folder: string): Promise<string[]> {
  await tx`create table if not exists applied_functions (
    name text primary key,
    hash text not null,
    applied_at timestamptz not null
  )`
  const rows = await tx<{ name: string; hash: string }[]>`select name, hash from applied_functions`
  const hashByName = new Map(rows.map((row) => [row.name, row.hash]))
  const changed = functionFiles(folder).filter((file) => hashByName.get(file.name) !== file.hash)
  for (const file of changed) await applyFunction(tx, file)
  return changed.map((file) => file.name)
}

type FunctionFile = { name: string; text: string; hash: string }

function functionFiles(folder: string): FunctionFile[] {
  const inside = path.join(folder, 'functions')
  if (!existsSync(inside)) return []
  const names = readdirSync(inside).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => {
    const text = readFileSync(path.join(inside, name), 'utf8')
    return { name, text, hash: createHash('sha256').update(text).digest('hex') }
  })
}

async function applyFunction(tx: Sql, { name, text, hash }: FunctionFile): Promise<void> {
  try {
    await tx.unsafe(text)
  } catch (error) {
    throw new Error(`drizzle/functions/${name} was refused: ${String(error)}`, { cause: error })
  }
  await tx`insert into applied_functions (name, hash, applied_at) values (${name}, ${hash}, now())
    on conflict (name) do update set hash = excluded.hash, applied_at = excluded.applied_at`
}
