import Taro from '@tarojs/taro'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Endpoint, InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { learnServerTime } from './clock.ts'
import { forgetLogIn, keepLogIn, refreshTokenKept, token } from './log-in.ts'
import { isH5 } from './platform/target.ts'
import { isRefused, offline, refusedFrom } from './refused.ts'
import { askStepUp } from './step-up.ts'

// The only network code of the client.

export type CallOptions = {
  /** The idempotency key of one user's intent: the same through every retry. Writes only. */
  key?: string
  /** What `callIfNew` was given before: an unchanged answer then comes back as null. */
  etag?: string | null
  /** The membership to act in, where it is not the one of the log-in: the payer of a booking. */
  actingFor?: string
}

type Answer = { status: number; text: string; header: Record<string, string> }

const TIMEOUT_MS = 15_000

/**
 * Calls an endpoint. Throws a `Refused` when the answer is not 2xx or the server was not reached.
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E>,
  options: CallOptions = {},
): Promise<OutputOf<E>> {
  const answer = await send(endpoint, input, options)
  return outputOf<E>(answer)
}

/** Like `call`, but null when the answer is the one `etag` stands for. */
export async function callIfNew<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E>,
  etag: string | null,
): Promise<{ data: OutputOf<E>; etag: string | null } | null> {
  const answer = await send(endpoint, input, { etag })
  if (answer.status === 304) return null
  return { data: outputOf<E>(answer), etag: answer.header.etag ?? null }
}

/** The address of an endpoint, for a download by the browser itself. */
export function addressOf<E extends Endpoint>(endpoint: E, input: InputOf<E>): string {
  const { path, rest } = fillPath(endpoint, input)
  return `${API_BASE}/api${path}${queryString(rest)}`
}

/** A fresh idempotency key. Unique is enough: it is not a secret. */
export function newKey(): string {
  const part = () => Math.floor(Math.random() * 0x100000000).toString(36)
  return [part(), part(), part(), part()].join('-')
}

/**
 * Sends once, and once more where the token had to be refreshed or the person gave the second
 * factor that was missing; the key stays the same.
 */
async function send(endpoint: Endpoint, input: unknown, options: CallOptions): Promise<Answer> {
  if (token() === null && refreshTokenKept() !== null) await refresh()
  const sent = token()
  const answer = await sendOnce(endpoint, input, options)
  if (answer.status === 401 && sent !== null) {
    if (token() === sent && !(await refresh())) throw refusalOf(answer)
    return settled(await sendOnce(endpoint, input, options))
  }
  const why = factorMissing(answer)
  if (why !== null && (await askStepUp(why)))
    return settled(await sendOnce(endpoint, input, options))
  return settled(answer)
}

function settled(answer: Answer): Answer {
  if (answer.status === 304 || (answer.status >= 200 && answer.status < 300)) return answer
  throw refusalOf(answer)
}

function refusalOf(answer: Answer) {
  return refusedFrom(answer.status, parse(answer.text))
}

/** Which second factor the server missed; null: none. */
function factorMissing(answer: Answer): 'step_up' | 'second_factor' | null {
  if (answer.status !== 403) return null
  const { code } = refusalOf(answer)
  if (code === 'identity.step_up_needed') return 'step_up'
  return code === 'identity.second_factor_needed' ? 'second_factor' : null
}

async function sendOnce(endpoint: Endpoint, input: unknown, options: CallOptions): Promise<Answer> {
  const { path, rest } = fillPath(endpoint, input)
  const reads = endpoint.method === 'GET'
  const bearer = token()
  const answer = await exchange({
    url: `${API_BASE}/api${path}${reads ? queryString(rest) : ''}`,
    method: endpoint.method,
    header: {
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...(reads ? {} : { 'content-type': 'application/json' }),
      ...(isH5 ? { 'x-keep': 'cookie' } : {}),
      ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
      ...(options.actingFor === undefined ? {} : { 'x-acting-for': options.actingFor }),
      ...(options.etag ? { 'if-none-match': options.etag } : {}),
    },
    ...(reads ? {} : { data: JSON.stringify(rest) }),
  })
  learnServerTime(answer.header['x-server-time'])
  return answer
}

let refreshing: Promise<boolean> | null = null

/** The next access token; false when the log-in is over. One at a time for all calls. */
function refresh(): Promise<boolean> {
  refreshing ??= refreshOnce().finally(() => {
    refreshing = null
  })
  return refreshing
}

async function refreshOnce(): Promise<boolean> {
  const kept = refreshTokenKept()
  if (kept === null) return false
  const input = kept === '' ? {} : { refreshToken: kept }
  const answer = await sendOnce(identityEndpoints.refreshLogIn, input, {})
  if (answer.status === 200) {
    keepLogIn(outputOf<typeof identityEndpoints.refreshLogIn>(answer))
    return true
  }
  if (answer.status === 401) forgetLogIn()
  return false
}

type Wire = {
  url: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  header: Record<string, string>
  data?: string
}

async function exchange(wire: Wire): Promise<Answer> {
  try {
    const result = await Taro.request({
      ...wire,
      timeout: TIMEOUT_MS,
      dataType: 'text', // parsing is ours: an empty or foreign body must not throw in Taro
      responseType: 'text',
    })
    const header: Record<string, string> = {}
    for (const [name, value] of Object.entries(result.header ?? {})) {
      header[name.toLowerCase()] = String(value)
    }
    const body: unknown = result.data
    const text = typeof body === 'string' ? body : body == null ? '' : JSON.stringify(body)
    return { status: result.statusCode, text, header }
  } catch (error) {
    if (isRefused(error)) throw error
    throw offline(/time/i.test(reasonOf(error)))
  }
}

function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'errMsg' in error) return String(error.errMsg)
  return String(error)
}

function fillPath(endpoint: Endpoint, input: unknown): { path: string; rest: Fields } {
  const rest: Fields = { ...asFields(input) }
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  return { path, rest }
}

type Fields = Record<string, unknown>

/** Every endpoint's input is one object. */
function asFields(input: unknown): Fields {
  return typeof input === 'object' && input !== null ? (input as Fields) : {}
}

function queryString(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined || value === null) return []
    const values = Array.isArray(value) ? value : [value]
    return values.map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`)
  })
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // a proxy's page, not the server's answer
  }
}

/**
 * The server has parsed its answer by the endpoint's schema before sending: the type is trusted
 * here.
 */
function outputOf<E extends Endpoint>(answer: Answer): OutputOf<E> {
  return parse(answer.text) as OutputOf<E>
}
