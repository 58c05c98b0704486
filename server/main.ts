import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerType, serve } from '@hono/node-server'
import { makeApp } from './app.ts'
import { loadReference } from './catalogue/load-reference.ts'
import { loadDemo } from './demo-life.ts'
import { deliverToConsole } from './identity/deliver-code.ts'
import { erasuresFolder } from './identity/erase-closed-accounts.ts'
import { type Keyring, makeKeyring } from './identity/keyring.ts'
import { type LogIns, makeLogIns } from './identity/log-ins.ts'
import { makeTokens } from './identity/tokens.ts'
import { proxies } from './kernel/address.ts'
import { sealKey } from './kernel/audit-seals.ts'
import { makeClock } from './kernel/clock.ts'
import { type Config, loadConfig, vaultKeys } from './kernel/config.ts'
import { connect, isNotDone } from './kernel/connect.ts'
import { makeFileStore } from './kernel/file-store.ts'
import { httpSettings } from './kernel/http-settings.ts'
import { makeLimits } from './kernel/limits.ts'
import { type Log, makeLog, traceOf } from './kernel/log.ts'
import { migrate } from './kernel/migrate.ts'
import { resealAll } from './kernel/reseal.ts'
import type { App, World } from './kernel/serve.ts'
import { makeVault } from './kernel/vault.ts'
import { scannerAt } from './kernel/virus-scanner.ts'
import { wechatOf } from './kernel/wechat.ts'
import { loadNotices } from './notice/load-notices.ts'
import { jobCtx, startWorker } from './worker.ts'

const APP_ROLE = 'yiqi_app'
/** A demonstration is shown to many from one place. */
const DEMO_FACTOR = 20
const DRAIN_MS = 20_000
const DATABASE_MS = 60_000
const ASK_AGAIN_MS = 250

async function main(): Promise<void> {
  const config = loadConfig()
  const log = makeLog(config.logLevel)
  const crash = (error: unknown) => {
    log('error', 'crash', { stack: traceOf(error) })
    process.exit(1)
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)

  const { databaseUrl } = config
  if (databaseUrl === null)
    throw new Error('DATABASE_URL is not set; `pnpm start` brings a database')
  await whenReachable(() => migrate(databaseUrl), log)
  const { world, logIns, keyring } = await openWorld(config, databaseUrl, log)
  const { sql, vault, demo } = world
  // Before anybody is looked up by what is sealed: a plain number would not be found.
  await resealAll(jobCtx(world, 'reseal'))
  await loadReference(sql)
  await loadNotices(sql)
  if (demo) await loadDemo(jobCtx(world, 'load-demo'))

  const seals = {
    key: sealKey(path.join(config.secretsDir, 'audit-key')),
    folder: path.join(config.dataDir, 'audit-seals'),
  }
  const files = makeFileStore({
    dir: path.join(config.dataDir, 'files'),
    scanner: config.clamd === null ? null : scannerAt(config.clamd),
    vault,
  })
  const outside = { files, seals, keyring, erasuresFolder: erasuresFolder(config.dataDir) }
  const worker = config.worker === 'off' ? null : startWorker(world, outside)
  const ready = () =>
    sql`select 1`.then(
      () => true,
      () => false,
    )
  const app = makeApp({
    world,
    ports: {
      logIns,
      wechat: wechatOf(config, log),
      deliver: deliverToConsole,
      sealsFolder: seals.folder,
    },
    clientDir: path.join(config.root, 'client', 'dist', 'h5'),
    ready,
    origins: config,
    files,
  })
  const server = config.worker === 'only' ? null : listen(app, config, world)
  stopOnSignals(async () => {
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    await worker?.stop()
    await sql.end({ timeout: 5 })
  })
}

/** What makes the database, its keys and the log-ins one world. */
async function openWorld(
  config: Config,
  url: string,
  log: Log,
): Promise<{ world: World; logIns: LogIns; keyring: Keyring }> {
  const sql = connect(url, { max: config.poolMax, ...(await behindTheWall(url, log)) })
  const clock = makeClock(() => new Date())
  await clock.refresh(sql)
  const demo = config.demo ?? false
  const vault = makeVault(vaultKeys(config))
  const keyring = makeKeyring({ file: path.join(config.secretsDir, 'signing-keys') })
  const logIns = makeLogIns(makeTokens({ keyring, vault }))
  const world: World = {
    sql,
    clock,
    demo,
    log,
    vault,
    trustedProxies: proxies(config.trustedProxies),
    limits: config.rateLimits ? makeLimits({ factor: demo ? DEMO_FACTOR : 1 }) : null,
    secureCookies: config.publicOrigin?.startsWith('https:') ?? false,
    actorOf: (token, how) => logIns.actorOf(sql, token, how),
  }
  return { world, logIns, keyring }
}

function listen(app: App, { port, host }: Config, { log, demo }: World): ServerType {
  return serve(
    { fetch: app.hono.fetch, port, hostname: host, serverOptions: httpSettings },
    (info) => log('info', 'listening', { port: info.port, demo }),
  )
}

/** Ends what is under way and then the process; a second signal ends it at once. */
function stopOnSignals(end: () => Promise<void>): void {
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => process.exit(1), DRAIN_MS).unref()
    await end()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

/**
 * The role that row-level security holds for; without it the server works all the same, behind its
 * own queries alone, and says so.
 */
async function behindTheWall(url: string, log: Log): Promise<{ role: string } | object> {
  const sql = connect(url, { max: 1 })
  const [row] = await sql<{ usable: boolean }[]>`
    select pg_has_role(oid, 'member') as usable from pg_roles where rolname = ${APP_ROLE}`
  await sql.end({ timeout: 1 })
  if (row?.usable) return { role: APP_ROLE }
  log('warn', 'no_second_wall', { role: APP_ROLE })
  return {}
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
