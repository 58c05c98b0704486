import { type EdgeOptions, edge } from '@yiqi/server/kernel/headers.ts'
import { newApp } from '@yiqi/server/kernel/serve.ts'
import { expect, it } from 'vitest'

const OWN = 'https://yiqi.example'
const LISTED = 'https://desk.example'
const OTHER = 'https://evil.example'

/** An application with one answer of each kind; it never asks its world anything. */
function asked(change: Partial<EdgeOptions> = {}) {
  const { hono } = newApp({} as Parameters<typeof newApp>[0])
  const options = { publicOrigin: OWN, allowedOrigins: [LISTED], ...change }
  hono.use('*', edge(options))
  hono.all('/api/x', (c) => c.json({ ok: true }))
  hono.get('/api/download', (c) =>
    c.body('x', 200, { 'content-security-policy': "sandbox; default-src 'none'" }),
  )
  hono.get('/api/broken', () => {
    throw new Error('a bug')
  })
  hono.onError((_, c) => c.text('bug', 500))
  hono.get('/', (c) => c.html('<p>'))
  return (path: string, method = 'GET', headers: Record<string, string> = {}) =>
    hono.request(`${OWN}${path}`, { method, headers: { host: 'yiqi.example', ...headers } })
}

const from = (origin: string) => ({ origin })

it.each([
  ['a page', '/', 'GET', {}],
  ['an answer', '/api/x', 'GET', {}],
  ['a path that is none', '/api/none', 'GET', {}],
  ['a fault', '/api/broken', 'GET', {}],
  ['a refused origin', '/api/x', 'POST', from(OTHER)],
  ['a refused query', '/api/x?a=1&a=2', 'GET', {}],
  ['a preflight', '/api/x', 'OPTIONS', from(LISTED)],
])('every answer carries every header: %s', async (_, path, method, headers) => {
  const answer = await asked()(path, method, headers)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'referrer-policy': 'same-origin',
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
    vary: expect.stringContaining('origin'),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
})

it('a page runs no script but files of its own, and nothing evaluates text', async () => {
  const policy = (await asked()('/')).headers.get('content-security-policy') ?? ''
  const directives = new Map(
    policy.split('; ').map((each): [string, string] => {
      const [name = '', ...values] = each.split(' ')
      return [name, values.join(' ')]
    }),
  )
  expect(directives.get('script-src')).toBe("'self'")
  expect(directives.get('default-src')).toBe("'none'")
  expect(directives.get('base-uri')).toBe("'none'")
  expect(directives.get('frame-ancestors')).toBe("'none'")
  expect(policy).not.toMatch(/unsafe-eval|\*|https?:/)
})

it('a download keeps the stricter word of its own route', async () => {
  const answer = await asked()('/api/download')
  expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
})

it('https is demanded only where people come by https', async () => {
  for (const publicOrigin of ['http://yiqi.example', null]) {
    const answer = await asked({ publicOrigin })('/')
    expect(answer.headers.get('strict-transport-security')).toBeNull()
  }
})

it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is refused to pages of others', async (method) => {
  const ask = asked()
  const others = [OTHER, 'null', 'http://yiqi.example', `${OWN}:8443`, `${OWN}.evil.example`, '']
  for (const origin of others.filter((each) => each !== '')) {
    const answer = await ask('/api/x', method, from(origin))
    expect(answer.status, origin).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'kernel.origin_refused' })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  }
  for (const headers of [{}, from(OWN), from(LISTED), { referer: 'https://servicewechat.com/x' }])
    expect((await ask('/api/x', method, headers)).status).toBe(200)
})

it('where the public origin is not said, the host that was asked counts as its own', async () => {
  const ask = asked({ publicOrigin: null })
  expect((await ask('/api/x', 'POST', from('http://yiqi.example'))).status).toBe(200)
  expect((await ask('/api/x', 'POST', from('http://yiqi.example:81'))).status).toBe(403)
})

it('another page may read only where it is listed, letter by letter', async () => {
  const ask = asked()
  const listed = await ask('/api/x', 'GET', from(LISTED))
  expect(listed.headers.get('access-control-allow-origin')).toBe(LISTED)
  expect(listed.headers.get('access-control-allow-credentials')).toBe('true')
  for (const origin of [OTHER, `${LISTED}.evil.example`, LISTED.toUpperCase(), 'null']) {
    const answer = await ask('/api/x', 'GET', from(origin))
    expect(answer.headers.get('access-control-allow-origin'), origin).toBeNull()
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  }
})

it('a preflight is answered, and grants something to listed pages alone', async () => {
  const ask = asked()
  const granted = await ask('/api/x', 'OPTIONS', from(LISTED))
  expect(granted.status).toBe(204)
  expect(granted.headers.get('access-control-allow-origin')).toBe(LISTED)
  expect(granted.headers.get('access-control-allow-headers')).toContain('idempotency-key')
  const other = await ask('/api/x', 'OPTIONS', from(OTHER))
  expect(other.headers.get('access-control-allow-origin')).toBeNull()
})

it('a query has fifty parameters at most, each once', async () => {
  const ask = asked()
  const many = (n: number) => Array.from({ length: n }, (_, i) => `p${i}=1`).join('&')
  expect((await ask(`/api/x?${many(50)}`)).status).toBe(200)
  const tooMany = await ask(`/api/x?${many(51)}`)
  expect(tooMany.status).toBe(400)
  expect(await tooMany.json()).toMatchObject({ code: 'invalid_input', issues: [{ path: '' }] })
  for (const query of ['limit=1&limit=2', 'limit=1&lim%69t=1', 'a=1&b=2&a'])
    expect(await (await ask(`/api/x?${query}`)).json()).toMatchObject({ code: 'invalid_input' })
})
