import { createHash, randomUUID } from 'node:crypto'
import type { Endpoint, InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Issue, Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { type Context, Hono } from 'hono'
import type { z } from 'zod/mini'
import { answerError } from './answer-error.ts'
import type { Clock } from './clock.ts'
import type { Sql } from './connect.ts'
import { type Actor, type Ctx, transact } from './ctx.ts'
import { contentHash, inKeyedTransaction, inOneCall, once, type Stored } from './idempotency.ts'
import type { Log } from './log.ts'

export const BODY_MAX_BYTES = 256 * 1024
const VISITOR: Actor = { kind: 'visitor' }

/** What the server is made of; routes reach it through `App`. */
export type World = {
  sql: Sql
  clock: Clock
  demo: boolean
  log: Log
  /** The person behind an access token; refuses a bad one. */
  actorOf: (token: string) => Promise<Actor>
}

export type App = { hono: Hono; world: World; served: Map<string, Endpoint> }

export function newApp(world: World): App {
  return { hono: new Hono(), world, served: new Map() }
}

/**
 * Binds an endpoint to its verb: parse, run (a write once per key), answer. A write is one
 * transaction; with `oneCall` its verb makes the change in one call of one SQL function instead.
 */
export function serve<E extends Endpoint>(
  app: App,
  endpoint: E,
  verb: (ctx: Ctx, input: InputOf<E>) => Promise<OutputOf<E>>,
  how: { oneCall: boolean } = { oneCall: false },
): void {
  app.served.set(nameOf(endpoint), endpoint)
  app.hono.on(endpoint.method, `/api${endpoint.path}`, async (c) => {
    const requestId = randomUUID()
    try {
      const ctx = await ctxOf(app.world, c, requestId, endpoint)
      const input = parse<InputOf<E>>(endpoint.input, await rawInput(c, endpoint))
      const work = (own: Ctx) => verb(own, input)
      if (endpoint.method === 'GET') return read(c, app.world, requestId, await work(ctx))
      const answer = await write(c, ctx, endpoint, { input, work, ...how })
      return send(app.world, requestId, answer.status, answer.body)
    } catch (error) {
      const { status, body } = answerError(error, requestId, app.world.log)
      return send(app.world, requestId, status, JSON.stringify(body))
    }
  })
}

const nameOf = (endpoint: Endpoint) => `${endpoint.method} ${endpoint.path}`

/** An answer in JSON with what every answer carries: the platform's time and the request's id. */
export function send(
  world: World,
  requestId: string,
  status: number,
  body: string,
  etag?: string,
): Response {
  return new Response(status === 304 ? null : body, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-server-time': world.clock.now().toISOString(),
      'x-request-id': requestId,
      'x-content-type-options': 'nosniff',
      ...(etag ? { etag } : {}),
    },
  })
}

/** A read says 304 when the client has this very answer already. */
function read(c: Context, world: World, requestId: string, output: unknown): Response {
  const body = JSON.stringify(output)
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
  const known = c.req.header('if-none-match') === etag
  return send(world, requestId, known ? 304 : 200, body, etag)
}

async function write(
  c: Context,
  ctx: Ctx,
  endpoint: Endpoint,
  { input, work, oneCall }: { input: unknown; work: Work; oneCall: boolean },
): Promise<Stored> {
  const key = c.req.header('idempotency-key')
  if (key !== undefined && !/^[\x21-\x7e]{8,80}$/.test(key))
    throw new Refusal('kernel.key_malformed')
  if (key === undefined || endpoint.forgetful) {
    const answer = await (oneCall ? work(ctx) : transact(ctx, work))
    return { status: 200, body: JSON.stringify(answer) }
  }
  const owner = ctx.actor.kind === 'member' ? ctx.actor.userId : ctx.actor.kind
  const name = nameOf(endpoint)
  const asked = { owner, key, endpoint: name, hash: contentHash(name + c.req.path, input) }
  return once(ctx, asked, oneCall ? inOneCall(work) : inKeyedTransaction(work))
}

type Work = (ctx: Ctx) => Promise<unknown>

async function ctxOf(
  world: World,
  c: Context,
  requestId: string,
  endpoint: Endpoint,
): Promise<Ctx> {
  const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
  const actor = bearer === undefined ? VISITOR : await actorFor(world, endpoint, bearer)
  if (endpoint.access === 'member' && actor.kind === 'visitor')
    throw new Refusal('identity.not_logged_in')
  return {
    sql: world.sql,
    actor,
    now: world.clock.now,
    demo: world.demo,
    requestId,
    log: world.log,
  }
}

/** A stale token on a public page makes a visitor of its bearer, not an error. */
async function actorFor(world: World, endpoint: Endpoint, token: string): Promise<Actor> {
  try {
    return await world.actorOf(token)
  } catch (error) {
    if (endpoint.access === 'public' && error instanceof Refusal) return VISITOR
    throw error
  }
}

/** Path parameters, then the query of a GET or the body of a write, as one object. */
async function rawInput(c: Context, endpoint: Endpoint): Promise<unknown> {
  const params = c.req.param()
  if (endpoint.method === 'GET') return { ...c.req.query(), ...params }
  const body = await jsonBody(c)
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw invalid('', '须为一个 JSON 对象')
  for (const name of Object.keys(params))
    if (Object.hasOwn(body, name)) throw invalid(name, '已在地址中给出')
  return { ...body, ...params }
}

async function jsonBody(c: Context): Promise<unknown> {
  const bytes = await bodyBytes(c)
  if (bytes.byteLength === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal('kernel.not_json')
  }
}

/** A body that says its length is read at once; only one that does not is counted as it comes. */
async function bodyBytes(c: Context): Promise<Uint8Array> {
  const declared = Number(c.req.header('content-length') ?? Number.NaN)
  if (declared > BODY_MAX_BYTES) throw new Refusal('kernel.body_too_large')
  if (declared >= 0) return new Uint8Array(await c.req.raw.arrayBuffer())
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = c.req.raw.body?.getReader()
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    chunks.push(part.value)
    size += part.value.byteLength
    if (size <= BODY_MAX_BYTES) continue
    await reader?.cancel()
    throw new Refusal('kernel.body_too_large')
  }
  return Buffer.concat(chunks)
}

/** Here `unknown` becomes the input's type; every field that does not fit is named. */
function parse<I>(schema: z.ZodMiniType, raw: unknown): I {
  const result = schema.safeParse(raw)
  if (result.success) return result.data as I // the schema is the type's own
  const issues: Issue[] = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: '不认识的字段' }))
      : [{ path: issue.path.join('.'), message: wordsFor(issue, raw) }],
  )
  throw new Refusal('invalid_input', issues)
}

function wordsFor(issue: z.core.$ZodIssue, raw: unknown): string {
  if (valueAt(raw, issue.path) === undefined) return '必填'
  switch (issue.code) {
    case 'invalid_type':
      return `类型应为 ${issue.expected}`
    case 'too_big':
      return `不能超过 ${issue.maximum}`
    case 'too_small':
      return `不能少于 ${issue.minimum}`
    case 'invalid_value':
      return `只能是 ${issue.values.slice(0, 12).join('、')}`
    case 'invalid_format':
      return '格式不正确'
    default:
      return '内容不正确'
  }
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined,
    raw,
  )
}

function invalid(path: string, message: string): Refusal {
  return new Refusal('invalid_input', [{ path, message }])
}
