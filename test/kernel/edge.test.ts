import { createServer } from 'node:http'
import { createConnection } from 'node:net'
import { addressOf, addressPrefix, proxies } from '@yiqi/server/kernel/address.ts'
import { edge } from '@yiqi/server/kernel/headers.ts'
import { httpSettings } from '@yiqi/server/kernel/http-settings.ts'
import { readJson } from '@yiqi/server/kernel/json.ts'
import { newApp } from '@yiqi/server/kernel/serve.ts'
import { describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { freePort } from '../support/ports.ts'

/** An application without routes; it never asks its world anything. */
const emptyApp = () => newApp({} as Parameters<typeof newApp>[0]).hono

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const reading = (text: string) => outcome(Promise.resolve().then(() => readJson(text)))

describe('JSON that comes in', () => {
  it('is at most twenty levels deep and five thousand values wide, brackets in words aside', async () => {
    expect(await reading(nested(20))).toBe('done')
    expect(await reading(nested(21))).toBe('kernel.json_too_deep')
    expect(await reading(`[${'1,'.repeat(5_000)}1]`)).toBe('done')
    expect(await reading(`[${'1,'.repeat(5_001)}1]`)).toBe('kernel.json_too_deep')
    expect(readJson(JSON.stringify({ a: `${'[{'.repeat(50)}\\"` }))).toEqual({
      a: `${'[{'.repeat(50)}\\"`,
    })
    expect(await reading('{"a":')).toBe('kernel.not_json')
  })
})

describe('the client’s address', () => {
  const from = async (peer: string, forwarded: string | null, trusted: string[]) => {
    const app = emptyApp()
    app.get('/', (c) => c.text(addressOf(c, proxies(trusted)) ?? 'none'))
    const headers = forwarded === null ? {} : { 'x-forwarded-for': forwarded }
    const incoming = { socket: { remoteAddress: peer, remotePort: 1, remoteFamily: 'IPv4' } }
    return (await app.request('/', { headers }, { incoming })).text()
  }

  it('is the peer, unless a trusted proxy says otherwise', async () => {
    expect(await from('203.0.113.9', '1.2.3.4', [])).toBe('203.0.113.9')
    expect(await from('::ffff:203.0.113.9', null, [])).toBe('203.0.113.9')
    expect(await from('10.0.0.1', '1.2.3.4', ['10.0.0.0/8'])).toBe('1.2.3.4')
    expect(await from('10.0.0.1', '6.6.6.6, 1.2.3.4, 10.0.0.7', ['10.0.0.0/8'])).toBe('1.2.3.4')
    expect(await from('10.0.0.1', 'nonsense', ['10.0.0.0/8'])).toBe('10.0.0.1')
    expect(await from('2001:db8::1', '2001:db8:1::5', ['2001:db8::/64'])).toBe('2001:db8:1::5')
    expect(() => proxies(['everywhere'])).toThrow('is no address or network')
  })

  it('is recorded by its network alone', () => {
    expect(addressPrefix('203.0.113.9')).toBe('203.0.113.0')
    expect(addressPrefix('2001:db8:1:2:3::5')).toBe('2001:db8:1::')
    expect(addressPrefix('::1')).toBe('0:0:0::')
    expect(addressPrefix(null)).toBeNull()
  })
})

describe('the edge', () => {
  const app = (publicOrigin: string | null, allowedOrigins: string[] = []) => {
    const hono = emptyApp()
    hono.use('*', edge({ publicOrigin, allowedOrigins }))
    hono.all('/api/x', (c) => c.json({ ok: true }))
    hono.get('/', (c) => c.html('<p>'))
    return (path: string, method = 'GET', headers: Record<string, string> = {}) =>
      hono.request(`http://yiqi.test${path}`, {
        method,
        headers: { host: 'yiqi.test', ...headers },
      })
  }

  it('puts its headers on every answer, and https ones only behind https', async () => {
    const plain = await app(null)('/')
    expect(plain.headers.get('x-content-type-options')).toBe('nosniff')
    expect(plain.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(plain.headers.get('content-security-policy')).not.toMatch(/script[^;]*unsafe/)
    expect(plain.headers.get('strict-transport-security')).toBeNull()
    const answer = await app('https://yiqi.test')('/api/x')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=63072000')
  })

  it('refuses changes from other pages, not those of its own, of allowed ones and of programs', async () => {
    const ask = app(null, ['https://desk.example'])
    const from = async (origin: string) => (await ask('/api/x', 'POST', { origin })).status
    expect(await from('https://evil.example')).toBe(403)
    expect(await from('null')).toBe(403)
    expect(await from('http://yiqi.test')).toBe(200)
    expect(await from('https://desk.example')).toBe(200)
    expect((await ask('/api/x', 'POST')).status).toBe(200)
    expect((await ask('/api/x', 'GET', { origin: 'https://evil.example' })).status).toBe(200)
    const named = app('https://yiqi.example')
    expect((await named('/api/x', 'POST', { origin: 'http://yiqi.test' })).status).toBe(403)
  })

  it('lets allowed pages ask with a log-in, and names no others', async () => {
    const ask = app(null, ['https://desk.example'])
    const preflight = (origin: string) => ask('/api/x', 'OPTIONS', { origin })
    const allowed = await preflight('https://desk.example')
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://desk.example')
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true')
    const other = await preflight('https://evil.example')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })
})

it('a client that dribbles its request is let go', async () => {
  const port = await freePort()
  const quick = { ...httpSettings, headersTimeout: 500, connectionsCheckingInterval: 100 }
  const server = createServer(quick, (_, answer) => answer.end('ok')).listen(port)
  const ended = await new Promise<boolean>((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n')
    const dribble = setInterval(() => socket.write('x: y\r\n'), 100)
    socket.on('error', () => {}) // it was let go
    socket.on('close', () => {
      clearInterval(dribble)
      resolve(true)
    })
    setTimeout(() => resolve(false), 5_000).unref()
  })
  server.close()
  expect(ended).toBe(true)
  expect(httpSettings.headersTimeout).toBeLessThanOrEqual(15_000)
})
