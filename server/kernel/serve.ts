import { createHash, randomUUID } from 'node:crypto'
import type { BlockList } from 'node:net'
import { type Action, namesOf, ruleOf, whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import type { Endpoint, InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Issue, Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { type Context, Hono } from 'hono'
import type { z } from 'zod/mini'
import { addressOf, addressPrefix } from './address.ts'
import { answerError } from './answer-error.ts'
import { audit } from './audit.ts'
import type { Clock } from './clock.ts'
import type { Sql } from './connect.ts'
import { type Actor, allow, asActor, type Ctx, seatOf } from './ctx.ts'
import { contentHash, inKeyedTransaction, inOneCall, once, type Stored } from './idempotency.ts'
import { readJson } from './json.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { Vault } from './vault.ts'

export const BODY_MAX_BYTES = 256 * 1024
/** How old a second factor may be before money, permissions and data in bulk. Real time. */
export const STEP_UP_MS = 5 * 60_000
/** As long as a log-in lives at most. */
const COOKIE_SECONDS = 60 * 24 * 3600
const VISITOR: Actor = { kind: 'visitor' }
const names = namesOf(allEndpoints)

/** What the server is made of; routes reach it through `App`. */
export type World = {
  sql: Sql
  clock: Clock
  demo: boolean
  log: Log
  vault: Vault
  /** Peers whose word about the client's address counts. */
  trustedProxies: BlockList
  /** How often somebody may ask; null: as often as they like. */
  limits: Limits | null
  /** Whether the client is reached by https, so that cookies may be told to stay there. */
  secureCookies: boolean
  /** The person behind an access token; refuses a bad one. */
  actorOf: (token: string, how: ActingFor) => Promise<Actor>
}

/** `membershipId`: the role the caller names; `fresh`: nothing remembered counts. */
export type ActingFor = { membershipId: string | null; fresh: boolean }

export type App = { hono: Hono; world: World; served: Map<string, Endpoint> }

export function newApp(world: World): App {
  return { hono: new Hono(), world, served: new Map() }
}

export type How = {
  /** The verb makes its own transactions, or one call. */
  oneCall?: true
  /** A field of the answer that a browser keeps in a cookie no script can read. */
  keeps?: string
  /** A field of the input that such a cookie stands in for. */
  takes?: string
  /** The answer ends that cookie. */
  forgets?: true
}

/** What a route knows of itself before anybody calls it. */
type Route = How & { endpoint: Endpoint; action: Action; name: string }

/**
 * Binds an endpoint to its verb: who may (by the access table, in which it must stand), parse, run
 * (a write once per key, audited where the table says so), answer. A write is one transaction; with
 * `oneCall` its verb makes the change in one call of one SQL function instead.
 */
export function serve<E extends Endpoint>(
  app: App,
  endpoint: E,
  verb: (ctx: Ctx, input: InputOf<E>) => Promise<OutputOf<E>>,
  how: How = {},
): void {
  const action = names.get(endpoint)
  assert(action !== undefined, `${nameOf(endpoint)} stands in the access table`)
  const route: Route = { endpoint, action, name: nameOf(endpoint), ...how }
  app.served.set(route.name, endpoint)
  app.hono.on(endpoint.method, `/api${endpoint.path}`, async (c) => {
    const requestId = randomUUID()
    try {
      const ctx = await ctxOf(app.world, c, requestId, action)
      const wait = mayAsk(app.world, c, ctx, action)
      if (wait !== null) return tooMany(app.world, requestId, wait)
      mayCall(ctx, action)
      const raw = withCookie(c, route, await rawInput(c, endpoint))
      const input = parse<InputOf<E>>(endpoint.input, raw)
      const work = audited(route, input, (own: Ctx) => verb(own, input))
      if (endpoint.method === 'GET') {
        const answer = await (ruleOf(action).walled ? asActor(ctx, work) : work(ctx))
        return read(c, app.world, requestId, answer)
      }
      const answer = await write(c, ctx, route, { input, work })
      const { body, cookie } = intoCookie(c, app.world, route, answer.body)
      const response = send(app.world, requestId, answer.status, body)
      if (cookie !== null) response.headers.append('set-cookie', cookie)
      return response
    } catch (error) {
      const { status, body } = answerError(error, requestId, app.world.log)
      return send(app.world, requestId, status, JSON.stringify(body))
    }
  })
}

const nameOf = (endpoint: Endpoint) => `${endpoint.method} ${endpoint.path}`

/** Seconds to wait where somebody asks too often. */
function mayAsk(world: World, c: Context, { actor }: Ctx, action: Action): number | null {
  const address = addressOf(c, world.trustedProxies)
  return world.limits?.check({ action, actor, address, nowMs: Date.now() }) ?? null
}

function tooMany(world: World, requestId: string, seconds: number): Response {
  const refusal = new Refusal('kernel.too_many')
  const { status, body } = answerError(refusal, requestId, world.log)
  const response = send(world, requestId, status, JSON.stringify(body))
  response.headers.set('retry-after', String(seconds))
  return response
}

/** The access table's answer, and a second factor that is young enough where it asks for one. */
function mayCall(ctx: Ctx, action: Action): void {
  const why = whyNotAllowed(action, seatOf(ctx.actor))
  if (why !== null) throw new Refusal(why)
  if (ctx.actor.kind === 'member') allow(ctx, action)
  if (!ruleOf(action).stepUp) return
  const strongAt = 'strongAt' in ctx.actor ? ctx.actor.strongAt : null
  if (strongAt === null || Date.now() - strongAt.getTime() > STEP_UP_MS)
    throw new Refusal('identity.step_up_needed')
}

/**
 * Writes the audit entry that the table asks for, in the transaction of the act; a verb with its
 * own transactions writes it itself.
 */
function audited({ action, oneCall }: Route, input: unknown, work: Work): Work {
  const kind = ruleOf(action).audit
  if (kind === undefined || oneCall) return work
  return (ctx) =>
    asActor(ctx, async (tx) => {
      const answer = await work(tx)
      await audit(tx, { kind, action, subjectId: subjectOf(input) ?? subjectOf(answer) ?? '' })
      return answer
    })
}

/** A browser's cookie stands in for the field that its page never sees. */
function withCookie(c: Context, { takes }: Route, raw: object): object {
  if (takes === undefined || Object.hasOwn(raw, takes) || !keptInCookie(c)) return raw
  const value = /(?:^|; )(?:__Host-)?yiqi=([^;]+)/.exec(c.req.header('cookie') ?? '')?.[1]
  return value === undefined ? raw : { ...raw, [takes]: value }
}

/** Takes the field out of the answer and into the cookie; an answer without it ends the cookie. */
function intoCookie(
  c: Context,
  world: World,
  { keeps, forgets }: Route,
  body: string,
): { body: string; cookie: string | null } {
  if (!keptInCookie(c) || (keeps === undefined && !forgets)) return { body, cookie: null }
  const answer: unknown = JSON.parse(body)
  const value: unknown = Reflect.get(asObject(answer), keeps ?? '')
  const text = typeof value === 'string' ? value : ''
  const life = text === '' ? 'Max-Age=0' : `Max-Age=${COOKIE_SECONDS}`
  const name = world.secureCookies ? '__Host-yiqi' : 'yiqi'
  const flags = `Path=/; HttpOnly; SameSite=Strict${world.secureCookies ? '; Secure' : ''}`
  const rest = text === '' ? body : JSON.stringify({ ...asObject(answer), [keeps ?? '']: null })
  return { body: rest, cookie: `${name}=${text}; ${life}; ${flags}` }
}

function keptInCookie(c: Context): boolean {
  return c.req.header('x-keep') === 'cookie'
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

function subjectOf(value: unknown): string | null {
  if (value === null || typeof value !== 'object' || !('id' in value)) return null
  return typeof value.id === 'string' ? value.id : null
}

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
  { endpoint, name, oneCall }: Route,
  { input, work }: { input: unknown; work: Work },
): Promise<Stored> {
  const key = c.req.header('idempotency-key')
  if (key !== undefined && !/^[\x21-\x7e]{8,80}$/.test(key))
    throw new Refusal('kernel.key_malformed')
  if (key === undefined || endpoint.forgetful) {
    const answer = await (oneCall ? work(ctx) : asActor(ctx, work))
    return { status: 200, body: JSON.stringify(answer) }
  }
  const owner = 'userId' in ctx.actor ? ctx.actor.userId : ctx.actor.kind
  const asked = { owner, key, endpoint: name, hash: contentHash(name + c.req.path, input) }
  return once(ctx, asked, oneCall ? inOneCall(work) : inKeyedTransaction(work))
}

type Work = (ctx: Ctx) => Promise<unknown>

async function ctxOf(world: World, c: Context, requestId: string, action: Action): Promise<Ctx> {
  const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
  return {
    sql: world.sql,
    actor: bearer === undefined ? VISITOR : await actorFor(world, c, action, bearer),
    now: world.clock.now,
    demo: world.demo,
    requestId,
    address: addressPrefix(addressOf(c, world.trustedProxies)),
    log: world.log,
    vault: world.vault,
  }
}

/** A stale token on a public page makes a visitor of its bearer, not an error. */
async function actorFor(world: World, c: Context, action: Action, token: string): Promise<Actor> {
  const { who, stepUp, audit: kind } = ruleOf(action)
  const named = c.req.header('x-acting-for') ?? null
  if (named !== null && !isUuid(named)) throw new Refusal('identity.no_such_membership')
  try {
    const fresh = stepUp === true || kind !== undefined
    return await world.actorOf(token, { membershipId: named, fresh })
  } catch (error) {
    if (who === 'anyone' && error instanceof Refusal) return VISITOR
    throw error
  }
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

/** Path parameters, then the query of a GET or the body of a write, as one object. */
async function rawInput(c: Context, endpoint: Endpoint): Promise<object> {
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
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new Refusal('kernel.content_type')
  return readJson(textOf(bytes))
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
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
