import { readFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from './config.ts'
import type { Sql } from './connect.ts'

export type Diagnosis = { facts: Record<string, string | number>; problems: string[] }

const counted = [
  'organisations',
  'users',
  'instruments',
  'tariffs',
  'open_hours',
  'bookings',
  'events',
  'event_queue',
] as const

/** What an administrator asks first of a database; a problem is a sentence with what to do. */
export async function diagnose(sql: Sql): Promise<Diagnosis> {
  const [server] = await sql<{ version: string; name: string }[]>`
    select current_setting('server_version') as version, current_database() as name`
  const applied = await appliedMigrations(sql)
  const known = knownMigrations()
  const facts: Diagnosis['facts'] = {
    database: server?.name ?? '',
    postgresql: server?.version ?? '',
    migrations: `${applied} of ${known}`,
  }
  if (applied < known) {
    return {
      facts,
      problems: ['The database is not migrated: start the server, or import a file.'],
    }
  }
  for (const table of counted) {
    const [row] = await sql<{ n: number }[]>`select count(*) as n from ${sql(table)}`
    facts[table] = row?.n ?? 0
  }
  const problems =
    applied > known ? ['The database is newer than this program: update the program.'] : []
  return { facts, problems }
}

async function appliedMigrations(sql: Sql): Promise<number> {
  const [there] = await sql<{ name: string | null }[]>`
    select to_regclass('drizzle.__drizzle_migrations')::text as name`
  if (there?.name === null) return 0
  const [row] = await sql<{ n: number }[]>`select count(*) as n from drizzle.__drizzle_migrations`
  return row?.n ?? 0
}

function knownMigrations(): number {
  const file = path.join(repoRoot, 'drizzle', 'meta', '_journal.json')
  const journal: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const hasEntries = typeof journal === 'object' && journal !== null && 'entries' in journal
  return hasEntries && Array.isArray(journal.entries) ? journal.entries.length : 0
}
