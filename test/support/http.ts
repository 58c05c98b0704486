import { makeApp } from '@yiqi/server/app.ts'
import { makeTokens } from '@yiqi/server/identity/tokens.ts'
import type { Endpoint } from '@yiqi/shared/kernel/endpoint.ts'
import type { ErrorBody } from '@yiqi/shared/kernel/refusals.ts'
import type { Cast, Person } from './cast.ts'

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
  options: { demo?: boolean } = {},
): { ask: Ask; served: Map<string, Endpoint> } {
  const tokens = makeTokens({ secret: 'a secret of the tests, long enough', lifetimeHours: 1 })
  const world = {
    ...cast.world,
    demo: options.demo ?? false,
    actorOf: (token: string) => tokens.actorOf(cast.sql, token),
  }
  const app = makeApp({ world, tokens, clientDir: null, ready: async () => true })
  const issued = new Map<string, string>()
  const tokenOf = async (person: Person) => {
    const token = issued.get(person.membershipId) ?? (await tokens.issue(person)).token
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
