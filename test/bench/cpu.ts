import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds of processor time used so far. */
export type Cpu = { server: number; database: number }

/** A tick of the times in /proc, on every Linux that Node runs on. */
const TICK_MS = 10

type Times = { parent: number; own: number; ofReaped: number }

/**
 * What the server and all of PostgreSQL have used, its processes that ended included. From
 * /proc/<pid>/stat, so only on Linux.
 */
export function cpuOf(pids: { server: number; postmaster: number }): Cpu {
  const backends = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => timesOf(Number(name)) ?? [])
    .filter((one) => one.parent === pids.postmaster)
  const [server, postmaster] = [timesOf(pids.server), timesOf(pids.postmaster)]
  if (server === null || postmaster === null) throw new Error('a measured process has ended')
  return {
    server: server.own + server.ofReaped,
    database:
      postmaster.own + postmaster.ofReaped + backends.reduce((sum, one) => sum + one.own, 0),
  }
}

/** Null for a process that is gone. */
function timesOf(pid: number): Times | null {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return null
  }
  // After the name, which may hold anything: state, parent, …, utime, stime, cutime, cstime.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ms = (nth: number) => Number(fields[nth]) * TICK_MS
  return { parent: Number(fields[1]), own: ms(11) + ms(12), ofReaped: ms(13) + ms(14) }
}
