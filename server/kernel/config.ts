import { randomBytes } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
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
  /** Where keys are kept that must not be lost and must not leave: see `vaultKeys`. */
  secretsDir: string
  /** null: not said, so the starter decides and remembers. */
  demo: boolean | null
  worker: WorkerMode
  logLevel: LogLevel
  chromePath: string | null
  nodeEnv: NodeEnv
  poolMax: number
  pgBin: string | null
  /** Peers whose word about the client's address counts: addresses and networks. */
  trustedProxies: string[]
  /** Where people reach the platform: `https://…`; null: not said. */
  publicOrigin: string | null
  /** Other origins whose pages may call the API. */
  allowedOrigins: string[]
  /** false: for measuring. */
  rateLimits: boolean
  /** The mini-program's account at WeChat; null: no log-in with WeChat. */
  wechat: WechatAccount | null
  /** The virus scanner for files people bring; null: there is none. */
  clamd: ClamdAddress | null
}

export type ClamdAddress = { path: string } | { host: string; port: number }

export type WechatAccount = { appId: string; secret: string; baseUrl: string }

export type Env = Readonly<Record<string, string | undefined>>

/** The repository's folder, the same from the sources and from the bundle in `server/dist`. */
export const repoRoot = findRoot(import.meta.dirname)

const VAULT_KEY_BYTES = 32
const FIRST_START_MS = 10_000

/** Reads and checks the environment. A bad value throws a message that names the variable. */
export function loadConfig(env: Env = process.env): Config {
  const dataDir = path.resolve(repoRoot, text(env, 'DATA_DIR') ?? '.data')
  return {
    root: repoRoot,
    port: wholeNumber(env, 'PORT', { absent: 8080, min: 0, max: 65_535 }),
    host: text(env, 'HOST') ?? '127.0.0.1',
    databaseUrl: postgresUrl(env, 'DATABASE_URL'),
    testDatabaseUrl: postgresUrl(env, 'TEST_DATABASE_URL'),
    dataDir,
    secretsDir: path.resolve(repoRoot, text(env, 'SECRETS_DIR') ?? path.join(dataDir, 'secrets')),
    demo: yesOrNo(env, 'DEMO'),
    worker: oneOf(env, 'WORKER', workerModes, 'in'),
    logLevel: oneOf(env, 'LOG_LEVEL', logLevels, 'info'),
    chromePath: text(env, 'CHROME_PATH'),
    nodeEnv: oneOf(env, 'NODE_ENV', nodeEnvs, 'development'),
    poolMax: wholeNumber(env, 'POOL_MAX', { absent: 16, min: 1, max: 200 }),
    pgBin: text(env, 'PG_BIN'),
    trustedProxies: list(env, 'TRUSTED_PROXIES'),
    publicOrigin: originOrNull(env, 'PUBLIC_ORIGIN'),
    allowedOrigins: list(env, 'ALLOWED_ORIGINS').map((each) => origin('ALLOWED_ORIGINS', each)),
    rateLimits: yesOrNo(env, 'RATE_LIMITS') ?? true,
    wechat: wechatAccount(env),
    clamd: clamdAddress(env),
  }
}

export type VaultKeys = { keks: { id: string; key: Buffer }[]; indexKey: Buffer }

/**
 * The keys that everything sealed depends on, from files of 32 bytes in hexadecimal: `kek-1`,
 * `kek-2` … (KEKs, answered newest first) and `index-key`. The first start makes them. Afterwards a
 * damaged or missing one stops the start and is not made anew: what it sealed would be lost.
 */
export function vaultKeys({ secretsDir }: Pick<Config, 'secretsDir'>): VaultKeys {
  const inFolder = (name: string) => path.join(secretsDir, name)
  const known = kekFiles(secretsDir)
  const wanted = ['index-key', ...(known.length > 0 ? known : ['kek-1'])].map(inFolder)
  const there = wanted.filter((file) => existsSync(file))
  // Another process may be at its first start too, or one was stopped in the middle of it.
  if (there.every(isJustMade))
    for (const file of wanted) if (!existsSync(file)) makeSecret(file, VAULT_KEY_BYTES)
  const keks = wanted.slice(1).map((file) => ({ id: path.basename(file), key: keyIn(file) }))
  return { keks, indexKey: keyIn(inFolder('index-key')) }
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

function kekFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const number = (name: string) => Number(name.slice('kek-'.length))
  const names = readdirSync(folder).filter((name) => /^kek-[1-9]\d{0,5}$/.test(name))
  return names.sort((a, b) => number(b) - number(a))
}

/** Real time: that of the file system. */
function isJustMade(file: string): boolean {
  return statSync(file).mtimeMs > Date.now() - FIRST_START_MS
}

function keyIn(file: string): Buffer {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (/^[0-9a-f]+$/i.test(kept) && kept.length === VAULT_KEY_BYTES * 2)
    return Buffer.from(kept, 'hex')
  throw new Error(
    `${file} is not ${VAULT_KEY_BYTES} bytes in hexadecimal: bring the right one back from where it was kept; nothing opens without it`,
  )
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

function list(env: Env, name: string): string[] {
  const parts = (text(env, name) ?? '').split(',').map((part) => part.trim())
  return parts.filter((part) => part !== '')
}

function originOrNull(env: Env, name: string): string | null {
  const value = text(env, name)
  return value === null ? null : origin(name, value)
}

/**
 * As browsers write it; compared letter by letter later, so a slash at its end would match nobody.
 */
function origin(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url !== null && /^https?:$/.test(url.protocol) && url.origin === value) return value
  throw bad(name, value, 'an origin such as https://yiqi.example.org, without a path or a slash')
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

function wechatAccount(env: Env): WechatAccount | null {
  const appId = text(env, 'WECHAT_APPID')
  if (appId === null) return null
  const file = text(env, 'WECHAT_SECRET_FILE')
  const given = text(env, 'WECHAT_SECRET')
  if ((file === null) === (given === null))
    throw new Error('WECHAT_APPID needs one of WECHAT_SECRET and WECHAT_SECRET_FILE')
  const secret = given ?? readFileSync(file ?? '', 'utf8').trim()
  if (!/^[0-9a-f]{32}$/i.test(secret))
    throw new Error('the secret of WECHAT_APPID is not usable: give its 32 hexadecimal characters')
  return { appId, secret, baseUrl: wechatUrl(env) }
}

/** The secret travels there: in the clear only to this machine itself, where tests listen. */
function wechatUrl(env: Env): string {
  const value = text(env, 'WECHAT_BASE_URL') ?? 'https://api.weixin.qq.com'
  if (/^(https:\/\/[\w.-]+|http:\/\/127\.0\.0\.1)(:\d+)?\/?$/.test(value)) return value
  throw bad('WECHAT_BASE_URL', value, 'https://host without a path')
}

/** A socket's path, or host and port: scanned contents travel there unencrypted. */
function clamdAddress(env: Env): ClamdAddress | null {
  const value = text(env, 'CLAMD_ADDRESS')
  if (value === null) return null
  const socket = /^(?:unix:)?(\/.+)$/.exec(value)?.[1]
  if (socket !== undefined) return { path: socket }
  const [, host = '', port = ''] = /^(\[[0-9a-f:]+\]|[\w.-]+):(\d{1,5})$/i.exec(value) ?? []
  if (host === '' || Number(port) < 1 || Number(port) > 65_535)
    throw bad('CLAMD_ADDRESS', value, '/path/of/the/socket or host:port')
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

function bad(name: string, value: string, wanted: string): Error {
  return new Error(`${name} is "${value}": give ${wanted}`)
}
