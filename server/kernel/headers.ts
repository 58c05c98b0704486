import { refusals } from '@yiqi/shared/kernel/refusals.ts'
import type { Context, Next } from 'hono'

export type EdgeOptions = {
  /** Where people reach the platform; null: not said, so the host they asked counts. */
  publicOrigin: string | null
  /** Other origins whose pages may call the API with a log-in. */
  allowedOrigins: readonly string[]
}

const REFUSED = 'kernel.origin_refused'
const HSTS = 'max-age=63072000; includeSubDomains'
const PREFLIGHT_SECONDS = '600'
const METHODS = 'GET, POST, PUT, DELETE'
const HEADERS = 'authorization, content-type, idempotency-key, if-none-match, x-acting-for, x-keep'

/** Taro writes style attributes; scripts are files of ours and nothing else. */
const PAGES = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
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
  'permissions-policy': 'camera=(self), geolocation=(self), microphone=(), payment=(), usb=()',
}

/**
 * What every answer carries, and who may ask from another page (ASVS 5.0.0 3.4): the API answers
 * pages of its own origin and of those allowed; a change asked for by any other page is refused
 * before it is looked at. Programs and the mini-program name no origin and are not concerned.
 */
export function edge(
  options: EdgeOptions,
): (c: Context, next: Next) => Promise<Response | undefined> {
  const secure = options.publicOrigin?.startsWith('https:') ?? false
  return async (c, next) => {
    const origin = c.req.header('origin') ?? null
    const allowed = origin !== null && options.allowedOrigins.includes(origin)
    if (c.req.method === 'OPTIONS' && origin !== null) return preflight(c, allowed ? origin : null)
    if (origin !== null && !allowed && changes(c) && !isOwn(c, origin, options))
      return c.json({ code: REFUSED, message: refusals[REFUSED].zh }, 403)
    await next()
    const { headers } = c.res
    for (const [name, value] of Object.entries(always)) setOnce(headers, name, value)
    setOnce(headers, 'content-security-policy', c.req.path.startsWith('/api/') ? ANSWERS : PAGES)
    if (secure) headers.set('strict-transport-security', HSTS)
    if (options.allowedOrigins.length > 0) headers.append('vary', 'origin')
    if (allowed) allow(headers, origin)
    return undefined
  }
}

function changes(c: Context): boolean {
  return c.req.path.startsWith('/api/') && !['GET', 'HEAD'].includes(c.req.method)
}

/** The page is ours: of the public origin, or of the host that was asked. */
function isOwn(c: Context, origin: string, { publicOrigin }: EdgeOptions): boolean {
  if (origin === publicOrigin) return true
  try {
    return publicOrigin === null && new URL(origin).host === c.req.header('host')
  } catch {
    return false
  }
}

function preflight(c: Context, origin: string | null): Response {
  const answer = c.body(null, 204, {
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': HEADERS,
    'access-control-max-age': PREFLIGHT_SECONDS,
    vary: 'origin',
  })
  if (origin !== null) allow(answer.headers, origin)
  return answer
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
