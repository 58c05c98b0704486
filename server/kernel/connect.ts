import { createConnection, type Socket } from 'node:net'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import postgres from 'postgres'
import { arrayTypes, readArray, writeArray } from './arrays.ts'
import {
  type Line,
  lineError,
  lineErrors,
  makePool,
  type OpenWire,
  type Pool,
  type Query,
} from './pool.ts'

/** A pool, or one transaction of it: both run tagged templates. */
export type Sql = postgres.Sql

/** A part of a statement, made by a tagged template and put into another one. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>

export type ConnectOptions = {
  max: number
  /** 0 lifts it, for migrations and long reports. */
  statementTimeoutMs?: number
  lockTimeoutMs?: number
  /** How long the caller waits for an answer before its outcome counts as unknown; 0: for ever. */
  deadlineMs?: number
  /** Rows with the names the database has: only for libraries that read them so. */
  plainNames?: boolean
  /** The role taken on by every connection: one that row-level security holds for. */
  role?: string
}

const STATEMENT_TIMEOUT_MS = 5_000
const LOCK_TIMEOUT_MS = 3_000
const IDLE_IN_TRANSACTION_MS = 10_000
const DEADLINE_MS = 7_000
const WAIT_MS = 1_500
const CONNECT_TIMEOUT_SECONDS = 5
const END_SECONDS = 5
const UNKNOWN_OUTCOME = 'unknown_outcome'
const NOT_DONE = 'not_done'

/** The driver's and the system's words for a connection that ended under a query. */
const lostCodes = ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']

/** SQLSTATEs that say no for now: serialisation, resources, locks, limits, shutdown, disks. */
const passing = /^(40...|53...|55P03|57014|57P0.|58...)$/

type Settings = postgres.Options<Record<string, postgres.PostgresType>>

/** What the wrapped pools and transactions of this file are. */
const pools = new WeakMap<Sql, Pool>()
const transactions = new WeakSet<Sql>()
const makers = new WeakMap<Sql, Sql>()

/**
 * Opens a pool; nothing is sent before the first query. Columns are camelCase (keys inside json
 * stay as stored), int8 is a safe integer, a date is 'YYYY-MM-DD', an instant is a Date, numeric is
 * text. Every query settles: answered, or rejected with an error that `isUnknownOutcome` or
 * `isNotDone` recognises when the connection is lost or the answer does not come in time.
 */
export function connect(url: string, options: ConnectOptions): Sql {
  const settings: Settings = {
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    max_lifetime: null,
    onnotice: () => {},
    connection: {
      application_name: 'yiqi',
      TimeZone: 'UTC',
      synchronous_commit: 'on',
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      lock_timeout: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      ...(options.role === undefined ? {} : { role: options.role }),
    },
    types: { int8, date },
  }
  if (options.plainNames) return asSql(postgres(url, settings))
  // Never sends anything itself: it makes the queries, and the lines share its types.
  const maker = asSql(
    postgres(url, {
      ...settings,
      transform: { column: { from: postgres.toCamel, to: postgres.fromCamel } },
    }),
  )
  teachArrays(maker)
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS
  const pool = makePool({
    open: wiresLike(maker),
    read,
    max: options.max,
    deadlineMs,
    waitMs: Math.min(deadlineMs, WAIT_MS),
  })
  const sql = routed(maker, (query) => void runAlone(pool, query), {
    end: ({ timeout = END_SECONDS }: { timeout?: number } = {}) => pool.end(timeout * 1000),
  })
  pools.set(sql, pool)
  makers.set(sql, maker)
  return sql
}

/**
 * Runs `fn` in one transaction: committed when it returns, rolled back when it throws. Given a
 * transaction it joins it. The commit counts only when the database says COMMIT: it says ROLLBACK
 * where an error was swallowed in `fn`. A connection lost before the commit was sent has done
 * nothing; one lost after it, nobody knows.
 */
export async function inTransaction<T>(sql: Sql, fn: (tx: Sql) => Promise<T>): Promise<T> {
  if (transactions.has(sql)) return fn(sql)
  const [pool, maker] = [pools.get(sql), makers.get(sql)]
  assert(pool && maker, 'a transaction needs a pool of ours')
  const line = await takeLine(pool)
  let over = false
  const tx = routed(maker, (query) => {
    if (over) query.reject(new Error('a query came after the end of its transaction'))
    else line.send(query)
  })
  transactions.add(tx)
  try {
    await ask(maker, line, 'begin')
    const result = await fn(tx)
    over = true
    await commit(maker, line)
    return result
  } catch (error) {
    over = true
    if (!line.isLost()) await ask(maker, line, 'rollback').catch(() => line.close())
    throw isLineError(error) && !isUnknownOutcome(error) ? notDone(error) : error
  } finally {
    pool.give(line)
  }
}

/** Whether nobody can say if the statement took effect: ask again with the same idempotency key. */
export function isUnknownOutcome(error: unknown): boolean {
  return hasCode(error, (code) => code === UNKNOWN_OUTCOME)
}

/**
 * Whether nothing was done, and the same may succeed later: no connection, a transaction lost
 * before its commit, a statement stopped by a limit, a deadlock or a full disk.
 */
export function isNotDone(error: unknown): boolean {
  return hasCode(error, (code) => code === NOT_DONE || passing.test(code))
}

async function runAlone(pool: Pool, query: Query): Promise<void> {
  let line: Line
  try {
    line = await takeLine(pool)
  } catch (error) {
    return query.reject(error)
  }
  const { reject } = query
  query.reject = (error) => reject(afterSending(error))
  line.send(query)
  await query.catch(() => {})
  pool.give(line)
}

async function takeLine(pool: Pool): Promise<Line> {
  try {
    return await pool.take()
  } catch (error) {
    throw isLineError(error) ? notDone(error) : error
  }
}

const int8 = {
  to: 20,
  from: [20],
  serialize: (value: unknown) => String(value),
  parse: (value: string) => {
    const number = Number(value)
    assert(Number.isSafeInteger(number), `the integer ${value} from the database is safe`)
    return number
  },
}

const date = {
  to: 1082,
  from: [1082],
  serialize: (value: unknown) => {
    assert(typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value), 'a date is YYYY-MM-DD')
    return value
  },
  parse: (value: string) => value,
}

/** Opens connections that speak as `maker` does: each a client of the driver with one socket. */
function wiresLike(maker: Sql): OpenWire {
  let opened = 0
  return (onLost) => {
    const { host, port, path } = maker.options
    const nth = opened++ % host.length
    let socket: Socket | null = null
    const dial = async (): Promise<Socket> => {
      if (socket !== null) throw lineError(lineErrors.unreachable, 'a line is opened only once')
      socket = path ? createConnection(path) : createConnection(port[nth] ?? 0, host[nth])
      await connected(socket)
      return Object.assign(socket.setNoDelay(), { host: host[nth] })
    }
    const client = postgres(
      asSettings({
        ...maker.options,
        host: host.slice(nth, nth + 1),
        port: port.slice(nth, nth + 1),
        fetch_types: false,
        socket: dial,
        onclose: onLost,
      }),
    )
    const { handler } = asQuery(client``)
    return {
      send: handler,
      close: () => void client.end({ timeout: 0 }).then(() => socket?.destroySoon()),
    }
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      socket.destroy()
      reject(lineError(lineErrors.unreachable, `the database cannot be reached: ${why}`))
    }
    const late = setTimeout(() => fail('no answer'), CONNECT_TIMEOUT_SECONDS * 1000)
    socket.once('connect', resolve).once('error', (error) => fail(error.message))
    socket.once('close', () => clearTimeout(late)).once('connect', () => clearTimeout(late))
  })
}

/** The same maker, whose queries go where `send` says when they are awaited; fragments stay. */
function routed(maker: Sql, send: (query: Query) => void, also: object = {}): Sql {
  const route = <T>(made: T): T => {
    if (isQuery(made)) made.handler = send
    return made
  }
  return new Proxy(maker, {
    apply: (target, self, parts) => route(Reflect.apply(target, self, parts)),
    get: (target, name) => {
      if (name in also) return Reflect.get(also, name)
      if (name !== 'unsafe') return Reflect.get(target, name)
      return (...parts: Parameters<Sql['unsafe']>) => route(target.unsafe(...parts))
    },
  })
}

/** Sends a statement without parameters and says what the database calls what it did. */
async function ask(maker: Sql, line: Line, statement: string): Promise<string> {
  const query = maker.unsafe(statement)
  asQuery(query).handler = line.send
  return (await query).command
}

async function commit(maker: Sql, line: Line): Promise<void> {
  let done: string
  try {
    done = await ask(maker, line, 'commit')
  } catch (error) {
    throw afterSending(error)
  }
  if (done !== 'COMMIT') throw new Error(`the transaction was not kept: the database did ${done}`)
}

/** A statement's error leaves the connection as it was; any other ends it. */
function read(error: unknown): { error: unknown; harmless: boolean } {
  if (error instanceof postgres.PostgresError) return { error, harmless: true }
  if (hasCode(error, (code) => code === 'CONNECT_TIMEOUT'))
    return {
      error: lineError(lineErrors.unreachable, 'no connection in time', error),
      harmless: false,
    }
  if (hasCode(error, (code) => lostCodes.includes(code)))
    return { error: lineError(lineErrors.lost, 'the connection was lost', error), harmless: false }
  return { error, harmless: false }
}

function isLineError(error: unknown): boolean {
  return hasCode(error, (code) => Object.values<string>(lineErrors).includes(code))
}

/** What a line's error means for a statement that may have been kept. */
function afterSending(error: unknown): unknown {
  if (hasCode(error, (code) => code === lineErrors.unreachable)) return notDone(error)
  return isLineError(error) ? unknownOutcome(error) : error
}

function unknownOutcome(cause: unknown): Error {
  const error = new Error('the database did not answer: the outcome is unknown', { cause })
  return Object.assign(error, { name: 'UnknownOutcome', code: UNKNOWN_OUTCOME })
}

function notDone(cause: unknown): Error {
  const error = new Error('the database could not be asked: nothing was done', { cause })
  return Object.assign(error, { name: 'NotDone', code: NOT_DONE })
}

function hasCode(error: unknown, fits: (code: string) => boolean): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && fits(error.code)) return true
  return error.cause !== undefined && hasCode(error.cause, fits)
}

// What follows leans on the driver's inside, as of the pinned version: options once parsed may be
// given to another client, with the types it knows; a query carries its handler and its outcome.

/** `end` and `unsafe` are ours; `begin`, `listen` and `reserve` are not to be used. */
function asSql(sql: unknown): Sql {
  return sql as Sql
}

/** Parsed options are taken as they are, with the socket that the declared type leaves out. */
function asSettings(options: object): Settings {
  return options as Settings
}

function asQuery(query: unknown): Query {
  assert(isQuery(query), 'the driver makes queries that can be sent elsewhere')
  return query
}

function isQuery(value: unknown): value is Query {
  return value instanceof Promise && 'handler' in value && 'resolve' in value
}

type Inside = {
  parsers: Record<number, (text: string) => unknown>
  serializers: Record<number, (value: unknown) => unknown>
  shared: { typeArrayMap: Record<number, number> }
}

/**
 * The driver would ask the database for these on its first connection, and end the process where
 * that question is cut: nobody there waits for its answer.
 */
function teachArrays(maker: Sql): void {
  const options: unknown = maker.options
  const { parsers, serializers, shared } = options as Inside
  for (const [element, array] of arrayTypes) {
    const read = parsers[element] ?? ((text) => text)
    const write = serializers[element] ?? String
    shared.typeArrayMap[element] = array
    parsers[array] = (text) => readArray(text, read)
    serializers[array] = (values) => writeArray(values, write)
  }
}
