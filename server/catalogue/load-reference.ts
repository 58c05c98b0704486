import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '../kernel/config.ts'
import { inTransaction, type Sql } from '../kernel/connect.ts'
import { readTable } from '../kernel/read-table.ts'

const FOLDER = path.join(repoRoot, 'drizzle', 'reference')
/** Any number will do, as long as nothing else locks it. */
const REFERENCE_LOCK = 7_154_201_612

const loaders = [
  { name: 'classes.csv', load: loadClasses },
  { name: 'kinds.csv', load: loadKinds },
  { name: 'synonyms.csv', load: loadSynonyms },
  { name: 'holidays.csv', load: loadCalendarDays },
] as const

/**
 * Brings classes, kinds, synonyms and the calendar up to the files of `drizzle/reference`. A file
 * whose content is loaded already is only hashed, so that a start costs milliseconds. Codes that
 * left a file stay in the database, because instruments and bookings may name them; synonyms are
 * replaced.
 */
export async function loadReference(sql: Sql): Promise<void> {
  const files = loaders.map((each) => {
    const content = readFileSync(path.join(FOLDER, each.name))
    return { ...each, content, hash: createHash('sha256').update(content).digest('hex') }
  })
  const loaded = await hashes(sql)
  if (files.every((file) => loaded.get(file.name) === file.hash)) return
  await inTransaction(sql, async (tx) => {
    await tx`select pg_advisory_xact_lock(${REFERENCE_LOCK})`
    const now = await hashes(tx)
    for (const { name, hash, content, load } of files) {
      if (now.get(name) === hash) continue
      await load(tx, content)
      await tx`insert into loaded_files (name, hash, loaded_at) values (${name}, ${hash}, now())
        on conflict (name) do update set hash = excluded.hash, loaded_at = excluded.loaded_at`
    }
  })
}

async function hashes(sql: Sql): Promise<Map<string, string>> {
  const rows = await sql<{ name: string; hash: string }[]>`select name, hash from loaded_files`
  return new Map(rows.map((row) => [row.name, row.hash]))
}

async function loadClasses(sql: Sql, content: Buffer): Promise<void> {
  const rows = readTable(content, ['code', 'parent', 'display_name', 'path'])
  await sql`
    insert into instrument_classes (code, parent_code, name, path)
    select code, nullif(parent, ''), display_name, path
    from jsonb_to_recordset(${sql.json(rows)}) as r(code text, parent text, display_name text,
      path text)
    on conflict (code) do update
      set parent_code = excluded.parent_code, name = excluded.name, path = excluded.path`
}

async function loadKinds(sql: Sql, content: Buffer): Promise<void> {
  const rows = readTable(content, ['kind', 'zh', 'other_names', 'en', 'class_code'])
  await sql`
    insert into instrument_kinds (kind, name, other_names, english_name, class_code)
    select kind, zh, other_names, en, class_code
    from jsonb_to_recordset(${sql.json(rows)})
      as r(kind text, zh text, other_names text, en text, class_code text)
    on conflict (kind) do update
      set name = excluded.name, other_names = excluded.other_names,
        english_name = excluded.english_name, class_code = excluded.class_code`
}

async function loadSynonyms(sql: Sql, content: Buffer): Promise<void> {
  const rows = readTable(content, ['term', 'kind', 'type'])
  await sql`delete from synonyms`
  await sql`
    insert into synonyms (term, kind, type)
    select term, kind, type
    from jsonb_to_recordset(${sql.json(rows)}) as r(term text, kind text, type text)
    on conflict do nothing`
}

async function loadCalendarDays(sql: Sql, content: Buffer): Promise<void> {
  const rows = readTable(content, ['date', 'kind', 'name', 'year', 'status', 'source'])
  const years = [...new Set(rows.map((row) => Number(row.year)))]
  await sql`delete from calendar_days where extract(year from date) = any(${years}::int[])`
  await sql`
    insert into calendar_days (date, kind, name, status, source)
    select date, kind, name, status, source
    from jsonb_to_recordset(${sql.json(rows)})
      as r(date date, kind text, name text, status text, source text)`
}
