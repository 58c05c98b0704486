import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { childEnv } from '@yiqi/server/kernel/config.ts'
import type { CaughtBy } from './mutants.ts'

/**
 * Green: everything ran and held. Red: a promise was not kept, and `why` is the first one. Anything
 * else is broken, and proves nothing: a file that cannot be read, a migration that is refused, a
 * test that is not there.
 */
export type Verdict = { colour: 'green' | 'red' | 'broken'; why: string }

export type Place = { folder: string; databaseUrl: string; signal: AbortSignal }

const TRIAL_MS = 240_000
const GRACE_MS = 15_000
const WHY_LENGTH = 110

/** Runs what catches a mutant, in this tree. */
export function tryOut(place: Place, caughtBy: CaughtBy): Promise<Verdict> {
  return 'script' in caughtBy
    ? runScript(place, caughtBy.script, caughtBy.says)
    : runTest(place, caughtBy.file, caughtBy.test)
}

/** What is printed, and what tells one trial from another. */
export function wordsOf(caughtBy: CaughtBy): string {
  return 'script' in caughtBy ? caughtBy.script : `${caughtBy.file}: ${caughtBy.test}`
}

async function runTest(place: Place, file: string, test: string): Promise<Verdict> {
  const report = path.join(place.folder, 'report.json')
  rmSync(report, { force: true })
  const vitest = path.join(place.folder, 'node_modules', 'vitest', 'vitest.mjs')
  const output = await run(place, [
    ...[vitest, 'run', file, '--testNamePattern', escaped(test)],
    ...['--reporter', 'json', '--outputFile', report],
  ])
  if (!existsSync(report)) return broken(output.text)
  return judge(JSON.parse(readFileSync(report, 'utf8')))
}

/** The part of vitest's report that counts here. */
export type Report = {
  testResults: {
    message?: string
    assertionResults: { status: string; failureMessages?: string[] }[]
  }[]
}

export function judge({ testResults }: Report): Verdict {
  const tests = testResults.flatMap((file) => file.assertionResults)
  const failed = tests.find((test) => test.status === 'failed')
  const unread = testResults.find((file) => file.assertionResults.length === 0)
  if (unread) return broken(unread.message ?? 'a file without tests')
  if (failed) return { colour: 'red', why: firstLine(failed.failureMessages?.[0] ?? '') }
  const stopped = testResults.find((file) => file.message)
  if (stopped?.message) return broken(stopped.message)
  if (tests.some((test) => test.status === 'passed')) return { colour: 'green', why: '' }
  return broken('no test of that name ran')
}

async function runScript(place: Place, script: string, says: string): Promise<Verdict> {
  const { code, text } = await run(place, ['--import', 'tsx', ...script.split(' ')])
  if (code === 0) return { colour: 'green', why: '' }
  const said = text.split('\n').find((line) => line.includes(says))
  return code === 1 && said !== undefined ? { colour: 'red', why: firstLine(said) } : broken(text)
}

/** Runs node in the tree until it ends; one that hangs is ended, and killed if need be. */
function run(place: Place, args: string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    let text = ''
    const child = spawn(process.execPath, args, {
      cwd: place.folder,
      env: childEnv({ TEST_DATABASE_URL: place.databaseUrl }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const end = () => {
      text += '\nended from outside'
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref()
    }
    const stop = AbortSignal.any([place.signal, AbortSignal.timeout(TRIAL_MS)])
    stop.addEventListener('abort', end, { once: true })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part) => {
        text += String(part)
      })
    child.once('close', (code) => {
      stop.removeEventListener('abort', end)
      resolve({ code, text })
    })
  })
}

function broken(why: string): Verdict {
  return { colour: 'broken', why: why.trim().split('\n').slice(-12).join('\n') }
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? ''
  return line.length > WHY_LENGTH ? `${line.slice(0, WHY_LENGTH - 1)}…` : line
}

function escaped(words: string): string {
  return words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
