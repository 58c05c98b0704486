import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { makeApp } from './app.ts'
import { loadReference } from './catalogue/load-reference.ts'
import { loadDemo } from './demo-life.ts'
import { makeTokens } from './identity/tokens.ts'
import { makeClock } from './kernel/clock.ts'
import { loadConfig, tokenSecret } from './kernel/config.ts'
import { connect, isNotDone } from './kernel/connect.ts'
import { type Log, makeLog } from './kernel/log.ts'
import { migrate } from './kernel/migrate.ts'
import type { World } from './kernel/serve.ts'
import { loadNotices } from './notice/load-notices.ts'
import { jobCtx, startWorker } from './worker.ts'

const DRAIN_MS = 20_000
const DATABASE_MS = 60_000
const ASK_AGAIN_MS = 250

async function main(): Promise<void> {
  const config = loadConfig()
  const log = makeLog(config.logLevel)
  const crash = (error: unknown) => {
    log('error', 'crash', {
      stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    process.exit(1)
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)

  const { databaseUrl } = config
  if (databaseUrl === null)
    throw new Error('DATABASE_URL is not set; `pnpm start` brings a database')
  await whenReachable(() => migrate(databaseUrl), log)
  const sql = connect(databaseUrl, { max: config.poolMax })
  const clock = makeClock(() => new Date())
  await clock.refresh(sql)
  const demo = config.demo ?? false
  const tokens = makeTokens({ secret: tokenSecret(config), lifetimeHours: demo ? 12 : 2 })
  const world: World = { sql, clock, demo, log, actorOf: (token) => tokens.actorOf(sql, token) }
  await loadReference(sql)
  await loadNotices(sql)
  if (demo) await loadDemo(jobCtx(world, 'load-demo'))

  const worker = config.worker === 'off' ? null : startWorker(world)
  const ready = () =>
    sql`select 1`.then(
      () => true,
      () => false,
    )
  const app = makeApp({
    world,
    tokens,
    clientDir: path.join(config.root, 'client', 'dist', 'h5'),
    ready,
  })
  const server =
    config.worker === 'only'
      ? null
      : serve({ fetch: app.hono.fetch, port: config.port, hostname: config.host }, (info) =>
          log('info', 'listening', { port: info.port, demo }),
        )

  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => process.exit(1), DRAIN_MS).unref()
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    await worker?.stop()
    await sql.end({ timeout: 5 })
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

/** A database that is just starting again is waited for; anything else ends the start. */
async function whenReachable(work: () => Promise<unknown>, log: Log): Promise<void> {
  for (const until = performance.now() + DATABASE_MS; ; ) {
    try {
      await work()
      return
    } catch (error) {
      if (!isNotDone(error) || performance.now() > until) throw error
      log('warn', 'database_awaited', { error: String(error) })
      await sleep(ASK_AGAIN_MS)
    }
  }
}

void main()
