import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signatureOf } from '../support/wechat/people.ts'
import { startWechat, type WechatStandIn } from '../support/wechat/start-wechat.ts'

// What the stand-in for WeChat promises beyond what the server's own calls show.

const appId = 'wx1234567890abcdef'
const secret = '0123456789abcdef0123456789abcdef'
const account = { grant_type: 'client_credential', appid: appId, secret }
const SECOND = 1_000
const MINUTE = 60_000

let at = Date.UTC(2026, 10, 23, 1, 0, 0)
let standIn: WechatStandIn

beforeEach(async () => {
  standIn = await startWechat({ appId, secret, now: () => at })
})
afterEach(() => standIn.stop())

type Said = {
  errcode?: number
  errmsg?: string
  access_token?: string
  expires_in?: number
}

async function said(answer: Response): Promise<Said> {
  expect(answer.status).toBe(200)
  return (await answer.json()) as Said // compared field by field in each test
}

async function post(path: string, body: unknown, token = ''): Promise<Said> {
  const query = token === '' ? '' : `?access_token=${token}`
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return said(await fetch(`${standIn.url}${path}${query}`, { method: 'POST', body: text }))
}

async function get(path: string, query: Record<string, string>): Promise<Said> {
  return said(await fetch(`${standIn.url}${path}?${new URLSearchParams(query)}`))
}

const stable = (given: Record<string, unknown> = {}) =>
  post('/cgi-bin/stable_token', { ...account, ...given })
const tokenNow = async () => (await stable()).access_token ?? ''
/** What a call says that gets as far as the token and no further. */
const useOf = async (token: string) =>
  (await post('/wxa/business/getuserphonenumber', { code: 'none' }, token)).errcode
const GOOD = 40029

describe('the stable token', () => {
  test('is the same until five minutes before its end; then old and new are good together', async () => {
    const first = await stable()
    expect(first.expires_in).toBe(7200)
    expect(first.access_token).toHaveLength(512)
    at += 115 * MINUTE - SECOND
    expect(await stable()).toEqual({ access_token: first.access_token, expires_in: 301 })
    at += SECOND
    const second = await stable()
    expect(second.access_token).not.toBe(first.access_token)
    at += 5 * MINUTE - 1
    expect(await useOf(first.access_token ?? '')).toBe(GOOD)
    expect(await useOf(second.access_token ?? '')).toBe(GOOD)
    at += 1
    expect(await useOf(first.access_token ?? '')).toBe(40001)
    expect(await useOf(second.access_token ?? '')).toBe(GOOD)
  })

  test('forced, ends the old one at once, but not within 30 seconds nor more than 20 times a day', async () => {
    const first = await tokenNow()
    const second = (await stable({ force_refresh: true })).access_token ?? ''
    expect(second).not.toBe(first)
    expect(await useOf(first)).toBe(40001)
    at += 30 * SECOND - 1
    expect((await stable({ force_refresh: true })).access_token).toBe(second)
    at += 1
    for (let forced = 2; forced <= 20; forced++, at += 30 * SECOND)
      expect((await stable({ force_refresh: true })).errcode).toBeUndefined()
    expect((await stable({ force_refresh: true })).errcode).toBe(45009)
    at += 24 * 60 * MINUTE
    expect((await stable({ force_refresh: true })).errcode).toBeUndefined()
  })

  test.each([
    [41002, { appid: undefined }],
    [40013, { appid: 'wx0' }],
    [41004, { secret: undefined }],
    [40125, { secret: 'f'.repeat(32) }],
    [40002, { grant_type: 'authorization_code' }],
  ])('says %i to wrong arguments', async (errcode, given) => {
    expect((await stable(given)).errcode).toBe(errcode)
  })

  test('that is missing, wrong or expired is told apart', async () => {
    const token = await tokenNow()
    at += 120 * MINUTE
    expect([await useOf(''), await useOf('wrong'), await useOf(token)]).toEqual([
      41001, 40001, 42001,
    ])
  })
})

describe('every interface', () => {
  test('ends its failures with an rid of its own, and keeps to its method and to JSON', async () => {
    const first = await post('/cgi-bin/stable_token', 'appid=wx')
    const second = await get('/cgi-bin/stable_token', {})
    const third = await post('/sns/jscode2session', {})
    expect([first, second, third].map(({ errcode }) => errcode)).toEqual([47001, 43002, 43001])
    for (const { errmsg } of [first, second, third])
      expect(errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/)
    expect(first.errmsg).not.toBe(second.errmsg)
  })

  test('counts by minute and by the day in China', async () => {
    standIn.limit('/cgi-bin/stable_token', { perMinute: 2, perDay: 3 })
    const errcodes = async (times: number) => {
      const all: (number | undefined)[] = []
      for (let i = 0; i < times; i++) all.push((await stable()).errcode)
      return all
    }
    expect(await errcodes(3)).toEqual([undefined, undefined, 45011])
    at += MINUTE
    expect(await errcodes(1)).toEqual([45009])
    at += 15 * 60 * MINUTE
    expect(await errcodes(1)).toEqual([undefined])
  })

  test('code2Session takes a log-in code only with its grant type', async () => {
    const asked = { appid: appId, secret, js_code: standIn.newLogInCode(), grant_type: 'other' }
    expect((await get('/sns/jscode2session', asked)).errcode).toBe(40002)
  })
})

describe('the signature of a session key', () => {
  test('holds for the official vector', () => {
    expect(signatureOf('o0q0otL8aEzpcZL/FT9WsQ==', '{"foo":"bar"}')).toBe(
      '654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b',
    )
  })

  test('is asked for by its method, and must be of the empty text', async () => {
    const openid = standIn.newOpenid()
    const js_code = standIn.newLogInCode(openid)
    await get('/sns/jscode2session', {
      appid: appId,
      secret,
      js_code,
      grant_type: 'authorization_code',
    })
    const key = standIn.sessionKeyOf(openid) ?? ''
    const check = async (signature: string, sig_method: string) =>
      (
        await get('/wxa/checksession', {
          access_token: await tokenNow(),
          openid,
          signature,
          sig_method,
        })
      ).errcode
    expect(await check(signatureOf(key), 'hmac_sha256')).toBe(0)
    expect(await check(signatureOf(key), 'sha256')).toBe(87008)
    expect(await check(signatureOf(key, 'x'), 'hmac_sha256')).toBe(87009)
  })
})

describe('a subscribed message', () => {
  const templateId = 'template-of-a-booking'
  const good = {
    thing1: '扫描电子显微镜',
    date2: '2026年11月23日 09:00',
    amount3: '120.50元',
    phrase4: '已确认',
    character_string5: 'B-2026-0001',
  }
  const send = async (openid: string, values: Record<string, string>, given = {}) => {
    const data = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { value }]),
    )
    const body = { touser: openid, template_id: templateId, data, ...given }
    return post('/cgi-bin/message/subscribe/send', body, await tokenNow())
  }
  let openid: string
  beforeEach(() => {
    openid = standIn.newOpenid()
    standIn.addTemplate(templateId, Object.keys(good))
    standIn.setPages(['booking/booking/index'])
  })

  test('is sent once for each acceptance', async () => {
    expect((await send(openid, good)).errcode).toBe(43101)
    standIn.accept(openid, templateId, 2)
    const page = 'booking/booking/index?id=1'
    expect((await send(openid, good, { page })).errcode).toBe(0)
    expect((await send(openid, good)).errcode).toBe(0)
    expect((await send(openid, good)).errcode).toBe(43101)
    expect(standIn.sent()).toHaveLength(2)
    expect(standIn.sent()[0]).toEqual({ openid, templateId, data: good })
  })

  test.each([
    ['thing1', '', 'data.thing1.value is empty'],
    ['thing1', '一'.repeat(21), 'data.thing1.value invalid'],
    ['date2', '2026-11-23 09:00', 'data.date2.value invalid'],
    ['date2', '2026年11月23日 25:00', 'data.date2.value invalid'],
    ['amount3', '约一百元', 'data.amount3.value invalid'],
    ['phrase4', 'confirmed', 'data.phrase4.value invalid'],
    ['phrase4', '已由机组确认', 'data.phrase4.value invalid'],
    ['character_string5', '预约一号', 'data.character_string5.value invalid'],
  ])(
    'with %s "%s" is refused, names the field, and costs no acceptance',
    async (name, value, why) => {
      standIn.accept(openid, templateId)
      const refused = await send(openid, { ...good, [name]: value })
      expect(refused.errcode).toBe(47003)
      expect(refused.errmsg).toContain(`argument invalid! ${why} rid: `)
      expect((await send(openid, good)).errcode).toBe(0)
    },
  )

  test.each([
    [40003, { touser: 'nobody' }],
    [40037, { template_id: 'none' }],
    [41030, { page: 'booking/none/index' }],
    [41030, { page: '/booking/booking/index' }],
    [40097, { miniprogram_state: 'test' }],
    [47003, { data: { thing1: '扫描电子显微镜' } }],
  ])('says %i to %j', async (errcode, given) => {
    standIn.accept(openid, templateId)
    expect((await send(openid, good, given)).errcode).toBe(errcode)
  })
})
