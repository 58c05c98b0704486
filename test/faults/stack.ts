import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildServer } from '@yiqi/server/kernel/build.ts'
import { childEnv, repoRoot } from '@yiqi/server/kernel/config.ts'
import { connect, type Sql } from '@yiqi/server/kernel/connect.ts'
import { startEmbedded } from '@yiqi/server/kernel/embedded.ts'
import { supervise } from '@yiqi/server/kernel/supervise.ts'
import { SECRETS_DIR } from '../support/log-ins.ts'
import { freePort } from '../support/ports.ts'
import { type Ask, makeAsk } from './ask.ts'
import { type Network, startNetwork } from './network.ts'

/**
 * The product as it runs: its durable PostgreSQL, kept alive by the product, and the bundled
 * server, supervised by the product, with only our network between the two.
 */
export type Stack = {
  ask: Ask
  network: Network
  /** One connection to the database, not through the network. */
  sql: Sql
  databasePid: () => number
  /** Undefined while the server is being started again. */
  serverPid: () => number | undefined
  /** How often the server ended, by whatever cause. */
  serverDeaths: () => number
  serverGaveUp: () => boolean
  /** Whether the server answers at all, and whether it reaches its database. */
  isUp: () => Promise<boolean>
  isReady: () => Promise<boolean>
  stop: () => Promise<void>
}

const READY_WITHIN_MS = 60_000

export async function startStack(dataDir: string): Promise<Stack> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const one of stops.splice(0)) await one()
  }
  try {
    const database = await startEmbedded({ dataDir })
    stops.unshift(database.stop)
    const network = await startNetwork(Number(new URL(database.url).port))
    stops.unshift(network.stop)
    const port = await freePort()
    let deaths = 0
    let gaveUp = false
    const server = supervise(
      {
        name: 'server',
        file: process.execPath,
        args: ['--enable-source-maps', await buildServer()],
        env: serverEnv({ port, dataDir, databaseUrl: throughPort(database.url, network.port) }),
        cwd: repoRoot,
      },
      () => deaths++,
    )
    server.gaveUp.then(() => (gaveUp = true))
    stops.unshift(server.stop)
    const sql = connect(database.url, { max: 1, statementTimeoutMs: 60_000, deadlineMs: 60_000 })
    stops.unshift(() => sql.end({ timeout: 1 }))
    const is = (url: string) =>
      fetch(`http://127.0.0.1:${port}${url}`, { signal: AbortSignal.timeout(1_000) }).then(
        (answer) => answer.ok,
        () => false,
      )
    const stack: Stack = {
      ask: makeAsk(port),
      network,
      sql,
      databasePid: database.pid,
      serverPid: server.pid,
      serverDeaths: () => deaths,
      serverGaveUp: () => gaveUp,
      isUp: () => is('/healthz'),
      isReady: () => is('/readyz'),
      stop,
    }
    const ready = await waitUntil(stack.isReady, READY_WITHIN_MS)
    if (ready === null) throw new Error('the server was not ready in time')
    return stack
  } catch (error) {
    await stop()
    throw error
  }
}

/** Kills without a word and waits until it is gone. */
export async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await waitUntil(async () => !existsSync(path.join('/proc', String(pid))), READY_WITHIN_MS, 2)
}

/** Milliseconds until `ask` said yes, or null when it did not in time. */
export async function waitUntil(
  ask: () => Promise<boolean>,
  withinMs: number,
  everyMs = 10,
): Promise<number | null> {
  const started = performance.now()
  for (;;) {
    if (await ask()) return performance.now() - started
    if (performance.now() - started > withinMs) return null
    await sleep(everyMs)
  }
}

function serverEnv(at: { port: number; dataDir: string; databaseUrl: string }): NodeJS.ProcessEnv {
  return childEnv({
    DATABASE_URL: at.databaseUrl,
    DATA_DIR: at.dataDir,
    HOST: '127.0.0.1',
    PORT: String(at.port),
    DEMO: '0',
    NODE_ENV: 'production',
    LOG_LEVEL: 'silent',
    SECRETS_DIR,
    RATE_LIMITS: '0',
  })
}

function throughPort(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}
