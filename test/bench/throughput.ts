import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { CONNECTIONS, type Driver, withDriver } from './driver.ts'
import { type Bound, type Figure, figure, medianFigure } from './figures.ts'
import { addBookings, FEW, isTaken } from './history.ts'
import { inRounds, rateOf } from './loops.ts'
import { runPgbench } from './pgbench.ts'
import { delivered, type Stage, withServer } from './stage.ts'
import { type Connection, withConnections } from './wire.ts'
import { freeHours, inTurn, makeWorld, type World } from './world.ts'
import {
  askHold,
  askRequest,
  callHold,
  callRequest,
  cancelHolds,
  type Papers,
  papersOf,
} from './writes.ts'

/** Twice the server's connections, so that none of them waits for a client. */
const CLIENTS = 2 * CONNECTIONS
const ROUNDS = 5
const BOOKINGS_MS = 2_500
const HOLDS_MS = 1_200
const WARM_MS = 8_000
const HALF: Bound = { of: 'ratio', atLeast: 0.5 }

/** Bookings a second over HTTP, and by the driver alone: the same calls of the same functions. */
export function throughput(stage: Stage): Promise<Figure[]> {
  return stage.withDatabase(async (database) => {
    const world = await makeWorld(database.sql)
    await addBookings(database.sql, FEW)
    return withServer(stage, database, ({ port }) =>
      withDriver(database.url, async (driver) => {
        const rates = await ratesOf(database.sql, world, port, driver)
        await rates.askBookings(WARM_MS)
        await rates.callBookings(BOOKINGS_MS)
        const bookings = await measureBookings(database.sql, rates)
        const holds = await measureHolds(database.sql, rates)
        const pgbench = await runPgbench(stage, database, world, rates.papers)
        if (pgbench === null) console.log('pgbench: not present')
        const { own } = bookings
        return [
          medianFigure('bookings over HTTP, beside the driver alone', '/s', bookings, HALF),
          ...(pgbench === null
            ? []
            : [
                medianFigure('bookings over HTTP, beside pgbench', '/s', {
                  own,
                  baseline: pgbench,
                }),
              ]),
          medianFigure('holds over HTTP, beside the driver alone', '/s', holds),
          figure('invariants broken afterwards', '', await broken(database.sql), {
            bound: { of: 'value', atMost: 0 },
          }),
        ]
      }),
    )
  })
}

type Rate = (ms: number) => Promise<number>
type Rates = Record<'askHolds' | 'askBookings' | 'callHolds' | 'callBookings', Rate>

/** Each measures for so many milliseconds and answers how many a second. */
async function ratesOf(
  sql: Sql,
  world: World,
  port: number,
  driver: Driver,
): Promise<Rates & { papers: Papers }> {
  const [nextHour, nextUser] = [freeHours(world, isTaken), inTurn(world.users)]
  const hold = (connection: Connection) => askHold(connection, nextUser(), nextHour())
  const book = async (connection: Connection) => {
    const booking = await hold(connection)
    await askRequest(connection, world, booking)
    return booking
  }
  // Connections of its own each time: the server closes those that are silent while others work.
  const asking = (work: (connection: Connection) => Promise<unknown>) => (ms: number) =>
    withConnections(port, CLIENTS, (connections) =>
      rateOf(CLIENTS, ms, (loop) => work(must(connections[loop], 'a connection for each client'))),
    )
  const papers = await withConnections(port, 1, async ([connection]) => {
    const { id } = await book(must(connection, 'a connection'))
    return papersOf(sql, id)
  })
  const callOne = () => callHold(driver, nextUser(), nextHour())
  return {
    papers,
    askHolds: asking(hold),
    askBookings: asking(book),
    callHolds: (ms) => rateOf(CONNECTIONS, ms, callOne),
    callBookings: (ms) =>
      rateOf(CONNECTIONS, ms, async () => callRequest(driver, papers, world, await callOne())),
  }
}

async function measureBookings(sql: Sql, { askBookings, callBookings }: Rates) {
  return inRounds(ROUNDS, {
    own: () => alone(sql, () => askBookings(BOOKINGS_MS)),
    baseline: () => alone(sql, () => callBookings(BOOKINGS_MS)),
  })
}

async function measureHolds(sql: Sql, { askHolds, callHolds }: Rates) {
  return inRounds(ROUNDS, {
    own: () => alone(sql, () => askHolds(HOLDS_MS)),
    baseline: () => alone(sql, () => callHolds(HOLDS_MS)),
  })
}

/** Then gives back what is still held and waits for the events, for the next one to start even. */
async function alone(sql: Sql, work: () => Promise<number>): Promise<number> {
  const rate = await work()
  await cancelHolds(sql)
  await delivered(sql)
  return rate
}

/** What all these bookings left that may not be, of the last hour. */
async function broken(sql: Sql): Promise<number> {
  await delivered(sql)
  const found = await sql`select * from broken_invariants(now(), interval '1 hour')`
  for (const one of found.slice(0, 5)) console.log('broken:', one)
  return found.length
}
