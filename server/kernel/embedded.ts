import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { keptSecret } from './config.ts'
import { connect } from './connect.ts'
import {
  type Binaries,
  findBinaries,
  howToRun,
  program,
  type RunAs,
  reachable,
} from './embedded-binaries.ts'
import { identity, isAlive, isRunning, within } from './processes.ts'

export type EmbeddedOptions = {
  dataDir: string
  pgBin?: string | null
  /** Throw-away: quick and unsafe, for tests. */
  throwaway?: boolean
  log?: (line: string) => void
}

export type Embedded = {
  url: string
  /** True when the data folder was empty before. */
  fresh: boolean
  /** The postmaster's process id, which changes when it had to be started again. */
  pid: () => number
  stop: () => Promise<void>
}

const USER = 'yiqi'
const DATABASE = 'yiqi'
const PASSWORD_BYTES = 24
const READY_WITHIN_MS = 60_000
const STOPPED_WITHIN_MS = 30_000
const WATCH_EVERY_MS = 250
const STARTS_MAX = 5
const STARTS_WINDOW_MS = 60_000
const LOG_BYTES_MAX = 10_000_000

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '1GB',
  jit: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
}

const throwawaySettings = {
  shared_buffers: '128MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum_naptime: '10min',
}

type Cluster = {
  data: string
  dataDir: string
  binaries: Binaries
  runAs: RunAs
  throwaway: boolean
  password: string
  log: (line: string) => void
}

/**
 * Starts PostgreSQL on a loopback port with its files in `dataDir`, or takes over the one a killed
 * process left running there. Started again on the same port should it die. `stop` shuts it down
 * fast; another living process that uses the same folder keeps it running instead.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  mkdirSync(options.dataDir, { recursive: true })
  const data = path.join(options.dataDir, 'postgres')
  const fresh = !existsSync(data)
  const owner = claim(options.dataDir)
  if (!owner) await within(READY_WITHIN_MS, () => (existsSync(data) ? true : null))
  const cluster = prepare(options, data)
  let running = (await leftRunning(cluster)) ?? (await launch(cluster))
  const url = `postgres://${USER}:${cluster.password}@127.0.0.1:${running.port}/${DATABASE}`
  await createDatabase(url)
  const guard = owner
    ? keepAlive(
        cluster,
        () => running,
        (next) => {
          running = next
        },
      )
    : null
  return {
    url,
    fresh,
    pid: () => running.pid,
    stop: async () => {
      await guard?.stop()
      if (!owner) return
      await shutDown(cluster, running.pid)
      owned.delete(options.dataDir)
      rmSync(ownerFile(options.dataDir), { force: true })
    },
  }
}

function prepare(options: EmbeddedOptions, data: string): Cluster {
  const { dataDir, log = () => {} } = options
  const runAs = howToRun()
  const found = findBinaries({ pgBin: options.pgBin ?? null, major: majorOfData(data) })
  const binaries = reachable(found, dataDir, runAs)
  const password = keptSecret(path.join(dataDir, 'secrets', 'postgres-password'), PASSWORD_BYTES)
  const throwaway = options.throwaway ?? false
  const cluster = { data, dataDir, binaries, runAs, password, throwaway, log }
  if (!existsSync(data)) initialise(cluster)
  return cluster
}

function majorOfData(data: string): number | null {
  const file = path.join(data, 'PG_VERSION')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : null
}

/** Made aside and renamed, so that an interrupted start leaves no half of a cluster. */
function initialise(cluster: Cluster): void {
  const draft = `${cluster.data}.new`
  const passwordFile = `${cluster.data}.password`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 })
  const { uid, gid } = cluster.runAs
  if (uid !== null && gid !== null)
    for (const each of [draft, passwordFile]) chownSync(each, uid, gid)
  const initdb = command(cluster, 'initdb', [
    `--pgdata=${draft}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...localeOptions(cluster.binaries.major),
    ...(cluster.throwaway ? ['--no-sync'] : []),
  ])
  const { status, stderr, error } = spawnSync(initdb.file, initdb.args, {
    ...initdb.identity,
    cwd: cluster.dataDir,
    encoding: 'utf8',
  })
  rmSync(passwordFile, { force: true })
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true })
    throw new Error(`initdb failed: ${error?.message ?? stderr}`)
  }
  renameSync(draft, cluster.data)
}

/** A character type of C makes pg_trgm drop every Chinese character, so it is never that. */
function localeOptions(major: number): string[] {
  if (major < 17) return ['--locale=C.UTF-8']
  return [
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--lc-ctype=C.UTF-8',
    '--lc-collate=C',
  ]
}

type Command = { file: string; args: string[]; identity: { uid?: number; gid?: number } }

function command(cluster: Cluster, name: 'initdb' | 'postgres', args: string[]): Command {
  const { wrapper, uid, gid } = cluster.runAs
  const [file = '', ...rest] = [...wrapper, program(cluster.binaries.folder, name), ...args]
  return { file, args: rest, identity: uid === null || gid === null ? {} : { uid, gid } }
}

type Running = { pid: number; port: number }
type Postmaster = Running & { status: string }

/** The postmaster a killed process left behind, once ready; null when there is none. */
async function leftRunning(cluster: Cluster): Promise<Running | null> {
  const found = readPostmaster(cluster)
  if (found === null) return null
  if (!isRunning(found.pid, cluster.data)) {
    rmSync(postmasterFile(cluster), { force: true })
    return null
  }
  const settled = await within(STOPPED_WITHIN_MS, () => {
    const now = readPostmaster(cluster)
    if (now === null || !isAlive(found.pid)) return 'gone'
    return now.status === 'ready' ? 'ready' : null
  })
  if (settled !== 'ready') {
    await shutDown(cluster, found.pid)
    return null
  }
  cluster.log(`PostgreSQL is already running (process ${found.pid}, port ${found.port})`)
  return found
}

/** Tries again while the memory of a killed postmaster is still held, or its port is taken. */
async function launch(cluster: Cluster): Promise<Running> {
  const giveUpAt = Date.now() + READY_WITHIN_MS
  for (;;) {
    const port = await choosePort(cluster)
    const { child, logFrom } = spawnPostgres(cluster, port)
    const up = await within(READY_WITHIN_MS, () => {
      if (child.exitCode !== null || child.signalCode !== null) return 'dead'
      const found = readPostmaster(cluster)
      return found?.pid === child.pid && found?.status === 'ready' ? 'up' : null
    })
    const pid = child.pid
    if (up === 'up' && pid !== undefined) {
      writeFileSync(portFile(cluster), `${port}\n`)
      return { pid, port }
    }
    child.kill('SIGQUIT')
    const said = readFileSync(logFile(cluster), 'utf8').slice(logFrom)
    const passing = /shared memory block|lock file|Address already in use|could not bind/.test(said)
    if (!passing || Date.now() > giveUpAt) throw new Error(`PostgreSQL did not start:\n${said}`)
    if (/Address already in use|could not bind/.test(said))
      rmSync(portFile(cluster), { force: true })
    await sleep(200)
  }
}

/** In a process group of its own: Ctrl-C in the terminal stops the server first, then this. */
function spawnPostgres(cluster: Cluster, port: number): { child: ChildProcess; logFrom: number } {
  const chosen = {
    ...settings,
    ...(cluster.throwaway ? throwawaySettings : {}),
    port: String(port),
  }
  const options = Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const postgres = command(cluster, 'postgres', ['-D', cluster.data, ...options])
  const size = existsSync(logFile(cluster)) ? statSync(logFile(cluster)).size : 0
  const logFrom = size > LOG_BYTES_MAX ? 0 : size
  const log = openSync(logFile(cluster), size > LOG_BYTES_MAX ? 'w' : 'a', 0o600)
  const child = spawn(postgres.file, postgres.args, {
    ...postgres.identity,
    cwd: cluster.dataDir,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.on('error', (error) => cluster.log(`PostgreSQL could not be run: ${error.message}`))
  child.unref()
  return { child, logFrom }
}

/** The port of last time when it is free, so that a known address stays good. */
async function choosePort(cluster: Cluster): Promise<number> {
  const file = portFile(cluster)
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : 0
  return (last > 0 ? await freePort(last) : null) ?? (await freePort(0)) ?? 0
}

function freePort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : null
      server.close(() => resolve(bound))
    })
  })
}

async function createDatabase(url: string): Promise<void> {
  const sql = connect(url.replace(/\/[^/]*$/, '/postgres'), { max: 1 })
  try {
    const found = await sql`select from pg_database where datname = ${DATABASE}`
    if (found.length === 0) await sql.unsafe(`create database ${DATABASE}`)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Starts the postmaster again, on its port, whenever it is found dead. */
function keepAlive(
  cluster: Cluster,
  current: () => Running,
  replace: (next: Running) => void,
): { stop: () => Promise<void> } {
  const starts: number[] = []
  let restarting: Promise<void> | null = null
  const restart = async (): Promise<void> => {
    starts.push(Date.now())
    cluster.log('PostgreSQL died: starting it again')
    try {
      replace(await launch(cluster))
    } catch (error) {
      cluster.log(String(error))
    }
    restarting = null
  }
  const timer = setInterval(() => {
    if (restarting !== null || isAlive(current().pid)) return
    const recent = starts.filter((at) => at > Date.now() - STARTS_WINDOW_MS)
    if (recent.length < STARTS_MAX) restarting = restart()
  }, WATCH_EVERY_MS)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await restarting
    },
  }
}

async function shutDown(cluster: Cluster, pid: number): Promise<void> {
  if (!isAlive(pid)) return
  if (process.platform === 'win32') {
    const args = ['stop', '-D', cluster.data, '-m', 'fast', '-w']
    spawnSync(program(cluster.binaries.folder, 'pg_ctl'), args)
    return
  }
  process.kill(pid, cluster.throwaway ? 'SIGQUIT' : 'SIGINT')
  const gone = await within(STOPPED_WITHIN_MS, () => (isAlive(pid) ? null : true))
  if (gone === null) process.kill(pid, 'SIGQUIT')
}

/** The folders this process looks after. */
const owned = new Set<string>()

/**
 * False when somebody living, or we already, started or took over this cluster and will stop it.
 */
function claim(dataDir: string): boolean {
  if (owned.has(dataDir)) return false
  const file = ownerFile(dataDir)
  const owner = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  const pid = Number(owner.split(' ')[0])
  if (pid > 0 && pid !== process.pid && isAlive(pid) && owner === identity(pid)) return false
  writeFileSync(file, `${identity(process.pid)}\n`)
  owned.add(dataDir)
  return true
}

function readPostmaster(cluster: Cluster): Postmaster | null {
  if (!existsSync(postmasterFile(cluster))) return null
  try {
    const lines = readFileSync(postmasterFile(cluster), 'utf8').split('\n')
    const pid = Number(lines[0] ?? '')
    const port = Number(lines[3] ?? '')
    return pid > 0 ? { pid, port, status: (lines[7] ?? '').trim() } : null
  } catch {
    return null
  }
}

const postmasterFile = (cluster: Cluster): string => path.join(cluster.data, 'postmaster.pid')
const portFile = (cluster: Cluster): string => path.join(cluster.dataDir, 'postgres-port')
const ownerFile = (dataDir: string): string => path.join(dataDir, 'postgres-owner')
const logFile = (cluster: Cluster): string => path.join(cluster.dataDir, 'postgres.log')
