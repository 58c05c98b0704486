import { readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** The migrator's own table, made before the first migration. */
const ofTheMigrator = ['applied_functions']

it('the declared tables are the tables of the database, column by column', async () => {
  const declared: Record<string, string[]> = {}
  const server = path.join(repoRoot, 'server')
  const files = readdirSync(server, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((name) => /^[\w-]+\/tables[\w-]*\.ts$/.test(name))) {
    const href = pathToFileURL(path.join(server, file)).href
    const module: Record<string, unknown> = await import(href)
    for (const table of Object.values(module)) {
      if (!(table instanceof PgTable)) continue
      const { name, columns } = getTableConfig(table)
      declared[name] = columns
        .map((column) => `${column.name} ${column.notNull ? 'not null' : 'null'}`)
        .sort()
    }
  }
  const rows = await database.sql<{ tableName: string; columnName: string; isNullable: string }[]>`
    select c.table_name, c.column_name, c.is_nullable from information_schema.columns c
      join information_schema.tables t on t.table_schema = c.table_schema
        and t.table_name = c.table_name
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
      and c.table_name <> all (${ofTheMigrator})`
  const real: Record<string, string[]> = {}
  for (const row of rows)
    real[row.tableName] = [
      ...(real[row.tableName] ?? []),
      `${row.columnName} ${row.isNullable === 'NO' ? 'not null' : 'null'}`,
    ].sort()
  expect(real).toEqual(declared)
})

it('every foreign key says what happens on delete, and every constraint has a name of ours', async () => {
  const silent = await database.sql<{ conname: string }[]>`
    select conname from pg_constraint where contype = 'f' and confdeltype = 'a'
      and connamespace = 'public'::regnamespace`
  expect(silent).toEqual([])
})
