import { identityRoutes } from '@yiqi/server/identity/routes.ts'
import { makeClock } from '@yiqi/server/kernel/clock.ts'
import { silentLog } from '@yiqi/server/kernel/log.ts'
import { newApp } from '@yiqi/server/kernel/serve.ts'
import { LogIn, Me } from '@yiqi/shared/identity/endpoints.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newWorld, START, type World } from './world.ts'

let world: World
let call: (method: string, path: string, body?: unknown, token?: string) => Promise<Response>

beforeAll(async () => {
  world = await newWorld()
  const { tokens, deliver } = world.ports
  const app = newApp({
    sql: world.sql,
    clock: makeClock(() => START),
    demo: true,
    log: silentLog,
    actorOf: (token) => tokens.actorOf(world.sql, token),
  })
  identityRoutes(app, tokens, deliver)
  call = async (method, path, body, token) =>
    app.hono.request(`/api${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
})
afterAll(() => world?.drop())

describe('identity over HTTP', () => {
  it('logs in with a code, counts tries although a refusal takes its writes back', async () => {
    const phone = '13900002352'
    expect((await call('POST', '/log-in-codes', { phone })).status).toBe(200)
    const code = world.delivered.at(-1)?.code ?? ''
    const wrong = code === '000000' ? '000001' : '000000'
    for (let i = 0; i < 4; i++) {
      expect((await call('POST', '/log-ins', { phone, code: wrong })).status).toBe(422)
    }
    const answer = await call('POST', '/log-ins', { phone, code })
    expect(answer.status).toBe(200)
    const { token } = LogIn.parse(await answer.json())
    const me = Me.parse(await (await call('GET', '/me', undefined, token)).json())
    expect(me.user.name).toBe('洪屿衡')
  })

  it('tells a visitor, a bad token and a wrong role apart', async () => {
    expect((await call('GET', '/me')).status).toBe(401)
    expect((await call('GET', '/me', undefined, 'nonsense')).status).toBe(401)
    const answer = await call('POST', '/demo/log-ins', { personId: 'P0305' })
    const { token } = LogIn.parse(await answer.json())
    expect((await call('GET', '/enterprises', undefined, token)).status).toBe(403)
    expect((await call('GET', '/clock', undefined, 'nonsense')).status).toBe(200)
  })
})
