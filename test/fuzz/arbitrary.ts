import fc from 'fast-check'
import type { Operation, Schema } from './document.ts'

/** Ids of things that are there: the sender's own and those of others. */
export type Pool = readonly string[]

const DEPTH_MAX = 6

/** A value that the schema allows and that makes sense: words where words go, ends after starts. */
export function sensible(schema: Schema, pool: Pool, name = ''): unknown {
  if (schema.type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([field]) => schema.required?.includes(field))
        .map(([field, each]) => [field, sensible(each, pool, field)]),
    )
  if (schema.type === 'array')
    return Array.from({ length: schema.minItems ?? 0 }, () => sensible(schema.items ?? {}, pool))
  if (schema.type !== 'string' || schema.enum !== undefined || schema.pattern !== undefined) {
    const [value] = fc.sample(fits(schema, pool), { numRuns: 1, seed: 11 })
    return value
  }
  const isEnd = /^(ends|to|validTo|until)/.test(name)
  switch (schema.format) {
    case 'uuid':
      return pool[0]
    case 'date-time':
      return isEnd ? '2026-12-01T03:00:00.000Z' : '2026-12-01T01:00:00.000Z'
    case 'date':
      return isEnd ? '2026-12-31' : '2026-11-24'
    default:
      return '示例'.repeat(Math.ceil((schema.minLength ?? 2) / 2) + 1).slice(0, schema.maxLength)
  }
}

/** Values that a schema allows; ids are mostly those of things that are there. */
export function fits(schema: Schema, pool: Pool, depth = 0): fc.Arbitrary<unknown> {
  const any = schema.anyOf ?? schema.oneOf
  if (any !== undefined) return fc.oneof(...any.map((each) => fits(each, pool, depth)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return depth > DEPTH_MAX ? fc.constant({}) : objectOf(schema, pool, depth)
    case 'array':
      return fc.array(fits(schema.items ?? {}, pool, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
      })
    case 'string':
      return stringOf(schema, pool)
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -1_000, -(2 ** 31)),
        max: Math.min(schema.maximum ?? 1_000_000, 2 ** 31),
      })
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1e6, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectOf(schema: Schema, pool: Pool, depth: number): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, each]) => [name, fits(each, pool, depth + 1)] as const,
  )
  return fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] })
}

function stringOf(schema: Schema, pool: Pool): fc.Arbitrary<string> {
  switch (schema.format) {
    case 'uuid':
      return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pool) }, fc.uuid())
    case 'date-time':
      return fc
        .integer({ min: Date.UTC(2026, 10, 20), max: Date.UTC(2026, 11, 10) })
        .map((ms) => new Date(Math.floor(ms / 3_600_000) * 3_600_000).toISOString())
    case 'date':
      return fc
        .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) })
        .map((ms) => new Date(ms).toISOString().slice(0, 10))
    default:
  }
  const ours = schema.pattern === undefined ? null : patterned(schema.pattern)
  if (ours !== null) return ours
  const [min, max] = [schema.minLength ?? 1, Math.min(schema.maxLength ?? 40, 200)]
  return fc.oneof(
    fc.string({ minLength: min, maxLength: Math.max(min, Math.min(max, 20)), unit: 'grapheme' }),
    fc.constantFrom('样品', '断口形貌分析', 'a'.repeat(Math.max(min, 1))),
  )
}

function patterned(pattern: string): fc.Arbitrary<string> | null {
  try {
    return fc.stringMatching(new RegExp(pattern))
  } catch {
    return null // a form that the generator does not know: any text will do
  }
}

const nasty = [
  "'; drop table bookings; --",
  '<script>alert(1)</script>',
  '=cmd|"/c calc"!A1',
  '＝1+1',
  '\u202eevil\u202c',
  'a\u0000b',
  '\ud800',
  '💥'.repeat(50),
  '../../etc/passwd',
  '%00',
  '\u0024{7*7}',
  'null',
  'NaN',
  'x'.repeat(10_000),
]
const numbers = [-1, 0, 1.5, 2 ** 53, 1e308, -1e308, 999_999_999_999_999]
const instants = [
  '0000-00-00T00:00:00Z',
  '2026-02-30T10:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '-271821-04-20T00:00:00Z',
  '2026-11-25T10:00:00+99:00',
]

/** Another value in a place of the input: wrong in one of the ways that inputs go wrong. */
export const wrongs: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...nasty),
  fc.constantFrom<unknown>(...numbers),
  fc.constantFrom<unknown>(...instants),
  fc.constantFrom<unknown>(null, true, [], {}, [[]], [null], { a: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(nested(200)),
  fc.uuid(),
)

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

/** One request, as it goes over the wire. */
export type Request = {
  operation: Operation
  path: Record<string, string>
  query: Record<string, unknown>
  body: string | null
  headers: Record<string, string>
}

/** A request that fits the schema, or one that a mutator has spoilt. */
export function requestOf(operation: Operation, pool: Pool): fc.Arbitrary<Request> {
  const placeOf = (schema: Record<string, Schema>, required: string[]) =>
    fits({ type: 'object', properties: schema, required }, pool) as fc.Arbitrary<
      Record<string, unknown>
    > // an object schema makes objects
  const inPath = placeOf(operation.inPath, Object.keys(operation.inPath))
  const query = placeOf(operation.inQuery.schema, operation.inQuery.required)
  const body = operation.body === null ? fc.constant({}) : fits(operation.body, pool)
  const plain = fc.record({ inPath, query, body }).map((parts) => ({
    operation,
    path: texts(parts.inPath),
    query: parts.query,
    body: operation.method === 'GET' ? null : JSON.stringify(parts.body),
    headers: { 'content-type': 'application/json' },
  }))
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 4, arbitrary: spoilt(plain) })
}

function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}

type Mutate = (request: Request, wrong: unknown, at: number) => Request

/** A field gets a wrong value. */
const changeField: Mutate = (request, wrong, at) =>
  withBody(request, (body) => {
    const names = Object.keys(body)
    const name = names[at % Math.max(1, names.length)]
    return name === undefined ? body : { ...body, [name]: wrong }
  })
const dropField: Mutate = (request, _, at) =>
  withBody(request, (body) => {
    const names = Object.keys(body)
    return Object.fromEntries(
      Object.entries(body).filter(([name]) => name !== names[at % Math.max(1, names.length)]),
    )
  })
const addField: Mutate = (request, wrong) =>
  withBody(request, (body) => ({ ...body, role: 'auditor', organisationId: wrong, extra: wrong }))
const prototypeKeys: Mutate = (request) => ({
  ...request,
  body: request.body?.replace('{', '{"__proto__":{"admin":true},"constructor":1,') ?? null,
})
const doubledKey: Mutate = (request, wrong) => ({
  ...request,
  body: request.body?.replace('{', `{"id":${JSON.stringify(wrong) ?? 'null'},`) ?? null,
})
const cut: Mutate = (request, _, at) => ({
  ...request,
  body: request.body?.slice(0, at % (request.body.length + 1)) ?? null,
})
const wrongInPath: Mutate = (request, wrong, at) => {
  const names = Object.keys(request.path)
  const name = names[at % Math.max(1, names.length)]
  if (name === undefined) return request
  const text = typeof wrong === 'string' && wrong !== '' ? wrong : 'x'
  return { ...request, path: { ...request.path, [name]: wellFormed(text).slice(0, 300) } }
}
const wrongInQuery: Mutate = (request, wrong) => ({
  ...request,
  query: { ...request.query, cursor: wrong, limit: wrong, surprise: wrong },
})
const wrongType: Mutate = (request) => ({
  ...request,
  headers: { 'content-type': 'text/plain' },
})
const zipped: Mutate = (request) => ({
  ...request,
  headers: { ...request.headers, 'content-encoding': 'gzip' },
})
const wrongKey: Mutate = (request, wrong) => ({
  ...request,
  headers: { ...request.headers, 'idempotency-key': asHeader(wrong) },
})
const foreignSeat: Mutate = (request, wrong) => ({
  ...request,
  headers: { ...request.headers, 'x-acting-for': asHeader(wrong) },
})
const notAnObject: Mutate = (request, wrong) => ({
  ...request,
  body: request.body === null ? null : (JSON.stringify(wrong) ?? 'null'),
})

const mutators: readonly Mutate[] = [
  changeField,
  changeField,
  changeField,
  dropField,
  addField,
  prototypeKeys,
  doubledKey,
  cut,
  wrongInPath,
  wrongInQuery,
  wrongType,
  zipped,
  wrongKey,
  foreignSeat,
  notAnObject,
]

function spoilt(plain: fc.Arbitrary<Request>): fc.Arbitrary<Request> {
  return fc
    .tuple(plain, fc.constantFrom(...mutators), wrongs, fc.nat(10_000))
    .map(([request, mutate, wrong, at]) => mutate(request, wrong, at))
}

function withBody(
  request: Request,
  change: (body: Record<string, unknown>) => Record<string, unknown>,
): Request {
  if (request.body === null) return request
  const body: Record<string, unknown> = JSON.parse(request.body)
  return { ...request, body: JSON.stringify(change(body)) }
}

/** Lone surrogates stand in no address. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/g, '')
}

function asHeader(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, 200)
}
