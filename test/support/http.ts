import { makeApp } from '@yiqi/server/app.ts'
import type { DeliverCode } from '@yiqi/server/identity/deliver-code.ts'
import { makeLogIns } from '@yiqi/server/identity/log-ins.ts'
import { connect } from '@yiqi/server/kernel/connect.ts'
import type { World } from '@yiqi/server/kernel/serve.ts'
import type { Wechat } from '@yiqi/server/kernel/wechat.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Endpoint } from '@yiqi/shared/kernel/endpoint.ts'
import type { ErrorBody } from '@yiqi/shared/kernel/refusals.ts'
import type { Cast, Person } from './cast.ts'
import { testTokens, tokensFor } from './log-ins.ts'

const POOL_MAX = 6

export type Answer = { status: number; body: unknown; text: string; headers: Headers }
export type Ask = (
  person: Person | null,
  method: string,
  path: string,
  options?: {
    body?: unknown
    raw?: string | Uint8Array<ArrayBuffer>
    key?: string
    headers?: Record<string, string>
  },
) => Promise<Answer>

/** The whole application on the cast's database, asked in process with real tokens. */
export function overHttp(
  cast: Cast,
  options: { demo?: boolean; wechat?: Wechat; deliver?: DeliverCode } = {},
): { ask: Ask; served: Map<string, Endpoint> } {
  const sql = connect(cast.url, { max: POOL_MAX, role: 'yiqi_app' })
  const tokens = testTokens()
  const logIns = makeLogIns(tokens, 0)
  const world: World = {
    ...cast.world,
    sql,
    demo: options.demo ?? false,
    actorOf: (token, how) => logIns.actorOf(sql, token, how),
  }
  const ports = {
    logIns,
    wechat: options.wechat ?? null,
    deliver: options.deliver ?? (() => {}),
    sealsFolder: '',
  }
  const app = makeApp({ world, ports, clientDir: null, ready: async () => true })
  const issued = new Map<string, string>()
  const tokenOf = async (person: Person) => {
    const known = issued.get(person.membershipId)
    const token = known ?? must((await tokensFor(cast.sql, [person], tokens))[0], 'a token')
    issued.set(person.membershipId, token)
    return token
  }
  const ask: Ask = async (person, method, path, given = {}) => {
    const headers: Record<string, string> = { 'content-type': 'application/json', ...given.headers }
    if (person) headers.authorization = `Bearer ${await tokenOf(person)}`
    if (given.key) headers['idempotency-key'] = given.key
    const body = given.raw ?? (given.body === undefined ? null : JSON.stringify(given.body))
    const response = await app.hono.request(`/api${path}`, { method, headers, body })
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? null : JSON.parse(text),
      text,
      headers: response.headers,
    }
  }
  return { ask, served: app.served }
}

/** The error body of a refused answer. */
export function refusedWith(answer: Answer): ErrorBody {
  const body = answer.body
  if (body === null || typeof body !== 'object' || !('code' in body))
    throw new Error(`no error: ${answer.text}`)
  return body as ErrorBody // the shape every error answer has
}
