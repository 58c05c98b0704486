import { randomUUID } from 'node:crypto'
import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { type Role, roles } from '@yiqi/shared/identity/terms.ts'
import { access } from '@yiqi/shared/kernel/access.ts'
import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Endpoint } from '@yiqi/shared/kernel/endpoint.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sensible } from '../fuzz/arbitrary.ts'
import { type Operation, operationsOf, pathWith } from '../fuzz/document.ts'
import { type Answer, type Ask, overHttp } from '../support/http.ts'
import { type House, newTwins, type Twins } from '../support/twins.ts'
import { objectsOf } from './matrix-objects.ts'
import { type Row, readMatrix } from './matrix-table.ts'

const relations = ['own', 'same', 'other', 'absent', 'deleted'] as const
type Relation = (typeof relations)[number]
type Case = { row: Row; role: Role | null; relation: Relation | null; ids: string[] }
type Expected = 401 | 403 | 404 | 'reached'

const matrix = readMatrix()
const endpoints = new Map<string, Endpoint>(
  Object.entries(allEndpoints).flatMap(([module, verbs]) =>
    Object.entries(verbs).map(([verb, endpoint]) => [`${module}.${verb}`, endpoint] as const),
  ),
)

let twins: Twins
let ask: Ask
let operations: Map<string, Operation>
const logInOf = new Map<string, string>()
let organisationsOf: ReadonlyMap<string, string[]>
let objects: Record<Relation, Record<string, string[]>>

beforeAll(async () => {
  twins = await newTwins()
  ask = overHttp(twins.cast).ask
  const document = (await ask(null, 'GET', '/openapi.json')).body
  operations = new Map(operationsOf(document).map((each) => [each.name, each]))
  ;({ objects, organisationsOf } = await objectsOf(twins))
  for (const { people } of [twins.own, twins.other])
    for (const role of roles) {
      const { userId } = people[role]
      const me = (await ask(people[role], 'GET', '/me')).body
      logInOf.set(userId, String(Reflect.get(Object(me), 'logInId')))
    }
}, 90_000)
afterAll(() => twins?.cast.drop())

/** What the hand-written table says of a person and an object. */
function expected({ row, role, relation }: Case): Expected {
  const { who } = row
  if (who === 'anyone') return 'reached'
  if (role === null) return 401
  if (who === 'person' || who === 'member') return 'reached'
  const near = relation === null || relation === 'own'
  if (who === 'self') return near ? 'reached' : 404
  const reach = who.get(role)
  if (reach === undefined) return row.hidden ? 404 : 403
  if (relation === 'absent' || relation === 'deleted') return 404
  switch (reach) {
    case 'x':
      return 'reached'
    case 'c': // the other house is of another city
    case 'p':
    case 'o':
      return near || relation === 'same' ? 'reached' : 404
    case 'a':
      return near ? 'reached' : 404
  }
}

function casesOf(row: Row): Case[] {
  const people: (Role | null)[] = [null, ...roles]
  return people.flatMap((role): Case[] => {
    if (row.object === null) return [{ row, role, relation: null, ids: [] }]
    const object = row.object
    return relations.flatMap((relation) => {
      const ids =
        row.who === 'self' && role !== null
          ? ownIds(role, relation, object)
          : near(role, relation, idsOf(relation, object))
      return ids.length === 0 ? [] : [{ row, role, relation, ids }]
    })
  })
}

/** Of a kind that neither house has, only what is nowhere can be asked for. */
function idsOf(relation: Relation, object: string): string[] {
  return objects[relation][object] ?? (relation === 'absent' ? [randomUUID()] : [])
}

/** Of the things of the own house, those of the organisation that the person acts for. */
function near(role: Role | null, relation: Relation, ids: string[]): string[] {
  if (role === null || (relation !== 'own' && relation !== 'same')) return ids
  const { organisationId } = twins.own.people[role]
  return ids.filter((id) => organisationsOf.get(id)?.includes(organisationId) ?? true)
}

/** What is a person's own: theirs, a colleague's, a stranger's. */
function ownIds(role: Role, relation: Relation, object: string): string[] {
  const { own, other } = twins
  const person = { own: own.people[role], same: own.colleagues.lab, other: other.people[role] }
  if (relation === 'absent' || relation === 'deleted') return objects[relation][object] ?? []
  const { userId, membershipId } = person[relation]
  return object === 'memberships' ? [membershipId] : [logInOf.get(userId) ?? randomUUID()]
}

async function sendCase({ row, role }: Case, id: string | null): Promise<Answer> {
  const endpoint = must(endpoints.get(row.action), row.action)
  const operation = must(operations.get(nameOf(endpoint)), row.action)
  const { own, other } = twins
  const input = inputOf(operation, [own.enterpriseId])
  const inPath = Object.fromEntries(
    Object.keys(operation.inPath).map((name) => [name, id ?? pathValue(name, other)]),
  )
  const reads = endpoint.method === 'GET'
  const query = reads ? `?${new URLSearchParams(textsOf(input))}` : ''
  const person = role === null ? null : own.people[role]
  return ask(person, endpoint.method, `${pathWith(operation, fixed(inPath))}${query}`, {
    ...(reads ? {} : { body: input }),
  })
}

/** What stands in a path beside the id. */
function fixed(inPath: Record<string, string>): Record<string, string> {
  const words: Record<string, string> = {
    funder: 'city',
    serviceMode: 'entrusted',
    scope: 'privacy',
  }
  return Object.fromEntries(Object.entries(inPath).map(([name, id]) => [name, words[name] ?? id]))
}

function pathValue(name: string, other: House): string {
  return name === 'code'
    ? 'ZZZZZZ'
    : name === 'userId'
      ? other.people.technician.userId
      : randomUUID()
}

function inputOf(operation: Operation, pool: string[]): Record<string, unknown> {
  const { schema, required } = operation.inQuery
  const shape =
    operation.method === 'GET'
      ? { type: 'object', properties: only(schema, required), required }
      : (operation.body ?? { type: 'object' })
  return sensible(shape, pool) as Record<string, unknown> // an object schema makes objects
}

function only<T>(all: Record<string, T>, names: string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

function textsOf(input: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)]))
}

const nameOf = (endpoint: Endpoint) =>
  `${endpoint.method} /api${endpoint.path.replace(/:(\w+)/g, '{$1}')}`

function got(answer: Answer): Expected {
  if (answer.status === 401) return 401
  if (answer.status === 404) return 404
  const code: unknown = Reflect.get(Object(answer.body), 'code')
  return code === 'identity.role_missing' || code === 'identity.not_delegated' ? 403 : 'reached'
}

async function contentOf(sql: Sql): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`
  const hashes: Record<string, string> = {}
  for (const { name } of tables) {
    const [row] = await sql<{ hash: string | null }[]>`
      select md5(string_agg(x::text, ' ' order by x::text)) as hash from ${sql(name)} x`
    hashes[name] = row?.hash ?? ''
  }
  return hashes
}

describe('the matrix of endpoints, roles and objects', () => {
  it('has a line for every endpoint, and none for what is no endpoint', () => {
    const lines = matrix.map((row) => row.action)
    expect(new Set(lines).size).toBe(lines.length)
    expect([...lines].sort()).toEqual([...endpoints.keys()].sort())
    expect(Object.keys(access).sort()).toEqual([...endpoints.keys()].sort())
  })

  it('refuses as the hand-written table says, and a refusal changes nothing', async () => {
    const before = await contentOf(twins.cast.sql)
    const wrong: string[] = []
    let tried = 0
    for (const row of matrix)
      for (const each of casesOf(row)) {
        const wanted = expected(each)
        if (wanted === 'reached') continue
        for (const id of each.ids.length === 0 ? [null] : each.ids.slice(0, 3)) {
          tried++
          const answer = await sendCase(each, id)
          if (got(answer) !== wanted) wrong.push(told(each, wanted, answer))
        }
      }
    expect(wrong.slice(0, 40).join('\n')).toBe('')
    expect(await contentOf(twins.cast.sql)).toEqual(before)
    console.log(`${tried} refusals`)
  }, 240_000)

  it('lets through as the hand-written table says', async () => {
    const wrong: string[] = []
    const done = new Set<string>()
    let tried = 0
    for (const row of matrix)
      for (const each of casesOf(row)) {
        if (ends(row) || expected(each) !== 'reached' || isPartly(each)) continue
        const answers: Answer[] = []
        for (const id of each.ids.length === 0 ? [null] : each.ids) {
          answers.push(await sendCase(each, id))
          tried++
        }
        // One of them is in the right state; what somebody ended just now is gone.
        const reached = answers.some((answer) => got(answer) === 'reached')
        if (answers.some((answer) => answer.status < 300)) done.add(row.action)
        if (!reached && !done.has(row.action) && each.row.object !== null)
          wrong.push(told(each, 'reached', must(answers[0], 'an answer')))
        if (
          each.row.who !== 'anyone' &&
          each.row.object === null &&
          answers.some((one) => [401, 403].includes(Number(got(one))))
        )
          wrong.push(told(each, 'reached', must(answers[0], 'an answer')))
      }
    expect(wrong.slice(0, 40).join('\n')).toBe('')
    console.log(`${tried} let through`)
  }, 240_000)
})

/** Whether it depends on more than the table says that the object is found. */
function isPartly({ row, role }: Case): boolean {
  return role !== null && typeof row.who !== 'string' && row.who.get(role) === 'p'
}

/** These end what their sender needs for all others; tests of their own let them through. */
function ends({ action }: Row): boolean {
  return /logOut|revoke.*LogIn|switchMembership|leaveOrganisation|closeAccount/.test(action)
}

function told({ row, role, relation }: Case, wanted: Expected, answer: Answer): string {
  return `${row.action} ${role ?? 'visitor'} ${relation ?? ''}: ${wanted} wanted, ${answer.status} ${answer.text.slice(0, 160)}`
}
