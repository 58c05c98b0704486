import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { childEnv, repoRoot } from './config.ts'

export type Built = { folder: string; built: boolean; seconds: number }
export type Log = (line: string) => void

const clientFolder = path.join(repoRoot, 'client')
const clientDist = path.join(clientFolder, 'dist')
const taro = path.join(clientFolder, 'node_modules', '@tarojs', 'cli', 'bin', 'taro')

/** What `build:h5` and `build:weapp` in client/package.json run, without needing pnpm itself. */
const H5 = ['build', '--type', 'h5', '--no-check'] as const
const WEAPP = ['build', '--type', 'weapp', '--no-check'] as const

const PROGRESS_EVERY_MS = 10_000
const LINES_SHOWN_ON_FAILURE = 60
const notSources = ['node_modules', 'dist', '.swc', '.cache']

/** The web client in `client/dist/h5`, built only when its sources changed since the last time. */
export function buildH5(log: Log = console.log): Promise<Built> {
  return buildClient('h5', H5, log)
}

/** The mini-program in `client/dist/weapp`, built only when its sources changed. */
export function buildWeapp(log: Log = console.log): Promise<Built> {
  return buildClient('weapp', WEAPP, log)
}

/** The command that rebuilds the web client at every change, for `start --watch`. */
export function watchH5Command(): { file: string; args: string[]; cwd: string } {
  const args = [taro, ...H5, '--watch']
  return { file: process.execPath, args, cwd: clientFolder }
}

/**
 * The server as one file, `server/dist/main.mjs`: our sources inside, packages left outside. It
 * asks itself to stop when the starter that forked it is gone.
 */
export async function buildServer(entry = 'server/main.ts'): Promise<string> {
  const outfile = path.join(repoRoot, 'server', 'dist', 'main.mjs')
  await build({
    entryPoints: [path.join(repoRoot, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    banner: { js: leash },
    plugins: [
      {
        name: 'packages-outside',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^[^./]/ }, ({ path: wanted, kind }) =>
            kind === 'entry-point' || wanted.startsWith('@yiqi/')
              ? undefined
              : { path: wanted, external: true },
          )
        },
      },
    ],
  })
  return outfile
}

/** Ended by its starter's end, even a killed one's; the channel alone keeps no process alive. */
const leash = [
  'if (process.channel) {',
  "  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));",
  '  process.channel.unref();',
  '}',
].join('\n')

async function buildClient(type: string, args: readonly string[], log: Log): Promise<Built> {
  const folder = path.join(clientDist, type)
  const hashFile = `${folder}.hash`
  const hash = sourceHash()
  const started = Date.now()
  if (existsSync(folder) && existsSync(hashFile) && readFileSync(hashFile, 'utf8') === hash) {
    return { folder, built: false, seconds: 0 }
  }
  log(`building the ${type} client; this takes a minute or two`)
  rmSync(hashFile, { force: true })
  await runQuietly(type, args, log)
  mkdirSync(folder, { recursive: true })
  writeFileSync(hashFile, hash)
  const seconds = Math.round((Date.now() - started) / 1000)
  log(`built the ${type} client in ${seconds} s`)
  return { folder, built: true, seconds }
}

/** Of everything that ends in the client: its own and the shared sources, and all versions. */
function sourceHash(): string {
  const hash = createHash('sha256')
  const files = ['client', 'shared'].flatMap((folder) => filesUnder(path.join(repoRoot, folder)))
  for (const file of [...files, path.join(repoRoot, 'pnpm-lock.yaml')]) {
    if (!existsSync(file)) continue
    hash
      .update(`${path.relative(repoRoot, file)}\n`)
      .update(readFileSync(file))
      .update('\n')
  }
  return hash.digest('hex')
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  return sorted.flatMap((entry) => {
    if (notSources.includes(entry.name)) return []
    const inside = path.join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(inside) : [inside]
  })
}

/** Says that it is still at it now and then, and shows what was printed only when it fails. */
function runQuietly(type: string, args: readonly string[], log: Log): Promise<void> {
  return new Promise((resolve, reject) => {
    const started = Date.now()
    const printed: string[] = []
    const child = spawn(process.execPath, [taro, ...args], {
      cwd: clientFolder,
      env: childEnv({ CI: '1', NODE_ENV: undefined }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
    }
    const timer = setInterval(() => {
      log(`still building the ${type} client (${Math.round((Date.now() - started) / 1000)} s)`)
    }, PROGRESS_EVERY_MS)
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(timer)
      if (code === 0) return resolve()
      const last = printed.join('').split('\n').slice(-LINES_SHOWN_ON_FAILURE).join('\n')
      reject(new Error(`the ${type} client did not build (exit ${code}):\n${last}`))
    })
  })
}
