import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '@yiqi/server/kernel/config.ts'
import type { Fields } from '@yiqi/server/kernel/log.ts'
import {
  makeWechat,
  signedWith,
  type Wechat,
  type WechatSettings,
  wechatOf,
} from '@yiqi/server/kernel/wechat.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { Refusal, refusals } from '@yiqi/shared/kernel/refusals.ts'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../support/ports.ts'
import type { Fault } from '../support/wechat/faults.ts'
import { startWechat, type WechatStandIn } from '../support/wechat/start-wechat.ts'

const appId = 'wx1234567890abcdef'
const secret = '0123456789abcdef0123456789abcdef'
const MINUTE = 60_000
/** The patience of a test with a WeChat that stays silent; the others have the usual one. */
const SHORT_MS = 600

const LOG_IN = '/sns/jscode2session'
const TOKEN = '/cgi-bin/stable_token'
const PHONE = '/wxa/business/getuserphonenumber'
const CHECK = '/wxa/checksession'
const RESET = '/wxa/resetusersessionkey'

let at = Date.UTC(2026, 10, 23, 1, 0, 0)
let standIn: WechatStandIn
let logged: { event: string; fields: Fields }[]

beforeEach(async () => {
  standIn = await startWechat({ appId, secret, now: () => at })
  logged = []
})
afterEach(() => standIn.stop())

/** The adapter as the server has it, with the test's own clock. */
function adapter(given: Partial<WechatSettings> = {}): Wechat {
  return makeWechat({
    appId,
    secret,
    baseUrl: standIn.url,
    now: () => at,
    log: (_, event, fields = {}) => void logged.push({ event, fields }),
    ...given,
  })
}

async function logInOf(openid: string, given: Partial<WechatSettings> = {}) {
  return adapter(given).codeToLogIn(standIn.newLogInCode(openid))
}

const patienceFor = (fault: Fault) => (fault === 'timeout' ? { limitMs: SHORT_MS } : {})

const askedFor = (path: string) => standIn.asked(path).length

/** What was thrown, in all words that a log could show. */
async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('nothing was thrown'),
    (error: unknown) => error,
  )
}

async function refusedAs(work: Promise<unknown>): Promise<string> {
  const error = await thrownBy(work)
  if (!(error instanceof Refusal)) throw error
  return error.code
}

async function bugOf(work: Promise<unknown>): Promise<string> {
  const error = await thrownBy(work)
  expect(error).toBeInstanceOf(Error)
  expect(error).not.toBeInstanceOf(Refusal)
  return String(error)
}

describe('a log-in code', () => {
  test('tells who logs in, and the key, and no union where there is none', async () => {
    const openid = standIn.newOpenid()
    const logIn = await adapter().codeToLogIn(standIn.newLogInCode(openid))
    expect(logIn).toEqual({ openid, sessionKey: standIn.sessionKeyOf(openid), unionid: null })
    expect(logIn.sessionKey).toMatch(/^[\w+/]{22}==$/)
  })

  test('tells the union where the mini-program is linked to one', async () => {
    const code = standIn.newLogInCode(undefined, { unionid: 'o6_bmasdasdsad6_2sgVt7hMZOPfL' })
    expect((await adapter().codeToLogIn(code)).unionid).toBe('o6_bmasdasdsad6_2sgVt7hMZOPfL')
  })

  test.each(['text/plain', 'application/json'])('is read from an answer of %s', async (type) => {
    standIn.setContentType(type)
    await expect(logInOf(standIn.newOpenid())).resolves.toBeTruthy()
  })

  test('never given out, given twice, or older than five minutes is bad', async () => {
    const wechat = adapter()
    expect(await refusedAs(wechat.codeToLogIn('never&given=out'))).toBe('identity.wechat_code_bad')
    const code = standIn.newLogInCode()
    await wechat.codeToLogIn(code)
    expect(await refusedAs(wechat.codeToLogIn(code))).toBe('identity.wechat_code_bad')
    const old = standIn.newLogInCode()
    at += 5 * MINUTE
    expect(await refusedAs(wechat.codeToLogIn(old))).toBe('identity.wechat_code_bad')
    expect(logged.map(({ fields }) => fields.errcode)).toEqual([40029, 40163, 40029])
  })

  test('of a person whom WeChat blocks is refused as blocked', async () => {
    const openid = standIn.newOpenid()
    standIn.block(openid)
    expect(await refusedAs(logInOf(openid))).toBe('identity.wechat_blocked')
  })

  test('is asked again after "busy", for then nothing has happened', async () => {
    standIn.failNext('busy')
    await expect(logInOf(standIn.newOpenid())).resolves.toBeTruthy()
    expect(askedFor(LOG_IN)).toBe(2)
  })

  test.each<Fault>(['timeout', 'reset', 'http500', 'badJson'])(
    'is not asked again after %s, for it may be used up',
    async (fault) => {
      standIn.failNext(fault, { carriedOut: true })
      const lost = logInOf(standIn.newOpenid(), patienceFor(fault))
      expect(await refusedAs(lost)).toBe('identity.wechat_busy')
      expect(askedFor(LOG_IN)).toBe(1)
    },
  )

  test('busy twice, or a quota reached, is "busy": 503, and worth another try', async () => {
    standIn.failNext('busy', { times: 2 })
    expect(await refusedAs(logInOf(standIn.newOpenid()))).toBe('identity.wechat_busy')
    standIn.limit(LOG_IN, { perMinute: 0 })
    expect(await refusedAs(logInOf(standIn.newOpenid()))).toBe('identity.wechat_busy')
    standIn.limit(LOG_IN, { perDay: 0 })
    expect(await refusedAs(logInOf(standIn.newOpenid()))).toBe('identity.wechat_busy')
    expect(logged.map(({ fields }) => fields.errcode ?? null)).toEqual([null, null, 45011, 45009])
    expect(refusals['identity.wechat_busy']).toMatchObject({ status: 503, transient: true })
  })

  test('needs a WeChat that listens', async () => {
    const wechat = adapter({ baseUrl: `http://127.0.0.1:${await freePort()}` })
    expect(await refusedAs(wechat.codeToLogIn('0'))).toBe('identity.wechat_busy')
    expect(logged[0]?.fields.why).toBe('ECONNREFUSED')
  })

  test.each([
    [40013, { appId: 'wx0000000000000000' }, 'WECHAT_APPID is not known'],
    [41002, { appId: '' }, ''],
    [40125, { secret: 'f'.repeat(32) }, 'WECHAT_SECRET is wrong'],
    [41004, { secret: '' }, ''],
  ])('with %i is a bug of the settings, and says so', async (errcode, given, remedy) => {
    const bug = await bugOf(adapter(given).codeToLogIn(standIn.newLogInCode()))
    expect(bug).toContain(`code2Session failed with ${errcode}`)
    expect(bug).toContain(remedy)
    expect(bug).toMatch(/\(rid [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\)$/)
  })

  test('that is empty is a bug of the caller', async () => {
    expect(await bugOf(adapter().codeToLogIn(''))).toContain('41008')
  })
})

describe('a phone code', () => {
  const phone = '13800138000'
  const newCode = (options?: Parameters<WechatStandIn['newPhoneCode']>[2]) =>
    standIn.newPhoneCode(phone, standIn.newOpenid(), options)

  test.each([86, '86', '+86'])('gives the 11 digits, the country being %j', async (countryCode) => {
    expect(await adapter().phoneOf(newCode({ countryCode }))).toBe(phone)
  })

  test('of another mini-program’s button is refused', async () => {
    const code = newCode({ appId: 'wxffffffffffffffff' })
    expect(await refusedAs(adapter().phoneOf(code))).toBe('identity.wechat_code_bad')
    expect(logged.map(({ event }) => event)).toEqual(['wechat_phone_of_other_app'])
  })

  test('of a number from elsewhere is refused', async () => {
    const code = newCode({ countryCode: 852 })
    expect(await refusedAs(adapter().phoneOf(code))).toBe('identity.wechat_code_bad')
    const short = standIn.newPhoneCode('91234567', standIn.newOpenid())
    expect(await refusedAs(adapter().phoneOf(short))).toBe('identity.wechat_code_bad')
  })

  test('never given out, given twice, too old, or of wx.login is bad', async () => {
    const wechat = adapter()
    const code = newCode()
    await wechat.phoneOf(code)
    const old = newCode()
    at += 5 * MINUTE
    for (const bad of ['never', code, old, standIn.newLogInCode()])
      expect(await refusedAs(wechat.phoneOf(bad))).toBe('identity.wechat_code_bad')
  })

  test('is not asked again when the answer was lost', async () => {
    standIn.failNext('timeout', { path: PHONE, carriedOut: true })
    const lost = adapter(patienceFor('timeout')).phoneOf(newCode())
    expect(await refusedAs(lost)).toBe('identity.wechat_busy')
    expect(askedFor(PHONE)).toBe(1)
  })
})

describe('the token', () => {
  const phones = (wechat: Wechat, count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        wechat.phoneOf(standIn.newPhoneCode('13800138000', standIn.newOpenid())),
      ),
    )

  test('is fetched once for 20 calls at a time, and not forced', async () => {
    expect(await phones(adapter(), 20)).toHaveLength(20)
    expect(standIn.asked(TOKEN).map(({ body }) => body.force_refresh)).toEqual([false])
  })

  test('is kept until five minutes before its end, then fetched anew', async () => {
    const wechat = adapter()
    await phones(wechat, 1)
    at += 115 * MINUTE - 1
    await phones(wechat, 1)
    expect(askedFor(TOKEN)).toBe(1)
    at += 1
    await phones(wechat, 2)
    expect(askedFor(TOKEN)).toBe(2)
    const used = standIn.asked(PHONE).map(({ query }) => query.get('access_token'))
    expect(new Set(used.slice(0, 2)).size).toBe(1)
    expect(used[2]).not.toBe(used[0])
  })

  test('that WeChat ended early is fetched once more, not forced, and the call repeated', async () => {
    const wechat = adapter()
    await phones(wechat, 1)
    standIn.revokeToken()
    expect(await phones(wechat, 20)).toHaveLength(20)
    expect(askedFor(TOKEN)).toBe(2)
    expect(standIn.asked(TOKEN).every(({ body }) => body.force_refresh === false)).toBe(true)
  })

  test('that has expired by WeChat’s clock is fetched once more', async () => {
    const started = at
    const slow = makeWechat({ appId, secret, baseUrl: standIn.url, now: () => started })
    await phones(slow, 1)
    at += 121 * MINUTE
    await phones(slow, 1)
    expect(askedFor(TOKEN)).toBe(2)
  })

  test('is asked for again after any network failure, and a failure is not kept', async () => {
    for (const fault of ['timeout', 'reset', 'busy', 'http500', 'badJson'] as const) {
      standIn.failNext(fault, { path: TOKEN })
      await phones(adapter(patienceFor(fault)), 1)
    }
    const wechat = adapter()
    standIn.failNext('reset', { path: TOKEN, times: 2 })
    expect(await refusedAs(phones(wechat, 3))).toBe('identity.wechat_busy')
    expect(await phones(wechat, 1)).toHaveLength(1)
  })

  test('over its quota is "busy"; asked from an unknown address it is a bug of the settings', async () => {
    standIn.limit(TOKEN, { perMinute: 0 })
    expect(await refusedAs(phones(adapter(), 1))).toBe('identity.wechat_busy')
    standIn.limit(TOKEN, {})
    standIn.allowAddresses(['203.0.113.9'])
    expect(await bugOf(phones(adapter(), 1))).toContain('40164: the allow-list')
    standIn.allowAddresses(['203.0.113.9', '127.0.0.1'])
    expect(await phones(adapter(), 1)).toHaveLength(1)
  })
})

describe('a session key', () => {
  test('holds until the next log-in of the same person', async () => {
    const openid = standIn.newOpenid()
    const { sessionKey } = await logInOf(openid)
    expect(await adapter().checkSession(openid, sessionKey)).toBe(true)
    const next = await logInOf(openid)
    expect(await adapter().checkSession(openid, sessionKey)).toBe(false)
    expect(await adapter().checkSession(openid, next.sessionKey)).toBe(true)
    standIn.endSession(openid)
    expect(await adapter().checkSession(openid, next.sessionKey)).toBe(false)
  })

  test('is reset to another, and the old one then holds no more', async () => {
    const openid = standIn.newOpenid()
    const { sessionKey } = await logInOf(openid)
    const renewed = must(await adapter().resetSession(openid, sessionKey), 'a key')
    expect(renewed).not.toBe(sessionKey)
    expect(await adapter().checkSession(openid, sessionKey)).toBe(false)
    expect(await adapter().checkSession(openid, renewed)).toBe(true)
    expect(await adapter().resetSession(openid, sessionKey)).toBeNull()
  })

  test('is checked again after a lost answer, but not reset again', async () => {
    const openid = standIn.newOpenid()
    const { sessionKey } = await logInOf(openid)
    standIn.failNext('reset', { path: CHECK, carriedOut: true })
    expect(await adapter().checkSession(openid, sessionKey)).toBe(true)
    standIn.failNext('reset', { path: RESET, carriedOut: true })
    const lost = adapter().resetSession(openid, sessionKey)
    expect(await refusedAs(lost)).toBe('identity.wechat_busy')
    expect([askedFor(CHECK), askedFor(RESET)]).toEqual([2, 1])
  })

  test('of an openid that WeChat never gave out is a bug', async () => {
    expect(await bugOf(adapter().checkSession('nobody', 'key'))).toContain('40003')
  })

  test('signs as in WeChat’s own example', () => {
    expect(signedWith('o0q0otL8aEzpcZL/FT9WsQ==', '{"foo":"bar"}')).toBe(
      '654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b',
    )
  })
})

describe('secrets', () => {
  test('are in nothing that is thrown or logged', async () => {
    const openid = standIn.newOpenid()
    const { sessionKey } = await logInOf(openid)
    const phoneCode = standIn.newPhoneCode('13800138000', openid, { countryCode: 852 })
    const used = standIn.newLogInCode(openid)
    await adapter().codeToLogIn(used)
    const key = must(standIn.sessionKeyOf(openid), 'a key')
    const failing: (() => Promise<unknown>)[] = [
      () => adapter().codeToLogIn(used),
      () => adapter({ appId: 'wx0' }).codeToLogIn(used),
      () => adapter({ baseUrl: 'http://127.0.0.1:1' }).codeToLogIn(used),
      () => adapter().phoneOf(phoneCode),
      () => adapter().checkSession('nobody', sessionKey),
      ...(['timeout', 'reset', 'busy', 'http500', 'badJson'] as const).map((fault) => () => {
        standIn.failNext(fault, { path: RESET, times: 2 })
        return adapter(patienceFor(fault)).resetSession(openid, key)
      }),
    ]
    const words: string[] = []
    for (const fail of failing) {
      const error = await thrownBy(fail())
      if (error instanceof Error) words.push(String(error.stack), String(error.cause))
      words.push(JSON.stringify(error, Object.getOwnPropertyNames(error)))
    }
    const all = words.concat(JSON.stringify(logged)).join('\n')
    const token = must(standIn.asked(RESET)[0]?.query.get('access_token'), 'a token')
    for (const hidden of [secret, sessionKey, key, openid, token, used, phoneCode, '13800138000'])
      expect(all).not.toContain(hidden)
    expect(all).toContain('wechat_unanswered')
  })
})

describe('the settings', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'yiqi-wechat-'))
  const file = path.join(folder, 'secret')
  writeFileSync(file, `${secret}\n`)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('without an appid switch WeChat off', () => {
    expect(wechatOf(loadConfig({ WECHAT_SECRET: secret }))).toBeNull()
  })

  test.each([
    ['the environment', { WECHAT_SECRET: secret }],
    ['a file', { WECHAT_SECRET_FILE: file }],
  ])('take the secret from %s', async (_, given) => {
    const env = { WECHAT_APPID: appId, WECHAT_BASE_URL: standIn.url, ...given }
    const wechat = must(wechatOf(loadConfig(env)), 'wechat')
    await expect(wechat.codeToLogIn(standIn.newLogInCode())).resolves.toBeTruthy()
  })

  test('go to WeChat itself, and in the clear only to this machine', () => {
    const env = { WECHAT_APPID: appId, WECHAT_SECRET: secret }
    expect(loadConfig(env).wechat?.baseUrl).toBe('https://api.weixin.qq.com')
    for (const url of ['http://api.weixin.qq.com', 'https://a/b', 'https://u:p@a', 'x'])
      expect(() => loadConfig({ ...env, WECHAT_BASE_URL: url })).toThrow('WECHAT_BASE_URL')
  })

  test('need exactly one usable secret, which they do not repeat', () => {
    const one = 'WECHAT_APPID needs one of'
    expect(() => loadConfig({ WECHAT_APPID: appId })).toThrow(one)
    const both = { WECHAT_APPID: appId, WECHAT_SECRET: secret, WECHAT_SECRET_FILE: file }
    expect(() => loadConfig(both)).toThrow(one)
    const short = () => loadConfig({ WECHAT_APPID: appId, WECHAT_SECRET: 'hunter2' })
    expect(short).toThrow('not usable')
    expect(short).not.toThrow('hunter2')
  })
})
