import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addDays, dateOf, instantAt } from '@yiqi/shared/kernel/time.ts'
import { type Cpu, cpuOf } from './cpu.ts'
import { type Bound, type Figure, medianFigure } from './figures.ts'
import { addBookings, FEW, isTaken, MANY } from './history.ts'
import { repeat } from './loops.ts'
import { delivered, type Server, type Stage, withServer } from './stage.ts'
import { type Connection, succeed, withConnections } from './wire.ts'
import { freeHours, INSTRUMENTS, inTurn, makeWorld, type World } from './world.ts'
import { askHold, askRequest, type Booking } from './writes.ts'

const CLIENTS = 8
const ROUNDS = 5
/** Until code, plans and pages are as warm as they become; the same for few and for many. */
const WARM_ROUNDS = 6
/** The days that are read. Nothing is booked there: the last round reads what the first did. */
const READ_DAYS = 14
const CREATING_MS = 4
const GROWTH: Bound = { of: 'ratio', atMost: 1.3 }

/** What is asked, how often in a round, and how many milliseconds of processor it may cost. */
type Asked = {
  name: string
  times: number
  atMostMs: number | null
  ask: (connection: Connection, nth: number) => Promise<unknown>
}

/**
 * Processor time of a request, in the server and in all of PostgreSQL, beside so many bookings.
 * Milliseconds.
 */
export function costs(stage: Stage): Promise<Figure[]> {
  return stage.withDatabase(async (database) => {
    const world = await makeWorld(database.sql)
    await addBookings(database.sql, FEW)
    return withServer(stage, database, async (server) => {
      const meter = { stage, server, sql: database.sql }
      const asked = questions(world)
      const few = await measure(meter, asked, WARM_ROUNDS)
      await addBookings(database.sql, MANY)
      const many = await measure(meter, asked, WARM_ROUNDS)
      return figuresOf(few, many)
    })
  })
}

function questions(world: World): Asked[] {
  const day = addDays(dateOf(new Date()), 1)
  const slot = new URLSearchParams({
    startsAt: instantAt(day, 10 * 60).toISOString(),
    endsAt: instantAt(day, 12 * 60).toISOString(),
  })
  const nextHour = freeHours(world, (i, day, hour) => day <= READ_DAYS || isTaken(i, day, hour))
  const nextUser = inTurn(world.users)
  const held: Booking[] = []
  return [
    {
      name: 'free slots of an instrument, 14 days',
      times: 150,
      atMostMs: 5,
      ask: (connection, nth) => {
        const { id } = must(world.instruments[nth % INSTRUMENTS], 'an instrument')
        return get(connection, `/instruments/${id}/week?days=14`)
      },
    },
    {
      name: 'which of 200 are free tomorrow 10–12',
      times: 60,
      atMostMs: 90,
      ask: (connection) => get(connection, `/free-instruments?${slot}&limit=200`),
    },
    {
      name: 'hold',
      times: 400,
      atMostMs: null,
      ask: async (connection) => held.push(await askHold(connection, nextUser(), nextHour())),
    },
    {
      name: 'request',
      times: 400,
      atMostMs: null,
      ask: (connection) => askRequest(connection, world, must(held.shift(), 'a held slot')),
    },
  ]
}

function get(connection: Connection, path: string): Promise<string> {
  return succeed(connection, { method: 'GET', path })
}

type Meter = { stage: Stage; server: Server; sql: Sql }
type Rounds = { name: string; atMostMs: number | null; all: number[]; database: number[] }

/** Milliseconds a request in each round, by what was asked; rounds before them only warm. */
async function measure(
  meter: Meter,
  asked: readonly Asked[],
  warmRounds: number,
): Promise<Rounds[]> {
  const rounds = asked.map(({ name, atMostMs }): Rounds => {
    return { name, atMostMs, all: [], database: [] }
  })
  for (let round = -warmRounds; round < ROUNDS; round++)
    for (const [i, one] of asked.entries()) {
      const cost = await costOf(meter, one)
      if (round < 0) continue
      rounds[i]?.all.push(cost.server + cost.database)
      rounds[i]?.database.push(cost.database)
    }
  return [...rounds, sumOf('hold and request', CREATING_MS, rounds.slice(-2))]
}

function costOf({ stage, server, sql }: Meter, asked: Asked): Promise<Cpu> {
  return withConnections(server.port, CLIENTS, async (connections) => {
    const pids = { server: server.pid, postmaster: stage.postmaster() }
    const before = cpuOf(pids)
    await repeat(CLIENTS, asked.times, (loop, nth) =>
      asked.ask(must(connections[loop], 'a connection for each client'), nth),
    )
    // What the server does afterwards for a write belongs to it.
    await delivered(sql)
    const after = cpuOf(pids)
    return {
      server: (after.server - before.server) / asked.times,
      database: (after.database - before.database) / asked.times,
    }
  })
}

function sumOf(name: string, atMostMs: number, parts: readonly Rounds[]): Rounds {
  const add = (of: (part: Rounds) => number[]) =>
    of(must(parts[0], 'a part')).map((_, round) =>
      parts.reduce((sum, part) => sum + must(of(part)[round], 'a round'), 0),
    )
  return { name, atMostMs, all: add((part) => part.all), database: add((part) => part.database) }
}

function figuresOf(few: readonly Rounds[], many: readonly Rounds[]): Figure[] {
  const [fewer, more] = [FEW, MANY].map((n) => n.toLocaleString('en'))
  return few.flatMap(({ name, atMostMs, all, database }, i) => [
    medianFigure(
      `${name}: ${fewer}`,
      'ms CPU',
      { own: all },
      atMostMs === null ? undefined : { of: 'value', atMost: atMostMs },
    ),
    medianFigure(`${name}: ${fewer}, PostgreSQL alone`, 'ms CPU', { own: database }),
    medianFigure(
      `${name}: ${more}`,
      'ms CPU',
      { own: must(many[i], 'the same with more').all, baseline: all },
      GROWTH,
    ),
  ])
}
