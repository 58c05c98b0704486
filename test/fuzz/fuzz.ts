import type { Sql } from '@yiqi/server/kernel/connect.ts'
import type { Log } from '@yiqi/server/kernel/log.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Endpoint } from '@yiqi/shared/kernel/endpoint.ts'
import { isRefusalCode, refusals } from '@yiqi/shared/kernel/refusals.ts'
import fc from 'fast-check'
import type { Cast, Person } from '../support/cast.ts'
import { type Answer, type Ask, overHttp } from '../support/http.ts'
import type { Twins } from '../support/twins.ts'
import { type Request, requestOf } from './arbitrary.ts'
import { operationsOf, pathWith } from './document.ts'

export type Fuzzed = {
  sent: number
  byStatus: Record<string, number>
  /** How many requests of each endpoint were granted: one that never is, is not really tried. */
  granted: Record<string, number>
  failures: string[]
}

const FAILURES_MAX = 10
const PATH_MAX = 6_000
/** These end what everybody else still needs: their own tests try them. */
const spared = ['DELETE /api/me/log-in', 'DELETE /api/me/log-ins', 'PUT /api/me/membership']

/** The application, and the stacks of what went wrong in it. */
export function watched(cast: Cast): { ask: Ask; faults: readonly string[] } {
  const faults: string[] = []
  const log: Log = (_level, name, fields) => {
    if (name === 'bug') faults.push(String(fields?.stack).slice(0, 1_200))
  }
  return { ...overHttp({ ...cast, world: { ...cast.world, log } }), faults }
}

/**
 * Sends `requests` to the application as people of one house and of every role of the province, and
 * says what must never be: a fault, an answer that its schema does not know, an error without its
 * code. What the house may not touch is compared by `contentOf`.
 */
export async function fuzz(
  { cast, own }: Pick<Twins, 'cast' | 'own'>,
  { ask, faults }: { ask: Ask; faults: readonly string[] },
  options: { requests: number; seed: number; roles: readonly Role[] },
): Promise<Fuzzed> {
  const document = (await ask(null, 'GET', '/openapi.json')).body
  const operations = operationsOf(document).filter(({ name }) => !spared.includes(name))
  const endpoints = endpointsByName()
  const pool = await idsIn(cast.sql)
  const people: (Person | null)[] = [null, ...options.roles.map((role) => own.people[role])]
  const result: Fuzzed = { sent: 0, byStatus: {}, granted: {}, failures: [] }
  const failed = new Set<string>()
  const streams = operations.map((operation, nth) => ({
    operation,
    requests: fc.sample(requestOf(operation, pool), {
      numRuns: Math.ceil(options.requests / operations.length),
      seed: options.seed + nth,
    }),
  }))
  for (let round = 0; result.sent < options.requests; round++) {
    for (const { operation, requests } of streams) {
      const request = requests[round]
      if (request === undefined) return result
      const person = people[(round + result.sent) % people.length] ?? null
      const answer = await sendAs(ask, person, request)
      note(result, operation.name, answer)
      const why = whyNotRight(answer, must(endpoints.get(operation.name), operation.name))
      if (why === null) continue
      if (failed.has(operation.name)) continue
      failed.add(operation.name)
      const who = person?.role ?? 'visitor'
      const { path, query, body, headers } = request
      const asked = JSON.stringify({ path, query, headers, body: body?.slice(0, 600) })
      const said = `${answer.text.slice(0, 400)}\n  ${faults.at(-1) ?? ''}`
      result.failures.push(`${why}\n  ${who} ${operation.name} ${asked}\n  ${said}`)
      if (result.failures.length >= FAILURES_MAX) return result
    }
  }
  return result
}

function note(result: Fuzzed, name: string, { status }: Answer): void {
  result.sent++
  result.byStatus[status] = (result.byStatus[status] ?? 0) + 1
  if (status < 300) result.granted[name] = (result.granted[name] ?? 0) + 1
}

function endpointsByName(): Map<string, Endpoint> {
  const all = Object.values(allEndpoints).flatMap((endpoints) => Object.values(endpoints))
  return new Map(
    all.map((each) => [`${each.method} /api${each.path.replace(/:(\w+)/g, '{$1}')}`, each]),
  )
}

function sendAs(ask: Ask, person: Person | null, request: Request): Promise<Answer> {
  const query = new URLSearchParams(
    Object.entries(request.query).map(([name, value]): [string, string] => [
      name,
      queryText(value),
    ]),
  ).toString()
  const path = `${pathWith(request.operation, request.path)}${query === '' ? '' : `?${query}`}`
  return ask(person, request.operation.method, path.slice(0, PATH_MAX), {
    headers: request.headers,
    ...(request.body === null ? {} : { raw: Buffer.from(request.body) }),
  })
}

function queryText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** What is wrong with an answer; null when it is one that its contract knows. */
function whyNotRight(answer: Answer, endpoint: Endpoint): string | null {
  if (answer.status >= 500 && answer.status !== 503) return `a fault: ${answer.status}`
  if (answer.status < 300) {
    const parsed = endpoint.output.safeParse(answer.body)
    return parsed.success ? null : `not its schema: ${JSON.stringify(parsed.error.issues[0])}`
  }
  const code: unknown = Reflect.get(Object(answer.body), 'code')
  if (typeof code !== 'string' || !isRefusalCode(code)) return `an error without its code: ${code}`
  return refusals[code].status === answer.status ? null : `${code} came as ${answer.status}`
}

/** Every id that is anywhere: what a stranger may have heard of. */
async function idsIn(sql: Sql): Promise<string[]> {
  const tables = await sql<{ tableName: string }[]>`
    select table_name from information_schema.columns
    where table_schema = 'public' and column_name = 'id' and data_type = 'uuid'`
  const ids: string[] = []
  for (const { tableName } of tables) {
    const rows = await sql<{ id: string }[]>`select id from ${sql(tableName)} limit 40`
    ids.push(...rows.map((row) => row.id))
  }
  return ids
}

/**
 * A hash of every row, table by table, that names one of these: organisations, people, instruments
 * and their bookings.
 */
export async function contentOf(sql: Sql, owners: readonly string[]): Promise<Map<string, string>> {
  const columns = await sql<{ tableName: string; names: string[] }[]>`
    select c.table_name, array_agg(c.column_name::text) as names
    from information_schema.columns c join information_schema.tables t
      on t.table_name = c.table_name and t.table_schema = c.table_schema
    where c.table_schema = 'public' and c.data_type = 'uuid' and t.table_type = 'BASE TABLE'
      and c.table_name not in ('audit_entries', 'audit_links', 'events', 'event_queue')
    group by c.table_name order by 1`
  const hashes = new Map<string, string>()
  for (const { tableName, names } of columns) {
    const named = names.map((name) => sql`${sql(name)} = any(${[...owners]}::uuid[])`)
    const where = named.reduce((all, one) => sql`${all} or ${one}`)
    const [row] = await sql<{ hash: string | null }[]>`
      select md5(string_agg(x::text, ' ' order by x::text)) as hash
      from ${sql(tableName)} x where ${where}`
    hashes.set(tableName, row?.hash ?? '')
  }
  return hashes
}
