import type { Log } from '@yiqi/server/kernel/log.ts'
import { currentNotice } from '@yiqi/server/notice/queries.ts'
import { CLOSING_WORDS } from '@yiqi/shared/identity/terms-privacy.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, slotInput } from '../support/act.ts'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { type Answer, type Ask, overHttp } from '../support/http.ts'
import { addPerson } from '../support/second-person.ts'

// Everything the server logs while people do what they do, with marks in all that is personal or
// confidential: none of the marks is in it, nor in an error that is sent back.

const PHONE = '13155550987'
const marks = {
  phone: PHONE,
  name: '标记姓名',
  organisation: '标记单位名称',
  purpose: '标记用途',
  message: '标记消息',
  reason: '标记理由',
  account: '6222021409990001',
  bank: '标记银行支行',
  document: '标记文号',
  query: '标记检索',
  device: '标记设备',
}

let cast: Cast
let ask: Ask
const lines: string[] = []
/** The codes that were sent, and tokens that were handed out. */
const secrets: string[] = []
const errors: Answer[] = []

beforeAll(async () => {
  cast = await newCast()
  const log: Log = (level, event, fields) => {
    lines.push(JSON.stringify({ level, event, ...fields }))
  }
  const http = overHttp(
    { ...cast, world: { ...cast.world, log } },
    { deliver: (_, code) => void secrets.push(code) },
  )
  ask = async (...asked) => {
    const answer = await http.ask(...asked)
    if (answer.status >= 400) errors.push(answer)
    return answer
  }
})
afterAll(() => cast?.drop())

const post = (person: Person | null, path: string, body: unknown) =>
  ask(person, 'POST', path, { body })
const put = (person: Person | null, path: string, body: unknown) =>
  ask(person, 'PUT', path, { body })
const idOf = (answer: Answer): string => String(Reflect.get(Object(answer.body), 'id'))

/** Every mark and secret that stands in a text. */
function found(text: string): string[] {
  return [...Object.values(marks), ...secrets].filter((mark) => text.includes(mark))
}

describe('what the server logs and what its errors say', () => {
  it('while somebody logs in, rightly and wrongly', async () => {
    const sent = await post(null, '/log-in-codes', { phone: PHONE })
    const codeId = Reflect.get(Object(sent.body), 'codeId')
    const given = { phone: PHONE, codeId, device: marks.device }
    expect((await post(null, '/log-ins', { ...given, code: '000000' })).status).toBe(422)
    const entered = await post(null, '/log-ins', { ...given, code: secrets[0] })
    expect(entered.status, entered.text).toBe(200)
    const { token, refreshToken } = entered.body as { token: string; refreshToken: string }
    secrets.push(token, refreshToken)
    await post(null, '/log-ins/refresh', { refreshToken })
    await post(null, '/log-ins/refresh', { refreshToken: `${refreshToken}x` })
    await post(null, '/log-ins', { ...given, code: secrets[0] })
    await ask(null, 'GET', '/me', { headers: { authorization: `Bearer ${token}x` } })
    await post(null, '/log-in-codes', { phone: `${PHONE}1` })
  })

  it('while somebody books, writes and is refused', async () => {
    const { xiaojin, hao, stranger, manager } = cast.people
    await cast.sql`update users set name = ${marks.name} where id = ${xiaojin.userId}`
    const slot = slotInput(cast.instrumentId, at(25, 14), at(25, 16))
    const held = await post(xiaojin, '/bookings', slot)
    expect(held.status, held.text).toBe(200)
    const id = idOf(held)
    const asked = {
      serviceMode: 'entrusted',
      samples: 1,
      purpose: marks.purpose,
      sampleNames: [marks.name],
      serviceDirection: '136',
      confidentiality: 'confidential',
      noticeId: (await currentNotice(cast.ctx(xiaojin), 'entrusted')).id,
      programmeId: null,
      expected: { totalFen: 86_000, voucherFen: 0 },
    }
    const requested = await put(xiaojin, `/bookings/${id}/request`, asked)
    expect(requested.status, requested.text).toBe(200)
    await put(xiaojin, `/bookings/${id}/request`, asked)
    await put(xiaojin, `/bookings/${id}/request`, { ...asked, samples: marks.purpose })
    await put(stranger, `/bookings/${id}/request`, asked)
    const message = { text: marks.message }
    expect((await post(hao, `/bookings/${id}/messages`, message)).status).toBe(200)
    await post(stranger, `/bookings/${id}/messages`, message)
    await put(manager, `/bookings/${id}/refusal`, { reason: 'other', note: marks.reason })
    await ask(xiaojin, 'GET', `/bookings?cursor=${encodeURIComponent(marks.query)}`)
    const forged = Buffer.from(JSON.stringify([PHONE, marks.query])).toString('base64url')
    for (const list of ['/bookings', '/inbox', '/me/log-ins', '/claims', '/me/consents/history'])
      await ask(xiaojin, 'GET', `${list}?cursor=${forged}`)
    await ask(null, 'GET', `/instruments?q=${encodeURIComponent(marks.query)}&page=${PHONE}`)
    await ask(xiaojin, 'POST', `/bookings/${id}/messages`, { raw: `{"text": "${marks.message}` })
  })

  it('while an organisation, an account and a role are asked for', async () => {
    const { xiaojin, finance, manager, admin } = cast.people
    await post(xiaojin, '/organisations', {
      name: marks.organisation,
      uscc: '91140100MA0TEXT77X',
      userKind: 'enterprise',
      legalRepresentative: marks.name,
    })
    const account = { bankName: marks.bank, account: marks.account }
    const proposed = await post(finance, '/bank-accounts', account)
    expect(proposed.status, proposed.text).toBe(200)
    await post(finance, '/bank-accounts', account)
    await post(manager, '/bank-accounts', { ...account, account: `${marks.account}x` })
    await put(finance, `/bank-accounts/${idOf(proposed)}/use`, {})
    await put(manager, `/bank-accounts/${idOf(proposed)}/refusal`, { reason: marks.reason })
    await post(admin, '/memberships', { phone: PHONE, organisationId: admin.organisationId })
    await post(admin, '/delegations', { document: marks.document })
  })

  it('while somebody exports their data and closes their account', async () => {
    const { organisationId } = cast.people.xiaojin
    const person = await addPerson(cast, {
      name: marks.name,
      organisationId,
      role: 'enterprise-member',
    })
    expect((await ask(person, 'GET', '/me/export')).status).toBe(200)
    await post(person, '/me/closing', { confirmation: marks.reason })
    const closed = await post(person, '/me/closing', { confirmation: CLOSING_WORDS })
    expect(closed.status, closed.text).toBe(200)
  })

  it('when the program is faulty: the database says no to what was to be written', async () => {
    const { xiaojin, hao } = cast.people
    const [booking] = await cast.sql<{ id: string }[]>`
      select id from bookings where requester_id = ${xiaojin.userId} limit 1`
    const before = lines.length
    const breakages = [
      'alter table messages add constraint broken check (length(text) < 1) not valid',
      'alter table messages rename column text to texts',
    ]
    for (const breakage of breakages) {
      await cast.sql.unsafe(breakage)
      const answer = await post(hao, `/bookings/${booking?.id}/messages`, { text: marks.message })
      expect(answer.status).toBe(500)
    }
    await cast.sql.unsafe('alter table bookings rename column purpose to purposes')
    await ask(xiaojin, 'GET', `/bookings/${booking?.id}`)
    await cast.sql.unsafe('alter table users rename column phone_index to phone_number')
    const logged = await post(null, '/log-in-codes', { phone: PHONE })
    const codeId = Reflect.get(Object(logged.body), 'codeId')
    await post(null, '/log-ins', { phone: PHONE, codeId, code: secrets.at(-1) })
    const bugs = lines.slice(before).filter((line) => line.includes('"bug"'))
    expect(bugs.length).toBeGreaterThanOrEqual(3)
  })

  it('holds none of it', () => {
    expect(lines.length).toBeGreaterThan(20)
    expect(errors.length).toBeGreaterThan(15)
    const codes = new Set(errors.map((answer) => Reflect.get(Object(answer.body), 'code')))
    expect([...codes]).toEqual(expect.arrayContaining(['bug', 'invalid_input']))
    for (const line of lines) expect(found(line), line).toEqual([])
    for (const { text } of errors) expect(found(text), text).toEqual([])
  })

  it('would be found if it were there', () => {
    expect(found(`{"phone":"${PHONE}"}`)).toEqual([PHONE])
  })
})
