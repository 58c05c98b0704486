import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import { createConnection } from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeApp } from '@yiqi/server/app.ts'
import { makeLogIns } from '@yiqi/server/identity/log-ins.ts'
import { proxies } from '@yiqi/server/kernel/address.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { connect } from '@yiqi/server/kernel/connect.ts'
import { httpSettings } from '@yiqi/server/kernel/http-settings.ts'
import { makeLimits } from '@yiqi/server/kernel/limits.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { testTokens, tokensFor } from '../support/log-ins.ts'
import { portOf } from '../support/ports.ts'

// The whole application behind real sockets, with the limits and time-outs it has in use.

const LISTED = 'https://desk.example'
const BODY_MS = 500
/** Longer than any time-out below, shorter than the test's own. */
const PATIENCE_MS = 10_000

let cast: Cast
let server: Server
let port: number
let tokens: Map<Person, string>
let limits = makeLimits()

beforeAll(async () => {
  cast = await newCast()
  const sql = connect(cast.url, { max: 4, role: 'yiqi_app' })
  const signing = testTokens()
  const logIns = makeLogIns(signing, 0)
  const app = makeApp({
    world: {
      ...cast.world,
      sql,
      trustedProxies: proxies(['127.0.0.1']),
      // The clock of the limits stands still: what is granted does not depend on this machine.
      limits: { check: (asked) => limits.check({ ...asked, nowMs: 0 }) },
      actorOf: (token, how) => logIns.actorOf(sql, token, how),
    },
    ports: { logIns, wechat: null, deliver: () => {}, sealsFolder: '' },
    clientDir: null,
    ready: async () => true,
    origins: { publicOrigin: null, allowedOrigins: [LISTED], bodyMs: BODY_MS },
  })
  const people = [cast.people.xiaojin, cast.people.admin]
  const signed = await tokensFor(cast.sql, people, signing)
  tokens = new Map(people.map((person, i) => [person, must(signed[i], 'a token')]))
  server = await serving(app.hono.fetch)
  port = portOf(server)
})
afterAll(async () => {
  server?.closeAllConnections()
  server?.close()
  await cast?.drop()
})
beforeEach(() => {
  limits = makeLimits()
})

type Fetch = (request: Request) => Response | Promise<Response>
type Adapter = { serve: (options: object, listening: () => void) => Server }

/** By the adapter and the settings of the server itself, with a shorter time for its head. */
async function serving(fetch: Fetch): Promise<Server> {
  const from = createRequire(path.join(repoRoot, 'server', 'package.json'))
  const adapter = await import(pathToFileURL(from.resolve('@hono/node-server')).href)
  const { serve } = adapter as Adapter // what the package says of itself
  const serverOptions = { ...httpSettings, headersTimeout: 500, connectionsCheckingInterval: 100 }
  return new Promise((resolve) => {
    const made = serve({ fetch, port: 0, hostname: '127.0.0.1', serverOptions }, () =>
      resolve(made),
    )
  })
}

type Options = { person?: Person; from?: string; raw?: string; headers?: Record<string, string> }

async function ask(method: string, where: string, { person, from, raw, headers }: Options = {}) {
  const token = person === undefined ? undefined : tokens.get(person)
  const answer = await fetch(`http://127.0.0.1:${port}/api${where}`, {
    method,
    headers: {
      ...(raw === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(from === undefined ? {} : { 'x-forwarded-for': from }),
      ...headers,
    },
    ...(raw === undefined ? {} : { body: raw }),
  })
  const { code } = (await answer.json()) as { code?: string } // any answer of the API
  return { status: answer.status, code, headers: answer.headers }
}

const logIn = (from: string) =>
  ask('POST', '/log-ins', { from, raw: '{"phone":"13900000001","code":"000000"}' })
const hold = (person: Person) => ask('POST', '/bookings', { person, raw: '{}' })

describe('how often somebody may ask', () => {
  it('log-ins from one address are told when to come again; another address goes on', async () => {
    for (let i = 0; i < 30; i++) expect((await logIn('203.0.113.9')).status).not.toBe(429)
    const refused = await logIn('203.0.113.9')
    expect(refused).toMatchObject({ status: 429, code: 'kernel.too_many' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(2)
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await logIn('203.0.113.10')).status).not.toBe(429)
  })

  it('an address written in front by the client itself helps nobody', async () => {
    for (let i = 0; i < 30; i++) await logIn(`198.51.100.${i}, 203.0.113.9`)
    expect((await logIn('192.0.2.1, 203.0.113.9')).status).toBe(429)
  })

  it('nor does another address of the same IPv6 line', async () => {
    for (let i = 0; i < 30; i++) await logIn(`2001:db8:1:2::${i}`)
    expect((await logIn('2001:db8:1:2:ffff::1')).status).toBe(429)
    expect((await logIn('2001:db8:1:3::1')).status).not.toBe(429)
  })

  it('a person’s bookings are counted wherever they come from, and a colleague goes on', async () => {
    const { xiaojin, admin } = cast.people
    for (let i = 0; i < 30; i++) expect((await hold(xiaojin)).status).not.toBe(429)
    expect((await hold(xiaojin)).status).toBe(429)
    expect((await hold(admin)).status).not.toBe(429)
    expect((await ask('GET', '/me', { person: xiaojin })).status).toBe(200)
  })
})

describe('what is looked at before a verb runs', () => {
  it.each([
    ['a key twice', '{"amountFen":1,"amountFen":2}', 400, 'kernel.json_ambiguous'],
    ['too deep', `{"a":${'['.repeat(20)}${']'.repeat(20)}}`, 400, 'kernel.json_too_deep'],
    ['no JSON', '{"a":', 400, 'kernel.not_json'],
    ['a byte order mark and an object', '\ufeff{}', 400, 'invalid_input'],
  ])('a body: %s', async (_, raw, status, code) => {
    const answer = await ask('POST', '/bookings', { person: cast.people.xiaojin, raw })
    expect(answer).toMatchObject({ status, code })
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'multipart/form-data',
  ])('a body called %s', async (type) => {
    const headers = { 'content-type': type }
    const asked = { person: cast.people.xiaojin, raw: '{}', headers }
    expect(await ask('POST', '/bookings', asked)).toMatchObject({
      status: 415,
      code: 'kernel.content_type',
    })
  })

  it('a query that says a name twice', async () => {
    const answer = await ask('GET', '/instruments?limit=1&limit=100')
    expect(answer).toMatchObject({ status: 400, code: 'invalid_input' })
  })

  it('where the page came from', async () => {
    const asked = (origin: string) =>
      ask('POST', '/log-ins', { raw: '{}', headers: { origin } }).then(({ code }) => code)
    expect(await asked('https://evil.example')).toBe('kernel.origin_refused')
    expect(await asked('null')).toBe('kernel.origin_refused')
    expect(await asked(LISTED)).toBe('invalid_input')
    expect(await asked(`http://127.0.0.1:${port}`)).toBe('invalid_input')
  })
})

describe('a client that takes its time', () => {
  /** Sends the start, then a byte now and again; when the server let go, and what it said. */
  function dribble(start: string): Promise<{ ms: number; said: string }> {
    const began = performance.now()
    return new Promise((resolve) => {
      const socket = createConnection(port, '127.0.0.1')
      let said = ''
      socket.on('data', (part) => (said += String(part)))
      socket.on('error', () => {})
      socket.write(start)
      const beat = setInterval(() => socket.write('a'), 50)
      const end = () => {
        clearInterval(beat)
        socket.destroy()
        resolve({ ms: performance.now() - began, said })
      }
      socket.on('close', end)
      setTimeout(end, PATIENCE_MS).unref()
    })
  }

  it('with its head is told so and let go', async () => {
    const { ms, said } = await dribble('GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ')
    expect(ms).toBeLessThan(PATIENCE_MS / 2)
    expect(said).toMatch(/^(HTTP\/1.1 408 |$)/)
  })

  it('with the body of a change is let go, and the server goes on', async () => {
    const head = 'POST /api/log-ins HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
    const fixed = await dribble(`${head}content-length: 100000\r\n\r\n{"phone":"`)
    expect(fixed.ms).toBeGreaterThanOrEqual(BODY_MS - 50)
    expect(fixed.ms).toBeLessThan(PATIENCE_MS / 2)
    const chunked = await dribble(`${head}transfer-encoding: chunked\r\n\r\nffff\r\n{"pho`)
    expect(chunked.ms).toBeGreaterThanOrEqual(BODY_MS - 50)
    expect(chunked.ms).toBeLessThan(PATIENCE_MS / 2)
    expect((await ask('GET', '/clock')).status).toBe(200)
  })

  it('with nothing at all is let go', async () => {
    const { ms } = await new Promise<{ ms: number }>((resolve) => {
      const began = performance.now()
      const socket = createConnection(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.on('close', () => resolve({ ms: performance.now() - began }))
      socket.on('data', () => {})
    })
    expect(ms).toBeLessThan(PATIENCE_MS)
  })

  it('a head of more than 16 KB is refused before it is kept', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, {
      headers: { 'x-long': 'a'.repeat(17_000) },
    })
    expect(answer.status).toBe(431)
  })
})
