import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { childEnv, repoRoot } from '@yiqi/server/kernel/config.ts'
import { emptyDatabase } from './database.ts'
import { freePort } from './ports.ts'

export type RunningServer = {
  url: string
  /** What the server printed so far: one-time codes stand here. */
  output: () => string
  databaseUrl: string
  stop: () => Promise<void>
}

const START_MS = 60_000

/**
 * The real server in a process of its own, on a database of its own, with the demonstration in it.
 */
export async function startServer(): Promise<RunningServer> {
  const database = await emptyDatabase()
  const port = await freePort()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'yiqi-server-'))
  const env = {
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    PORT: String(port),
    HOST: '127.0.0.1',
    DEMO: '1',
  }
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: repoRoot,
    env: childEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => (printed += String(part)))
  const url = `http://127.0.0.1:${port}`
  await untilReady(url, child, () => printed)
  return {
    url,
    output: () => printed,
    databaseUrl: database.url,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function untilReady(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`the server ended at its start:\n${printed()}`)
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the server was not ready in ${START_MS / 1000} s:\n${printed()}`)
}
