import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { z } from 'zod/mini'
import type { Log } from './log.ts'

const TRIES = 2
const SYSTEM_BUSY = -1

/** Where WeChat is, and how long one try may last. */
export type Wire = { baseUrl: string; limitMs: number; log: Log }

export type Question<T> = {
  /** The interface by its official name, for the log: the address holds secrets. */
  name: string
  method: 'GET' | 'POST'
  path: `/${string}`
  query?: Record<string, string>
  body?: Record<string, unknown>
  answer: z.ZodMiniType<T>
  /** Whether asking again does no harm where the first answer was lost. */
  repeatable: boolean
}

/** What WeChat said no with; `rid` is what its support asks for, '' where there was none. */
export type Failure = { name: string; errcode: number; rid: string }
export type Outcome<T> = { answer: T } | { failure: Failure }

/**
 * Asks WeChat one thing and answers what it said, be it a failure (errcode not 0). Two tries of
 * `limitMs` each: after "busy" (-1) always, after silence, a broken answer or a 5xx only where the
 * question is repeatable. Refuses identity.wechat_busy when no try was answered. An answer outside
 * the contract is a bug. Logs and throws names and numbers only, never an address, an argument or
 * an answer.
 */
export async function askWechat<T>(wire: Wire, question: Question<T>): Promise<Outcome<T>> {
  for (let tries = 1; ; tries++) {
    const said = await tryOnce(wire, question)
    const why = 'lost' in said ? said.lost : busyOf(said.json)
    if ('json' in said && why === null) return outcomeOf(question, said.json)
    wire.log('warn', 'wechat_unanswered', { call: question.name, why, tries })
    const again = 'json' in said || question.repeatable
    if (!again || tries === TRIES) throw new Refusal('identity.wechat_busy')
  }
}

type Said = { json: unknown } | { lost: string }

async function tryOnce<T>(wire: Wire, { name, ...asked }: Question<T>): Promise<Said> {
  const url = new URL(asked.path, wire.baseUrl)
  url.search = new URLSearchParams(asked.query).toString()
  const got = await fetch(url, {
    method: asked.method,
    body: asked.body === undefined ? null : JSON.stringify(asked.body),
    headers: asked.body === undefined ? {} : { 'content-type': 'application/json' },
    // A redirection would carry the secret to wherever it points.
    redirect: 'manual',
    signal: AbortSignal.timeout(wire.limitMs),
  }).then(
    (response) => response.text().then((text) => ({ status: response.status, text }), lostBy),
    lostBy,
  )
  if ('lost' in got) return got
  if (got.status >= 500 || got.status === 429) return { lost: `status ${got.status}` }
  if (got.status !== 200) throw new Error(`WeChat ${name} answered with status ${got.status}`)
  return parsed(got.text)
}

/** The kind of a network failure; its message may hold the address and stays here. */
function lostBy(error: unknown): { lost: string } {
  const cause = error instanceof Error ? error.cause : null
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (/^[A-Z0-9_]+$/.test(code)) return { lost: code }
  return { lost: error instanceof Error ? error.name : 'unknown' }
}

/** By its text: the content type may be text/plain. */
function parsed(text: string): Said {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return { lost: 'not JSON' }
  }
}

const Verdict = z.object({
  errcode: z.optional(z.int()),
  errmsg: z.optional(z.string()),
})

function busyOf(json: unknown): string | null {
  const verdict = Verdict.safeParse(json)
  return verdict.success && verdict.data.errcode === SYSTEM_BUSY ? `errcode ${SYSTEM_BUSY}` : null
}

function outcomeOf<T>({ name, answer }: Question<T>, json: unknown): Outcome<T> {
  const { errcode = 0, errmsg = '' } = checked(name, Verdict, json)
  if (errcode === 0) return { answer: checked(name, answer, json) }
  const rid = /\brid: ([0-9a-f-]{1,40})/.exec(errmsg)?.[1] ?? ''
  return { failure: { name, errcode, rid } }
}

/** Names the fields that are not as agreed, never their values. */
function checked<T>(name: string, schema: z.ZodMiniType<T>, json: unknown): T {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const fields = result.error.issues.map(({ path }) => path.join('.') || 'the whole')
  throw new Error(`WeChat ${name} answered outside its contract: ${fields.join(', ')}`)
}
