import { LogIn, Me } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, newCast } from '../support/cast.ts'
import { type Ask, overHttp, refusedWith } from '../support/http.ts'

let cast: Cast
let ask: Ask
const delivered: { phone: string; code: string }[] = []

beforeAll(async () => {
  cast = await newCast()
  ask = overHttp(cast, { deliver: (phone, code) => delivered.push({ phone, code }) }).ask
})
afterAll(() => cast?.drop())

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const inBrowser = { 'x-keep': 'cookie' }

/** Logs in by phone and code as a client does. */
async function logIn(phone: string, headers: Record<string, string> = {}) {
  await cast.sql`delete from log_in_codes`
  const asked = await ask(null, 'POST', '/log-in-codes', { body: { phone } })
  const { codeId } = asked.body as { codeId: string } // the endpoint's output
  const code = delivered.at(-1)?.code ?? ''
  return {
    codeId,
    code,
    answer: await ask(null, 'POST', '/log-ins', { body: { phone, codeId, code }, headers }),
  }
}

describe('log-in over HTTP', () => {
  it('counts the tries of a code although each is refused', async () => {
    const { phone } = cast.people.xiaojin
    await cast.sql`delete from log_in_codes`
    const asked = await ask(null, 'POST', '/log-in-codes', { body: { phone } })
    const { codeId } = asked.body as { codeId: string } // the endpoint's output
    const code = delivered.at(-1)?.code ?? ''
    const wrong = code === '000000' ? '000001' : '000000'
    for (let i = 0; i < 5; i++) {
      const answer = await ask(null, 'POST', '/log-ins', { body: { phone, codeId, code: wrong } })
      expect(refusedWith(answer).code).toBe('identity.code_wrong')
    }
    const late = await ask(null, 'POST', '/log-ins', { body: { phone, codeId, code } })
    expect(refusedWith(late).code).toBe('identity.code_wrong')
  })

  it('gives the mini-program its refresh token, and a browser a cookie no script reads', async () => {
    const weapp = LogIn.parse((await logIn(cast.people.xiaojin.phone)).answer.body)
    expect(weapp.refreshToken).not.toBeNull()
    const { answer } = await logIn(cast.people.xiaojin.phone, inBrowser)
    expect(LogIn.parse(answer.body).refreshToken).toBeNull()
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^yiqi=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/)
    const headers = { ...inBrowser, cookie: cookie.split(';')[0] ?? '' }
    const refreshed = await ask(null, 'POST', '/log-ins/refresh', { body: {}, headers })
    const { token, me } = LogIn.parse(refreshed.body)
    expect(me.user.name).toBe('小晋')
    const anew = await ask(null, 'POST', '/log-in-codes', {
      body: { phone: cast.people.stranger.phone },
      headers,
    })
    expect(anew.status).toBe(200)
    const { codeId } = anew.body as { codeId: string } // the endpoint's output
    const code = delivered.at(-1)?.code ?? ''
    const other = await ask(null, 'POST', '/log-ins', {
      body: { phone: cast.people.stranger.phone, codeId, code },
      headers,
    })
    expect(LogIn.parse(other.body).me.user.name).toBe('小同')
    const out = await ask(null, 'DELETE', '/me/log-in', {
      body: {},
      headers: { ...headers, ...bearer(token).headers },
    })
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    const gone = await ask(null, 'GET', '/me', bearer(token))
    expect(refusedWith(gone).code).toBe('identity.not_logged_in')
  })

  it('lets staff do nothing in their role before the second factor, and then what is theirs', async () => {
    const { token } = LogIn.parse((await logIn(cast.people.province.phone)).answer.body)
    const me = Me.parse((await ask(null, 'GET', '/me', bearer(token))).body)
    expect(me).toMatchObject({ secondFactor: null, strongAt: null })
    const refused = await ask(null, 'GET', '/enterprises', bearer(token))
    expect(refusedWith(refused).code).toBe('identity.second_factor_needed')
    await cast.sql`update log_ins set strong_at = now() where id = ${me.logInId}`
    expect((await ask(null, 'GET', '/enterprises', bearer(token))).status).toBe(200)
  })

  it('wants the second factor again after five minutes where money moves', async () => {
    const { token, me } = LogIn.parse((await logIn(cast.people.finance.phone)).answer.body)
    const pay = (age: string) =>
      cast.sql`update log_ins set strong_at = now() - ${age}::interval where id = ${me.logInId}`.then(
        () =>
          ask(null, 'POST', `/bills/${crypto.randomUUID()}/receipts`, {
            ...bearer(token),
            body: {},
          }),
      )
    expect(refusedWith(await pay('5 minutes 1 second')).code).toBe('identity.step_up_needed')
    expect(refusedWith(await pay('4 minutes 50 seconds')).code).toBe('invalid_input')
  })
})

describe('devices', () => {
  it('are listed for the person alone, and one that is ended stops working at once', async () => {
    const first = LogIn.parse((await logIn(cast.people.xiaojin.phone)).answer.body)
    const second = LogIn.parse((await logIn(cast.people.xiaojin.phone)).answer.body)
    const list = await ask(null, 'GET', '/me/log-ins', bearer(first.token))
    const { rows } = list.body as { rows: { id: string; current: boolean }[] } // the output
    expect(rows.find((row) => row.current)?.id).toBe(first.me.logInId)
    expect(rows.map((row) => row.id)).toContain(second.me.logInId)
    const stranger = LogIn.parse((await logIn(cast.people.stranger.phone)).answer.body)
    const path = `/me/log-ins/${second.me.logInId}`
    const foreign = await ask(null, 'DELETE', path, { ...bearer(stranger.token), body: {} })
    expect(refusedWith(foreign).code).toBe('identity.no_such_log_in')
    expect((await ask(null, 'DELETE', path, { ...bearer(first.token), body: {} })).status).toBe(200)
    expect((await ask(null, 'GET', '/me', bearer(second.token))).status).toBe(401)
    expect((await ask(null, 'GET', '/me', bearer(first.token))).status).toBe(200)
  })

  it('can all be ended but this one', async () => {
    const others = [await logIn(cast.people.admin.phone), await logIn(cast.people.admin.phone)]
    const { token } = LogIn.parse((await logIn(cast.people.admin.phone)).answer.body)
    const ended = await ask(null, 'DELETE', '/me/log-ins', { ...bearer(token), body: {} })
    expect(ended.body).toEqual({ revoked: 2 })
    for (const { answer } of others) {
      const old = LogIn.parse(answer.body).token
      expect((await ask(null, 'GET', '/me', bearer(old))).status).toBe(401)
    }
  })
})

describe('roles', () => {
  it('are switched within the log-in; another person’s are not found', async () => {
    const { token } = LogIn.parse((await logIn(cast.people.xiaojin.phone)).answer.body)
    const [second] = await cast.sql<{ id: string }[]>`
      insert into memberships (user_id, organisation_id, role)
      values (${cast.people.xiaojin.userId}, ${cast.people.hao.organisationId}, 'unit-member')
      returning id`
    const to = (membershipId: string | undefined) =>
      ask(null, 'PUT', '/me/membership', { ...bearer(token), body: { membershipId } })
    expect(Me.parse((await to(second?.id)).body).membership?.role).toBe('unit-member')
    expect(Me.parse((await ask(null, 'GET', '/me', bearer(token))).body).membership?.role).toBe(
      'unit-member',
    )
    expect(refusedWith(await to(cast.people.hao.membershipId)).code).toBe(
      'identity.no_such_membership',
    )
  })

  it('may be named for one request, and foreign ones are refused', async () => {
    const { token, me } = LogIn.parse((await logIn(cast.people.xiaojin.phone)).answer.body)
    const named = (membershipId: string) =>
      ask(null, 'GET', '/me', {
        headers: { ...bearer(token).headers, 'x-acting-for': membershipId },
      })
    for (const { id } of me.memberships)
      expect(Me.parse((await named(id)).body).membership?.id).toBe(id)
    for (const bad of [cast.people.hao.membershipId, 'nonsense'])
      expect(refusedWith(await named(bad)).code).toBe('identity.no_such_membership')
  })

  it('tells a visitor, a bad token and a wrong role apart', async () => {
    expect((await ask(null, 'GET', '/me')).status).toBe(401)
    expect((await ask(null, 'GET', '/me', bearer('nonsense'))).status).toBe(401)
    expect((await ask(cast.people.xiaojin, 'GET', '/enterprises')).status).toBe(403)
    expect((await ask(null, 'GET', '/clock', bearer('nonsense'))).status).toBe(200)
  })
})
