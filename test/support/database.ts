import { randomBytes } from 'node:crypto'
import { connect, type Sql } from '@yiqi/server/kernel/connect.ts'
import { inject } from 'vitest'

export const TEMPLATE = 'yiqi_template'

export type TestDatabase = { sql: Sql; url: string; drop: () => Promise<void> }

const POOL_MAX = 12

/** A database of the test's own, migrated and with the reference data. Drop it in `afterAll`. */
export async function freshDatabase(): Promise<TestDatabase> {
  return cloneOf(TEMPLATE)
}

/** A database of the test's own with nothing in it, for tests of the kernel. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return cloneOf('template0')
}

async function cloneOf(template: string): Promise<TestDatabase> {
  const server = inject('databaseUrl')
  const name = `yiqi_test_${randomBytes(6).toString('hex')}`
  await asAdministrator(server, (sql) => sql.unsafe(`create database ${name} template ${template}`))
  const url = databaseUrl(server, name)
  const sql = connect(url, { max: POOL_MAX })
  return {
    sql,
    url,
    drop: async () => {
      await sql.end({ timeout: 1 })
      await asAdministrator(server, (admin) =>
        admin.unsafe(`drop database if exists ${name} with (force)`),
      )
    },
  }
}

/** The address of another database of the same server. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

/** Runs one thing on a connection that has no time limits, and closes it. */
export async function asAdministrator<T>(
  server: string,
  work: (sql: Sql) => PromiseLike<T>,
): Promise<T> {
  const sql = connect(server, { max: 1, statementTimeoutMs: 0, deadlineMs: 0 })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
