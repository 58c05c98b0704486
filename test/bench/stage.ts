import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadReference } from '@yiqi/server/catalogue/load-reference.ts'
import { buildServer } from '@yiqi/server/kernel/build.ts'
import { childEnv, loadConfig, repoRoot } from '@yiqi/server/kernel/config.ts'
import { connect, type Sql } from '@yiqi/server/kernel/connect.ts'
import { startEmbedded } from '@yiqi/server/kernel/embedded.ts'
import { migrate } from '@yiqi/server/kernel/migrate.ts'
import { loadNotices } from '@yiqi/server/notice/load-notices.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { asAdministrator, databaseUrl } from '../support/database.ts'
import { SECRETS_DIR } from '../support/log-ins.ts'
import { freePort } from '../support/ports.ts'
import { until } from './loops.ts'

/** A PostgreSQL of its own, as `pnpm start` runs it, with the product's tables and words. */
export type Stage = {
  folder: string
  postmaster: () => number
  /** How PostgreSQL was set, for the record. */
  settings: Record<string, string>
  /** Runs `work` on a new database, with one connection that has no time limits. */
  withDatabase: <T>(work: (database: Database) => Promise<T>) => Promise<T>
  stop: () => Promise<void>
}
export type Database = { url: string; sql: Sql }

export type Server = { port: number; pid: number }

const READY_MS = 60_000
const DELIVERED_MS = 30_000
const TOLD = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers']

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(path.join(tmpdir(), `yiqi-test-${process.pid}-bench-`))
  chmodSync(folder, 0o755)
  // Not a throw-away one: that would not wait for the disk.
  const cluster = await startEmbedded({ dataDir: folder, pgBin: loadConfig().pgBin })
  const stop = async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await migrate(cluster.url)
    await asAdministrator(cluster.url, loadReference)
    await asAdministrator(cluster.url, loadNotices)
    await buildServer()
    let made = 0
    return {
      folder,
      postmaster: cluster.pid,
      settings: await asAdministrator(cluster.url, settingsOf),
      withDatabase: (work) => withCopy(cluster.url, `bench_${++made}`, work),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Runs `work` beside the bundled server, started as `pnpm start` does, with its jobs. */
export async function withServer<T>(
  { folder }: Stage,
  { url }: Database,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const port = await freePort()
  const env = {
    DATABASE_URL: url,
    DATA_DIR: folder,
    HOST: '127.0.0.1',
    PORT: String(port),
    DEMO: '0',
    WORKER: 'in',
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    SECRETS_DIR,
    RATE_LIMITS: '0',
  }
  // The channel ends the server with us, however we end.
  const bundle = path.join(repoRoot, 'server', 'dist', 'main.mjs')
  const child = spawn(process.execPath, ['--enable-source-maps', bundle], {
    cwd: repoRoot,
    env: childEnv(env),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  try {
    await until('the server is ready', READY_MS, async () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error('the server ended at its start')
      return fetch(`http://127.0.0.1:${port}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      )
    })
    return await work({ port, pid: must(child.pid, 'the pid of the server') })
  } finally {
    const lives = child.exitCode === null && child.signalCode === null
    const gone = lives ? once(child, 'exit') : null
    child.kill('SIGTERM')
    await gone
  }
}

/** Waits until the server's jobs have delivered every event. */
export function delivered(sql: Sql): Promise<void> {
  return until('every event is delivered', DELIVERED_MS, async () => {
    const waiting = await sql`select from event_queue limit 1`
    return waiting.length === 0
  })
}

async function withCopy<T>(
  server: string,
  name: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const template = new URL(server).pathname.slice(1)
  const administer = (statement: string) =>
    asAdministrator(databaseUrl(server, 'postgres'), (sql) => sql.unsafe(statement))
  await administer(`create database ${name} template ${template}`)
  const url = databaseUrl(server, name)
  const sql = connect(url, { max: 1, statementTimeoutMs: 0, lockTimeoutMs: 0, deadlineMs: 0 })
  try {
    return await work({ url, sql })
  } finally {
    await sql.end({ timeout: 5 })
    await administer(`drop database ${name} with (force)`)
  }
}

async function settingsOf(sql: Sql): Promise<Record<string, string>> {
  const rows = await sql<{ name: string; value: string }[]>`
    select name, current_setting(name) as value from unnest(${TOLD}::text[]) as name`
  return Object.fromEntries(rows.map((row) => [row.name, row.value]))
}
