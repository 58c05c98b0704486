import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listening, portOf } from '../ports.ts'
import { type Answer, type Asked, newDraw, newFail } from './answers.ts'
import { type Faults, newFaults } from './faults.ts'
import { newPeople, type People } from './people.ts'
import { newQuotas, type Quotas } from './quotas.ts'
import { newSubscriptions, type Subscriptions } from './subscriptions.ts'
import { newTokens } from './tokens.ts'

type Handlers = 'code2Session' | 'phoneNumber' | 'checkSession' | 'resetSession' | 'knows'

export type WechatStandIn = Omit<People, Handlers> &
  Omit<Subscriptions, 'send'> &
  Pick<Faults, 'failNext'> &
  Pick<Quotas, 'limit'> & {
    url: string
    stop: () => Promise<void>
    /** Ends the token of the moment at once, as a forced refresh from elsewhere does. */
    revokeToken: () => void
    /** Addresses that may ask for a token; null: any. This machine's is 127.0.0.1. */
    allowAddresses: (addresses: readonly string[] | null) => void
    /** For all answers from now on; null: as the real interfaces do, which differ. */
    setContentType: (type: string | null) => void
    /** What was asked, in order of arrival; of one path, or of all. */
    asked: (path?: string) => readonly Asked[]
  }

export type WechatStandInOptions = {
  appId: string
  secret: string
  /** The clock that codes, tokens and quotas go by, in milliseconds. Absent: real time. */
  now?: () => number
  seed?: number
}

/**
 * WeChat's server side on loopback, for the interfaces we use: stateful, strict about every
 * argument, the same in every run. All it says is HTTP 200, failures too, but for the faults that
 * are asked for.
 */
export async function startWechat(options: WechatStandInOptions): Promise<WechatStandIn> {
  const { now = Date.now, seed = 1 } = options
  const draw = newDraw(seed)
  const fail = newFail(now, draw)
  const world = { now, draw, fail }
  const tokens = newTokens(options, world)
  const { code2Session, phoneNumber, checkSession, resetSession, knows, ...people } = newPeople(
    options,
    world,
  )
  const { send, ...subscriptions } = newSubscriptions(knows, fail)
  const quotas = newQuotas(now)
  const faults = newFaults(fail)
  const asked: Asked[] = []
  let addresses: readonly string[] | null = null
  let contentType: string | null = null

  const issue = (question: Asked) =>
    addresses === null || addresses.includes(LOOPBACK)
      ? tokens.issue(question)
      : fail(40164, `invalid ip ${LOOPBACK} ipv6 ::ffff:${LOOPBACK}, not in whitelist`)
  const routes: Routes = new Map([
    ['/sns/jscode2session', { method: 'GET', answer: code2Session, open: true }],
    ['/cgi-bin/stable_token', { method: 'POST', answer: issue, open: true }],
    ['/wxa/business/getuserphonenumber', { method: 'POST', answer: phoneNumber }],
    ['/wxa/checksession', { method: 'GET', answer: checkSession }],
    ['/wxa/resetusersessionkey', { method: 'GET', answer: resetSession }],
    ['/cgi-bin/message/subscribe/send', { method: 'POST', answer: send }],
  ])
  const answerTo = (question: Asked, route: Route): Answer => {
    if (question.method !== route.method) return fail(route.method === 'GET' ? 43001 : 43002)
    const why = route.open ? null : tokens.whyNot(question.query.get('access_token'))
    const over = why ?? quotas.whyNot(question.path)
    return over === null ? route.answer(question) : fail(over)
  }
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const question = await read(request)
    const route = routes.get(question?.path ?? '')
    if (question === null || route === undefined) {
      response.writeHead(question === null ? 200 : 404).end(JSON.stringify(fail(47001)))
      return
    }
    asked.push(question)
    const kind = contentType ?? (route.open ? 'text/plain' : 'application/json; encoding=utf-8')
    response.setHeader('content-type', kind)
    faults.answer(question.path, response, () => answerTo(question, route))
  }

  const server = createServer((request, response) => {
    // Whoever asked has gone away in the middle of the question.
    serve(request, response).catch(() => response.destroy())
  })
  await listening(server)
  return {
    ...people,
    ...subscriptions,
    url: `http://${LOOPBACK}:${portOf(server)}`,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
    failNext: faults.failNext,
    limit: quotas.limit,
    revokeToken: tokens.revoke,
    allowAddresses: (allowed) => {
      addresses = allowed
    },
    setContentType: (type) => {
      contentType = type
    },
    asked: (path) => asked.filter((each) => path === undefined || each.path === path),
  }
}

const LOOPBACK = '127.0.0.1'

type Route = {
  method: 'GET' | 'POST'
  answer: (asked: Asked) => Answer
  /** Asked without a token. */
  open?: true
}
type Routes = ReadonlyMap<string, Route>

/** null: the body is not a JSON object. */
async function read(request: IncomingMessage): Promise<Asked | null> {
  const url = new URL(request.url ?? '/', 'http://stand-in')
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  const body = objectIn(Buffer.concat(parts).toString('utf8') || '{}')
  if (body === null) return null
  const { pathname: path, searchParams: query } = url
  return { method: request.method ?? '', path, query, body }
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? Object.fromEntries(Object.entries(value)) : null
  } catch {
    return null
  }
}
