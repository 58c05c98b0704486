import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { buildH5, buildServer, watchH5Command } from './kernel/build.ts'
import { type Config, childEnv, loadConfig, repoRoot } from './kernel/config.ts'
import { startEmbedded } from './kernel/embedded.ts'
import { type Supervised, supervise } from './kernel/supervise.ts'

const SLOW_MS = 2_000
const ASK_AGAIN_MS = 100

try {
  await start(loadConfig(), process.argv.includes('--watch'))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

/** Database, builds, server, in this order; ends them in the opposite one. */
async function start(config: Config, watching: boolean): Promise<void> {
  mkdirSync(config.dataDir, { recursive: true })
  if (config.worker !== 'only') await mustBeFree(config)
  const undo: (() => Promise<void>)[] = []
  const stopAll = onSignals(undo)
  try {
    const database = await openDatabase(config)
    undo.unshift(database.stop)
    const demo = decideDemo(config, database.fresh)
    const environment = childEnv({
      DATABASE_URL: database.url,
      DATA_DIR: config.dataDir,
      HOST: config.host,
      PORT: String(config.port),
      DEMO: demo ? '1' : '0',
      NODE_ENV: watching ? 'development' : 'production',
    })
    const children = watching ? startWatching(environment) : await startBuilt(environment)
    for (const child of children) undo.unshift(child.stop)
    for (const child of children) child.gaveUp.then(() => stopAll(1))
    await announce(config, demo)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    await stopAll(1)
  }
}

type Database = { url: string; fresh: boolean; stop: () => Promise<void> }

async function openDatabase(config: Config): Promise<Database> {
  if (config.databaseUrl !== null) {
    return { url: config.databaseUrl, fresh: false, stop: async () => {} }
  }
  const { dataDir, pgBin } = config
  const starting = startEmbedded({ dataDir, pgBin, log: console.log })
  const database = await telling('starting the database', starting)
  return {
    ...database,
    stop: () => telling('stopping the database', database.stop()),
  }
}

/** Said, else remembered, else yes only for our own database on an empty folder. */
function decideDemo(config: Config, fresh: boolean): boolean {
  const file = path.join(config.dataDir, 'demo')
  const remembered = existsSync(file) ? readFileSync(file, 'utf8').trim() === '1' : null
  const demo = config.demo ?? remembered ?? fresh
  if (remembered === null) writeFileSync(file, demo ? '1\n' : '0\n')
  return demo
}

async function startBuilt(env: NodeJS.ProcessEnv): Promise<Supervised[]> {
  await buildH5()
  const bundle = await buildServer()
  const args = ['--enable-source-maps', bundle]
  return [supervise({ name: 'server', file: process.execPath, args, env, cwd: repoRoot })]
}

function startWatching(env: NodeJS.ProcessEnv): Supervised[] {
  const tsx = path.join(repoRoot, 'node_modules', 'tsx', 'dist', 'cli.mjs')
  const args = [tsx, 'watch', '--clear-screen=false', 'server/main.ts']
  const client = { ...watchH5Command(), env: childEnv({ NODE_ENV: 'development' }) }
  return [
    supervise({ name: 'server', file: process.execPath, args, env, cwd: repoRoot }),
    supervise({ name: 'web client', ...client }),
  ]
}

/** A second signal changes nothing: the children are already told, and killed if they are slow. */
function onSignals(undo: (() => Promise<void>)[]): (code: number) => Promise<void> {
  let stopping: Promise<void> | null = null
  const stop = async (code: number): Promise<void> => {
    for (const step of undo) await step()
    process.exit(code)
  }
  const stopOnce = (code: number): Promise<void> => {
    stopping ??= stop(code)
    return stopping
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopOnce(0))
  }
  return stopOnce
}

/** Said before anything is started, instead of a server that dies again and again. */
function mustBeFree({ host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      reject(new Error(`cannot listen on ${host}:${port} (${error.message}): set PORT or HOST`))
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

async function announce(config: Config, demo: boolean): Promise<void> {
  if (config.worker === 'only') {
    console.log('Running recurring jobs only; no address is listened on.')
    return
  }
  const everywhere = config.host === '0.0.0.0' || config.host === '::'
  const url = `http://${everywhere ? 'localhost' : config.host}:${config.port}`
  await telling('waiting for the server', answers(url))
  console.log(`Yiqi is at ${url}`)
  if (demo) console.log('Demo people are on the log-in page: choose one to look around as.')
}

async function answers(url: string): Promise<void> {
  for (;;) {
    const reached = await fetch(url).then(
      () => true,
      () => false,
    )
    if (reached) return
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
}

/** Prints what is being waited for when it takes long enough to wonder. */
async function telling<T>(what: string, work: Promise<T>): Promise<T> {
  const started = Date.now()
  const timer = setInterval(() => {
    console.log(`${what} (${Math.round((Date.now() - started) / 1000)} s)`)
  }, SLOW_MS)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}
