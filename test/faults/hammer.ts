import { setTimeout as sleep } from 'node:timers/promises'
import { isUnknownOutcome, type Sql } from '@yiqi/server/kernel/connect.ts'

// Many who write at once, and somebody who ends their connections: what the driver then says must
// be true.

export type Kind = 'statements' | 'transactions'

export type HammerOptions = {
  kind: Kind
  sql: Sql
  transact: (sql: Sql, fn: (tx: Sql) => Promise<void>) => Promise<void>
  /** A way to the database of its own, to kill and to look. */
  admin: Sql
  workers: number
  lastingMs: number
  /** How long a promise may be pending. */
  deadlineMs: number
}

export type Hammered = {
  kills: number
  acknowledged: number
  /** Rejected as: nobody knows. */
  unknown: number
  /** Rejected as: not done. */
  failed: number
  /** Not settled by the deadline and a second. */
  pending: number
  uncaught: number
  /** Acknowledged and not there; said to be not done and there; half there. */
  lost: number
  done: number
  torn: number
}

type Said = 'acknowledged' | 'unknown' | 'failed' | 'pending'

const ROWS_EACH = 2

/** Needs a table `acknowledged (id integer primary key, worker integer not null)`. */
export async function hammer(options: HammerOptions): Promise<Hammered> {
  const { admin, workers, lastingMs } = options
  const said = new Map<number, Said>()
  const uncaught: unknown[] = []
  const note = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', note).on('unhandledRejection', note)
  const endAt = performance.now() + lastingMs
  const isOver = () => performance.now() > endAt
  const [last] = await admin<{ id: number }[]>`select coalesce(max(id), 0) as id from acknowledged`
  let next = last?.id ?? 0
  const work = async (worker: number) => {
    while (!isOver()) {
      next += ROWS_EACH
      const id = next
      said.set(id, await inTime(write(options, id, worker), options.deadlineMs))
    }
  }
  const [kills] = await Promise.all([
    killSome(admin, isOver),
    ...Array.from({ length: workers }, (_, worker) => work(worker)),
  ])
  await sleep(100)
  process.off('uncaughtException', note).off('unhandledRejection', note)
  const count = (what: Said) => [...said.values()].filter((one) => one === what).length
  return {
    kills,
    acknowledged: count('acknowledged'),
    unknown: count('unknown'),
    failed: count('failed'),
    pending: count('pending'),
    uncaught: uncaught.length,
    ...(await compare(admin, said, options.kind)),
  }
}

/** One line of a table. */
export function summaryOf(name: string, outcome: Hammered): string {
  const words = Object.entries(outcome).map(([what, count]) => `${what} ${count}`)
  return `${name.padEnd(14)} ${words.join(', ')}`
}

async function write({ kind, sql, transact }: HammerOptions, id: number, worker: number) {
  if (kind === 'statements') {
    await sql`insert into acknowledged (id, worker) values (${id}, ${worker})`
    return
  }
  await transact(sql, async (tx) => {
    for (let row = 0; row < ROWS_EACH; row++)
      await tx`insert into acknowledged (id, worker) values (${id + row}, ${worker})`
  })
}

async function inTime(work: Promise<void>, deadlineMs: number): Promise<Said> {
  const settled: Promise<Said> = work.then(
    () => 'acknowledged',
    (error: unknown) => (isUnknownOutcome(error) ? 'unknown' : 'failed'),
  )
  const late = new AbortController()
  const { signal } = late
  const pending = sleep(deadlineMs + 1_000, 'pending' as const, { signal, ref: true })
  const first = await Promise.race([settled, pending.catch(() => 'pending' as const)])
  late.abort()
  return first
}

/** Ends one of the database's other backends every 20 to 50 ms; answers how many. */
async function killSome(admin: Sql, isOver: () => boolean): Promise<number> {
  let kills = 0
  while (!isOver()) {
    const killed = await admin`
      select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
          and backend_type = 'client backend'
        order by random() limit 1) as chosen`
    kills += killed.count
    await sleep(20 + Math.random() * 30)
  }
  return kills
}

async function compare(admin: Sql, said: Map<number, Said>, kind: Kind) {
  const rows = await admin<{ id: number }[]>`select id from acknowledged`
  const there = new Set(rows.map((row) => row.id))
  const rowsOf = kind === 'statements' ? 1 : ROWS_EACH
  const [lost, done, torn] = [new Set<number>(), new Set<number>(), new Set<number>()]
  for (const [id, word] of said) {
    const count = Array.from({ length: rowsOf }, (_, n) => id + n).filter((n) =>
      there.has(n),
    ).length
    if (word === 'acknowledged' && count < rowsOf) lost.add(id)
    if (word === 'failed' && count > 0) done.add(id)
    if (count !== 0 && count !== rowsOf) torn.add(id)
  }
  return { lost: lost.size, done: done.size, torn: torn.size }
}
