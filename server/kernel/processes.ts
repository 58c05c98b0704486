import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 25

/** A dead process nobody has collected yet (its parent was killed) does not count as alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return process.platform !== 'linux' || !['Z', ''].includes(stat(pid)[0] ?? '')
}

/**
 * Whether `pid` lives and its command names `text`; where the system does not tell, whether it
 * lives.
 */
export function isRunning(pid: number, text: string): boolean {
  if (!isAlive(pid)) return false
  const file = `/proc/${pid}/cmdline`
  return !existsSync(file) || readFileSync(file, 'utf8').includes(text)
}

/** Tells a process from a later one with the same number, where the system knows its start. */
export function identity(pid: number): string {
  return `${pid} ${stat(pid)[19] ?? ''}`.trim()
}

/** The first answer that is not null, or null when none came in time. */
export async function within<T>(ms: number, ask: () => T | null): Promise<T | null> {
  const until = Date.now() + ms
  for (;;) {
    const answer = ask()
    if (answer !== null || Date.now() > until) return answer
    await sleep(LOOK_EVERY_MS)
  }
}

/** The fields of /proc/<pid>/stat from the state on; the name before it may hold anything. */
function stat(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
