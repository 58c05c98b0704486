import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadConfig, repoRoot } from '@yiqi/server/kernel/config.ts'
import { connect, type Sql } from '@yiqi/server/kernel/connect.ts'
import { startEmbedded } from '@yiqi/server/kernel/embedded.ts'
import { migrate } from '@yiqi/server/kernel/migrate.ts'
import { isAlive, isRunning } from '@yiqi/server/kernel/processes.ts'
import type { TestProject } from 'vitest/node'
import { asAdministrator, databaseUrl, TEMPLATE } from './database.ts'

declare module 'vitest' {
  // Vitest merges this declaration with its own, which only an interface can.
  export interface ProvidedContext {
    databaseUrl: string
  }
}

const PREFIX = 'yiqi-test-'
const REFERENCE = path.join(repoRoot, 'server', 'catalogue', 'load-reference.ts')

/** One throw-away cluster for the whole run, or TEST_DATABASE_URL, with a migrated template. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { testDatabaseUrl, pgBin } = loadConfig()
  if (testDatabaseUrl !== null) {
    await makeTemplate(testDatabaseUrl)
    project.provide('databaseUrl', testDatabaseUrl)
    return async () => {}
  }
  removeLeftOvers()
  const dataDir = mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`))
  chmodSync(dataDir, 0o755)
  const cluster = await startEmbedded({ dataDir, pgBin, throwaway: true, log: console.log })
  await makeTemplate(cluster.url)
  project.provide('databaseUrl', cluster.url)
  return async () => {
    await cluster.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function makeTemplate(server: string): Promise<void> {
  await asAdministrator(server, async (sql) => {
    await sql.unsafe(`drop database if exists ${TEMPLATE} with (force)`)
    await sql.unsafe(`create database ${TEMPLATE} template template0`)
  })
  const url = databaseUrl(server, TEMPLATE)
  await migrate(url)
  await loadReference(url)
}

/** HOOK: the catalogue's reference data goes into the template as soon as its loader exists. */
async function loadReference(url: string): Promise<void> {
  if (!existsSync(REFERENCE)) return
  const module: unknown = await import(pathToFileURL(REFERENCE).href)
  if (!hasLoader(module)) throw new Error('load-reference.ts has no loadReference(sql)')
  const sql = connect(url, { max: 4, statementTimeoutMs: 0, deadlineMs: 0 })
  try {
    await module.loadReference(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

type Loader = { loadReference: (sql: Sql) => Promise<unknown> }

function hasLoader(module: unknown): module is Loader {
  return typeof module === 'object' && module !== null && 'loadReference' in module
}

/** The clusters of runs that were killed: each folder is named for the process that made it. */
function removeLeftOvers(): void {
  mkdirSync(tmpdir(), { recursive: true })
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? 0)
    if (owner === 0 || isAlive(owner)) continue
    const folder = path.join(tmpdir(), name)
    const lock = path.join(folder, 'postgres', 'postmaster.pid')
    const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8').split('\n')[0]) : 0
    if (pid > 0 && isRunning(pid, folder)) process.kill(pid, 'SIGQUIT')
    rmSync(folder, { recursive: true, force: true })
  }
}
