import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addDays, addMinutes, dateOf, instantAt } from '@yiqi/shared/kernel/time.ts'
import { withDriver } from './driver.ts'
import { type Figure, figure, medianFigure, quantile } from './figures.ts'
import { repeat } from './loops.ts'
import { type Stage, withServer } from './stage.ts'
import { type Connection, withConnections } from './wire.ts'
import { freeHours, HOURS_A_DAY, type Hour, makeWorld, OPENS, type World } from './world.ts'
import { holdQuestion } from './writes.ts'

const CLIENTS = 200
const ROUNDS = 20
/** Until connections are open and code is warm. */
const WARM_ROUNDS = 3
const WINDOWS = 2_000
const WINDOW_DAYS = 7
const LOSERS_P99_MS = 1_000
/** PostgreSQL brings its counters up to date only so often. */
const COUNTED_MS = 1_500

const none = { of: 'value', atMost: 0 } as const

/** Many who want the same at once: one slot, and windows that overlap. */
export function race(stage: Stage): Promise<Figure[]> {
  return stage.withDatabase(async ({ sql, url }) => {
    const world = await makeWorld(sql)
    const before = await deadlocks(sql)
    const { rounds, windows } = await withServer(stage, { sql, url }, ({ port }) =>
      withConnections(port, CLIENTS, async (connections) => ({
        rounds: await raceForSlots(connections, world),
        windows: await raceForWindows(connections, world),
      })),
    )
    await sleep(COUNTED_MS)
    const naive = await naiveWinners(url)
    return [
      ...slotFigures(rounds, naive),
      ...windowFigures(windows),
      figure('windows that overlap another one', '', await overlaps(sql), { bound: none }),
      figure('deadlocks', '', (await deadlocks(sql)) - before, { bound: none }),
    ]
  })
}

type Outcome = { got: 'won' | 'lost' | 'neither'; ms: number }

/** All clients ask for one slot at once, for another slot in every round. */
async function raceForSlots(
  connections: readonly Connection[],
  world: World,
): Promise<Outcome[][]> {
  const nextHour = freeHours(world)
  const rounds: Outcome[][] = []
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
    const hour = nextHour()
    const clients = connections.map((connection, i) =>
      ask(connection, world, round * CLIENTS + i, hour),
    )
    rounds.push(await Promise.all(clients))
  }
  return rounds.slice(WARM_ROUNDS)
}

/** Thousands of different windows of one instrument, a week long, in no order of time. */
async function raceForWindows(
  connections: readonly Connection[],
  world: World,
): Promise<Outcome[]> {
  const windows = windowsOf(world)
  const outcomes: Outcome[] = []
  await repeat(CLIENTS, WINDOWS, async (loop, nth) => {
    const connection = must(connections[loop], 'a connection for each client')
    const window = must(windows[(nth * 7_919) % windows.length], 'a window')
    outcomes.push(await ask(connection, world, nth, window))
  })
  return outcomes
}

async function ask(
  connection: Connection,
  { users }: World,
  nth: number,
  hour: Hour,
): Promise<Outcome> {
  const user = must(users[nth % users.length], 'a user')
  const started = performance.now()
  const { status, text } = await connection.ask(holdQuestion(user, hour))
  const ms = performance.now() - started
  if (status === 200) return { got: 'won', ms }
  if (status === 409 && text.includes('"booking.slot_taken"')) return { got: 'lost', ms }
  console.log(`neither won nor lost: ${status} ${text}`)
  return { got: 'neither', ms }
}

/** Every window of half hours, up to eight hours long, of the next days of one instrument. */
function windowsOf({ instruments }: World): Hour[] {
  const instrument = must(instruments.at(-1), 'an instrument')
  const today = dateOf(new Date())
  const windows: Hour[] = []
  for (let day = 1; day <= WINDOW_DAYS; day++)
    for (let start = 0; start < HOURS_A_DAY * 60; start += 30)
      for (let end = start + 30; end <= Math.min(start + 480, HOURS_A_DAY * 60); end += 30) {
        const opens = instantAt(addDays(today, day), OPENS * 60)
        const [startsAt, endsAt] = [addMinutes(opens, start), addMinutes(opens, end)]
        windows.push({ instrument, startsAt, endsAt })
      }
  return windows
}

/** How the same is often done: look whether it is free, then take it. Winners of each round. */
function naiveWinners(url: string): Promise<number[]> {
  return withDriver(url, async (sql) => {
    await sql`create table bench_naive (round int not null, client int not null)`
    const book = (round: number, client: number) =>
      sql.begin('isolation level read committed', async (tx) => {
        const taken = await tx`select from bench_naive where round = ${round}`
        if (taken.length > 0) return false
        await tx`insert into bench_naive values (${round}, ${client})`
        return true
      })
    const winners: number[] = []
    for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
      const clients = Array.from({ length: CLIENTS }, (_, client) => book(round, client))
      winners.push((await Promise.all(clients)).filter(Boolean).length)
    }
    return winners.slice(WARM_ROUNDS)
  })
}

function slotFigures(rounds: readonly Outcome[][], naive: readonly number[]): Figure[] {
  const winners = rounds.map((round) => round.filter((one) => one.got === 'won').length)
  const name = `of ${CLIENTS} who want one slot`
  return [
    medianFigure(`winners ${name}`, '', { own: winners, baseline: naive }),
    figure(`rounds ${name}, won by exactly one`, `of ${ROUNDS}`, winners.filter(isOne).length, {
      baseline: naive.filter(isOne).length,
      bound: { of: 'value', atLeast: ROUNDS },
    }),
    ...loserFigures(name, rounds.flat()),
  ]
}

function windowFigures(outcomes: readonly Outcome[]): Figure[] {
  const name = `of ${WINDOWS} who want windows that overlap`
  const won = outcomes.filter((one) => one.got === 'won').length
  return [figure(`winners ${name}`, '', won), ...loserFigures(name, outcomes)]
}

function loserFigures(name: string, outcomes: readonly Outcome[]): Figure[] {
  const lost = outcomes.filter((one) => one.got === 'lost').map((one) => one.ms)
  const neither = outcomes.filter((one) => one.got === 'neither').length
  return [
    figure(`losers ${name}, p50`, 'ms', quantile(lost, 0.5)),
    figure(`losers ${name}, p99`, 'ms', quantile(lost, 0.99), {
      bound: { of: 'value', atMost: LOSERS_P99_MS },
    }),
    figure(`neither winner nor loser ${name}`, '', neither, { bound: none }),
  ]
}

const isOne = (n: number) => n === 1

/** Pairs of live bookings of one instrument that share time; found by looking at every pair. */
async function overlaps(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from bookings a join bookings b on a.instrument_id = b.instrument_id
      and a.id < b.id and a.starts_at < b.ends_at and b.starts_at < a.ends_at
    where a.state in ('held', 'requested', 'confirmed', 'running')
      and b.state in ('held', 'requested', 'confirmed', 'running')`
  return must(row, 'a count').n
}

async function deadlocks(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select deadlocks as n from pg_stat_database where datname = current_database()`
  return must(row, 'a counter').n
}
