import { assert } from '@yiqi/shared/kernel/assert.ts'
import postgres from 'postgres'

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
}

const STATEMENT_TIMEOUT_MS = 5_000
const LOCK_TIMEOUT_MS = 3_000
const IDLE_IN_TRANSACTION_MS = 10_000
const DEADLINE_MS = 8_000
const CONNECT_TIMEOUT_SECONDS = 5
const UNKNOWN_OUTCOME = 'unknown_outcome'

/** Codes of the driver for a connection lost after something may have been sent. */
const lostConnectionCodes = ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE']

/** The open transactions, and the deadline of each pool or transaction. */
const transactions = new WeakSet<Sql>()
const deadlines = new WeakMap<Sql, number>()

/**
 * Opens a pool; nothing is sent before the first query. Columns are camelCase (keys inside json
 * stay as stored), int8 is a safe integer, a date is 'YYYY-MM-DD', an instant is a Date, numeric is
 * text. An unanswered query is rejected after its deadline with an error `isUnknownOutcome`
 * recognises.
 */
export function connect(url: string, options: ConnectOptions): Sql {
  const pool = postgres(url, {
    max: options.max,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => {},
    connection: {
      application_name: 'yiqi',
      TimeZone: 'UTC',
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      lock_timeout: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
    types: { int8, date },
    ...(options.plainNames
      ? {}
      : { transform: { column: { from: postgres.toCamel, to: postgres.fromCamel } } }),
  })
  return withDeadline(asSql(pool), options.deadlineMs ?? DEADLINE_MS)
}

/**
 * Runs `fn` in one transaction: committed when it returns, rolled back when it throws. Given a
 * transaction it joins it. A last statement before the commit makes a swallowed error in `fn` fail
 * here, where a commit would silently roll back. Begin and commit have the pool's deadline too.
 */
export function inTransaction<T>(sql: Sql, fn: (tx: Sql) => Promise<T>): Promise<T> {
  if (transactions.has(sql)) return fn(sql)
  const deadlineMs = deadlines.get(sql) ?? 0
  return new Promise<T>((resolve, reject) => {
    const begin = alarm(deadlineMs, () => reject(unknownOutcome('begin')))
    let end = noAlarm
    const work = sql.begin(async (raw) => {
      if (begin.rang()) throw unknownOutcome('begin')
      begin.clear()
      const tx = withDeadline(asSql(raw), deadlineMs)
      transactions.add(tx)
      try {
        const result = await fn(tx)
        await tx`select 1`
        return { result }
      } catch (error) {
        if (isUnknownOutcome(error)) reject(error)
        throw error
      } finally {
        end = alarm(deadlineMs, () => reject(unknownOutcome('the end of the transaction')))
      }
    })
    work
      .then(({ result }) => resolve(result), reject)
      .finally(() => {
        begin.clear()
        end.clear()
      })
  })
}

/** Whether nobody can say if the statement took effect: ask again with the same idempotency key. */
export function isUnknownOutcome(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  if (code === UNKNOWN_OUTCOME || lostConnectionCodes.includes(code)) return true
  return error.cause !== undefined && isUnknownOutcome(error.cause)
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

/**
 * The one cast of this file. It guarantees: tagged templates, `json`, `array`, `unsafe` and the
 * helper call work alike on a pool with our types and on its transactions. It does not guarantee
 * `begin`, `listen` or `end` on a transaction; `inTransaction` joins instead of calling `begin`.
 */
function asSql(sql: unknown): Sql {
  return sql as Sql
}

/** The same pool or transaction, whose queries are given up after `ms`. */
function withDeadline(sql: Sql, ms: number): Sql {
  const timed = new Proxy(sql, {
    apply: (target, self, parts) => limit(Reflect.apply(target, self, parts), ms),
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (name !== 'unsafe') return value
      return (...parts: Parameters<Sql['unsafe']>) => limit(target.unsafe(...parts), ms)
    },
  })
  deadlines.set(timed, ms)
  return timed
}

type Timed = {
  executed: boolean
  handle: () => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/**
 * Starts the clock when the query is first awaited, so that fragments have none. The query itself
 * is kept, with all its methods. The driver stays with the connection until the server answers.
 */
function limit<T>(query: T, ms: number): T {
  if (ms === 0 || !isQuery(query)) return query
  const { handle, resolve, reject } = query
  let clock = noAlarm
  query.handle = () => {
    if (!query.executed) clock = alarm(ms, () => reject.call(query, unknownOutcome('a query')))
    return handle.call(query)
  }
  query.resolve = (value) => {
    clock.clear()
    resolve.call(query, value)
  }
  query.reject = (error) => {
    clock.clear()
    reject.call(query, error)
  }
  return query
}

function isQuery(value: unknown): value is Timed {
  return value instanceof Promise && 'handle' in value && 'executed' in value
}

type Alarm = { clear: () => void; rang: () => boolean }

const noAlarm: Alarm = { clear: () => {}, rang: () => false }

function alarm(ms: number, ring: () => void): Alarm {
  if (ms === 0) return noAlarm
  let rung = false
  const timer = setTimeout(() => {
    rung = true
    ring()
  }, ms)
  return { clear: () => clearTimeout(timer), rang: () => rung }
}

function unknownOutcome(what: string): Error {
  const error = new Error(`no answer from the database to ${what} in time: its outcome is unknown`)
  error.name = 'UnknownOutcome'
  return Object.assign(error, { code: UNKNOWN_OUTCOME })
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
