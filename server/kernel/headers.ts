import { IncomingMessage } from 'node:http'
import { type Issue, type RefusalCode, refusals } from '@yiqi/shared/kernel/refusals.ts'
import type { Context, Next } from 'hono'
import { BODY_TIMEOUT_MS } from './http-settings.ts'
import { queryIssues } from './query.ts'

export type EdgeOptions = {
  /** Where people reach the platform; null: not said, so the host they asked counts. */
  publicOrigin: string | null
  /** Other origins whose pages may call the API with a log-in. */
  allowedOrigins: readonly string[]
  /** How long the body of a change may take to come. */
  bodyMs?: number
}

const HSTS = 'max-age=63072000; includeSubDomains'
const PREFLIGHT_SECONDS = '600'
const METHODS = 'GET, POST, PUT, DELETE'
const HEADERS = 'authorization, content-type, idempotency-key, if-none-match, x-acting-for, x-keep'
/** Takes a body that is no JSON and that may be large. */
const UPLOADS = '/api/files'

/**
 * Scripts are files of ours and nothing else. Taro's parts put style elements into the page and carry
 * their icons as a font in the style sheet; they also write markup, so no trusted types.
 */
const PAGES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')
const ANSWERS = "default-src 'none'; frame-ancestors 'none'"

const always: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Devices of the phone are used in the mini-program alone.
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

/**
 * What every answer carries, and who may ask from another page (ASVS 5.0.0 3.4): the API answers
 * pages of its own origin and of those allowed; a change asked for by any other page is refused
 * before it is looked at. Programs and the mini-program name no origin and are not concerned.
 * Refuses kernel.origin_refused, and invalid_input for a query that is too long or says a name
 * twice. A change whose body does not come in time loses its connection.
 */
export function edge(options: EdgeOptions): (c: Context, next: Next) => Promise<void> {
  const secure = options.publicOrigin?.startsWith('https:') ?? false
  return async (c, next) => {
    const origin = c.req.header('origin') ?? null
    const allowed = origin !== null && options.allowedOrigins.includes(origin) ? origin : null
    const early = answeredHere(c, options, origin, allowed)
    if (early !== null) c.res = early
    else await withinTime(c, next, options.bodyMs ?? BODY_TIMEOUT_MS)
    const { headers } = c.res
    for (const [name, value] of Object.entries(always)) setOnce(headers, name, value)
    setOnce(headers, 'content-security-policy', isApi(c) ? ANSWERS : PAGES)
    if (secure) headers.set('strict-transport-security', HSTS)
    if (options.allowedOrigins.length > 0) headers.append('vary', 'origin')
    if (allowed !== null) allow(headers, allowed)
  }
}

/** A preflight, or a refusal of what no route shall see; null: a route answers. */
function answeredHere(
  c: Context,
  options: EdgeOptions,
  origin: string | null,
  allowed: string | null,
): Response | null {
  if (!isApi(c)) return null
  if (c.req.method === 'OPTIONS' && origin !== null) return preflight(c)
  const changes = !['GET', 'HEAD'].includes(c.req.method)
  if (origin !== null && allowed === null && changes && !isOwn(c, origin, options))
    return refused(c, 'kernel.origin_refused')
  const issues = queryIssues(c.req.url)
  return issues.length > 0 ? refused(c, 'invalid_input', issues) : null
}

function isApi(c: Context): boolean {
  return c.req.path.startsWith('/api/')
}

/** The page is ours: of the public origin, or of the host that was asked. */
function isOwn(c: Context, origin: string, { publicOrigin }: EdgeOptions): boolean {
  if (publicOrigin !== null) return origin === publicOrigin
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host')
}

function refused(c: Context, code: RefusalCode, issues: Issue[] = []): Response {
  const { status, zh } = refusals[code]
  return c.json({ code, message: zh, ...(issues.length > 0 ? { issues } : {}) }, status)
}

function preflight(c: Context): Response {
  return c.body(null, 204, {
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': HEADERS,
    'access-control-max-age': PREFLIGHT_SECONDS,
  })
}

function allow(headers: Headers, origin: string): void {
  headers.set('access-control-allow-origin', origin)
  headers.set('access-control-allow-credentials', 'true')
  headers.set('access-control-expose-headers', 'etag, retry-after, x-request-id, x-server-time')
}

/** A route that says more itself, such as a download, keeps its word. */
function setOnce(headers: Headers, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value)
}

async function withinTime(c: Context, next: Next, bodyMs: number): Promise<void> {
  const incoming = incomingOf(c)
  if (incoming === null || ['GET', 'HEAD'].includes(c.req.method) || c.req.path === UPLOADS)
    return next()
  const late = setTimeout(() => incoming.complete || incoming.destroy(), bodyMs)
  try {
    await next()
  } finally {
    clearTimeout(late)
  }
}

/** Null where there is no connection (tests in process). */
function incomingOf(c: Context): IncomingMessage | null {
  const bindings: unknown = c.env
  if (typeof bindings !== 'object' || bindings === null || !('incoming' in bindings)) return null
  return bindings.incoming instanceof IncomingMessage ? bindings.incoming : null
}
