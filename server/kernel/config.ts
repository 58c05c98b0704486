import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const workerModes = ['in', 'only', 'off'] as const
export type WorkerMode = (typeof workerModes)[number]

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export const nodeEnvs = ['development', 'production', 'test'] as const
export type NodeEnv = (typeof nodeEnvs)[number]

/** Everything the outside may decide. Absent choices are null, never an empty string. */
export type Config = {
  root: string
  port: number
  host: string
  databaseUrl: string | null
  testDatabaseUrl: string | null
  dataDir: string
  /** null: not said, so the starter decides and remembers. */
  demo: boolean | null
  tokenSecret: string | null
  worker: WorkerMode
  logLevel: LogLevel
  chromePath: string | null
  nodeEnv: NodeEnv
  poolMax: number
  pgBin: string | null
}

export type Env = Readonly<Record<string, string | undefined>>

/** The repository's folder, the same from the sources and from the bundle in `server/dist`. */
export const repoRoot = findRoot(import.meta.dirname)

const TOKEN_SECRET_BYTES = 32

/** Reads and checks the environment. A bad value throws a message that names the variable. */
export function loadConfig(env: Env = process.env): Config {
  return {
    root: repoRoot,
    port: wholeNumber(env, 'PORT', { absent: 8080, min: 0, max: 65_535 }),
    host: text(env, 'HOST') ?? '127.0.0.1',
    databaseUrl: postgresUrl(env, 'DATABASE_URL'),
    testDatabaseUrl: postgresUrl(env, 'TEST_DATABASE_URL'),
    dataDir: path.resolve(repoRoot, text(env, 'DATA_DIR') ?? '.data'),
    demo: yesOrNo(env, 'DEMO'),
    tokenSecret: secret(env, 'TOKEN_SECRET'),
    worker: oneOf(env, 'WORKER', workerModes, 'in'),
    logLevel: oneOf(env, 'LOG_LEVEL', logLevels, 'info'),
    chromePath: text(env, 'CHROME_PATH'),
    nodeEnv: oneOf(env, 'NODE_ENV', nodeEnvs, 'development'),
    poolMax: wholeNumber(env, 'POOL_MAX', { absent: 16, min: 1, max: 200 }),
    pgBin: text(env, 'PG_BIN'),
  }
}

/**
 * The secret that signs tokens: TOKEN_SECRET, or one made once and kept in the data folder,
 * readable by its owner only. Two processes that ask for the first time at once get the same one.
 */
export function tokenSecret(config: Pick<Config, 'tokenSecret' | 'dataDir'>): string {
  if (config.tokenSecret !== null) return config.tokenSecret
  return keptSecret(path.join(config.dataDir, 'secrets', 'token-secret'), TOKEN_SECRET_BYTES)
}

/** A random hexadecimal secret kept in `file` (mode 0600), made at the first call. */
export function keptSecret(file: string, bytes: number): string {
  if (!existsSync(file)) makeSecret(file, bytes)
  const kept = readFileSync(file, 'utf8').trim()
  if (kept.length < bytes * 2) throw new Error(`${file} is damaged: remove it and start again`)
  return kept
}

/** The environment a child process gets: ours plus `extra`; an extra of undefined is taken out. */
export function childEnv(extra: Env): NodeJS.ProcessEnv {
  return { ...process.env, ...extra }
}

/** Changes our own environment, for a library that reads it while it is imported. */
export function changeEnv(extra: Readonly<Record<string, string>>): void {
  Object.assign(process.env, extra)
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'pnpm-workspace.yaml'))) return folder
    if (path.dirname(folder) === folder) return process.cwd()
  }
}

/** Written aside and linked into place, so no one ever reads half a secret. */
function makeSecret(file: string, bytes: number): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${randomBytes(bytes).toString('hex')}\n`, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    rmSync(draft)
  }
}

function text(env: Env, name: string): string | null {
  const value = env[name]?.trim()
  return value ? value : null
}

function wholeNumber(
  env: Env,
  name: string,
  bounds: { absent: number; min: number; max: number },
): number {
  const value = text(env, name)
  if (value === null) return bounds.absent
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < bounds.min || number > bounds.max) {
    throw bad(name, value, `a whole number from ${bounds.min} to ${bounds.max}`)
  }
  return number
}

function yesOrNo(env: Env, name: string): boolean | null {
  const value = text(env, name)
  if (value === null) return null
  if (value !== '1' && value !== '0') throw bad(name, value, '1 or 0')
  return value === '1'
}

function oneOf<T extends string>(env: Env, name: string, allowed: readonly T[], absent: T): T {
  const value = text(env, name)
  if (value === null) return absent
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw bad(name, value, `one of ${allowed.join(', ')}`)
  return found
}

/** Does not repeat the value in its message: it holds a password. */
function postgresUrl(env: Env, name: string): string | null {
  const value = text(env, name)
  if (value === null) return null
  if (!/^postgres(ql)?:\/\/[^/]+\/.+$/.test(value)) {
    throw new Error(`${name} is not usable: give postgres://user:password@host:5432/database`)
  }
  return value
}

function secret(env: Env, name: string): string | null {
  const value = text(env, name)
  if (value !== null && value.length < 32) {
    throw new Error(`${name} is too short: give at least 32 characters`)
  }
  return value
}

function bad(name: string, value: string, wanted: string): Error {
  return new Error(`${name} is "${value}": give ${wanted}`)
}
