import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { migrate } from '@yiqi/server/kernel/migrate.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'yiqi-migrations-'))
let database: TestDatabase

beforeAll(async () => {
  mkdirSync(path.join(folder, 'meta'))
  mkdirSync(path.join(folder, 'functions'))
  writeMigrations(['create table "pears" ("id" integer primary key)'])
  writeFunction('10_answer.sql', '41')
  database = await emptyDatabase()
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

describe('migrate', () => {
  test('two at once on an empty database: each thing is done once', async () => {
    const both = await Promise.all([migrate(database.url, folder), migrate(database.url, folder)])
    const applied = both.flatMap((each) => each.functionsApplied)
    expect(applied).toEqual(['10_answer.sql'])
    expect(await answer()).toBe(41)
    expect(await migrationsApplied()).toBe(1)
  })

  test('on a migrated database does nothing, in less than a second', async () => {
    const started = Date.now()
    expect(await migrate(database.url, folder)).toEqual({ functionsApplied: [] })
    expect(Date.now() - started).toBeLessThan(1_000)
  })

  test('applies only the function whose text changed', async () => {
    writeFunction('20_other.sql', '7', 'other')
    writeFunction('10_answer.sql', '42')
    expect(await migrate(database.url, folder)).toEqual({
      functionsApplied: ['10_answer.sql', '20_other.sql'],
    })
    writeFunction('10_answer.sql', '43')
    expect(await migrate(database.url, folder)).toEqual({ functionsApplied: ['10_answer.sql'] })
    expect(await answer()).toBe(43)
  })

  test('a new migration runs before the functions that need it', async () => {
    writeMigrations([
      'create table "pears" ("id" integer primary key)',
      'create table "plums" ("id" integer primary key);--> statement-breakpoint\ninsert into "plums" values (5)',
    ])
    writeFunction('10_answer.sql', '(select max(id) from plums)')
    await migrate(database.url, folder)
    expect(await answer()).toBe(5)
    expect(await migrationsApplied()).toBe(2)
  })

  test('a refused function names its file and leaves the others as they were', async () => {
    writeFunction('10_answer.sql', '6')
    writeFunction('30_broken.sql', 'no_such_column')
    await expect(migrate(database.url, folder)).rejects.toThrow('30_broken.sql was refused')
    expect(await answer()).toBe(5)
  })
})

function writeMigrations(texts: string[]): void {
  const entries = texts.map((text, idx) => {
    const tag = `000${idx}_fruit`
    writeFileSync(path.join(folder, `${tag}.sql`), text)
    return { idx, version: '7', when: 1_700_000_000_000 + idx, tag, breakpoints: true }
  })
  const journal = { version: '7', dialect: 'postgresql', entries }
  writeFileSync(path.join(folder, 'meta', '_journal.json'), JSON.stringify(journal))
}

function writeFunction(file: string, value: string, name = 'answer'): void {
  const text = `-- two statements on purpose
create or replace function ${name}() returns int language sql as $$ select ${value} $$;
comment on function ${name}() is '答案';`
  writeFileSync(path.join(folder, 'functions', file), text)
}

async function answer(): Promise<unknown> {
  const [row] = await database.sql`select answer() as answer`
  return row?.answer
}

async function migrationsApplied(): Promise<unknown> {
  const [row] = await database.sql`select count(*) as n from drizzle.__drizzle_migrations`
  return row?.n
}
