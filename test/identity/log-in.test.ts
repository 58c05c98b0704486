import { logIn } from '@yiqi/server/identity/log-in.ts'
import { requestCode } from '@yiqi/server/identity/request-code.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { newWorld, START, type World } from './world.ts'

const PHONE = '13900002352'
const NOBODY = '13800000000'
let world: World

beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world?.drop())
beforeEach(async () => {
  await world.sql`delete from log_in_codes`
  world.delivered.length = 0
  world.setNow(START)
})

const ask = (phone = PHONE, address: string | null = null) =>
  transact(world.ctx({ kind: 'visitor' }, { address }), (tx) =>
    requestCode(tx, { phone }, world.ports),
  )
const enter = (codeId: string, code: string, phone = PHONE) =>
  logIn(world.ctx(), { phone, codeId, code }, world.ports)
const lastCode = () => world.delivered.at(-1)?.code ?? ''
const wrongCode = () => (lastCode() === '000000' ? '000001' : '000000')

describe('requestCode', () => {
  it('delivers six digits for five minutes and keeps neither them nor the number', async () => {
    const { expiresAt } = await ask()
    expect(expiresAt).toBe(addMinutes(START, 5).toISOString())
    expect(world.delivered).toEqual([{ phone: PHONE, code: expect.stringMatching(/^\d{6}$/) }])
    const [row] = await world.sql`select * from log_in_codes`
    expect(JSON.stringify(row)).not.toContain(lastCode())
    expect(JSON.stringify(row)).not.toContain(PHONE)
  })

  it('answers and serves an unknown number alike', async () => {
    const known = await ask()
    const unknown = await ask(NOBODY)
    expect(Object.keys(unknown)).toEqual(Object.keys(known))
    expect(world.delivered.map((each) => each.phone)).toEqual([PHONE, NOBODY])
  })

  it('of ten simultaneous requests for one number, exactly one is served; the next after 60 seconds', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcome(ask())))
    expect(outcomes.filter((each) => each === 'done').length).toBe(1)
    expect(new Set(outcomes)).toEqual(new Set(['done', 'identity.code_too_soon']))
    world.setNow(addMinutes(START, 59 / 60))
    expect(await outcome(ask())).toBe('identity.code_too_soon')
    world.setNow(addMinutes(START, 1))
    expect(await outcome(ask())).toBe('done')
  })

  it('serves a number five times an hour and ten times a day, an address twenty times an hour', async () => {
    const at = (minutes: number) => world.setNow(addMinutes(START, minutes))
    for (let i = 0; i < 5; i++) {
      at(2 * i)
      expect(await outcome(ask())).toBe('done')
    }
    at(20)
    expect(await outcome(ask())).toBe('identity.code_limit')
    for (let i = 0; i < 5; i++) {
      at(120 + 2 * i)
      expect(await outcome(ask())).toBe('done')
    }
    at(600)
    expect(await outcome(ask())).toBe('identity.code_limit')
    for (let i = 0; i < 20; i++)
      expect(await outcome(ask(String(13_700_000_000 + i), '10.1.2.0'))).toBe('done')
    expect(await outcome(ask('13600000000', '10.1.2.0'))).toBe('identity.code_limit')
    expect(await outcome(ask('13600000000', '10.1.3.0'))).toBe('done')
  })
})

describe('logIn', () => {
  it('gives a token for the first membership, leaves its event and its audit entry', async () => {
    const { codeId } = await ask()
    const { token, me } = await enter(codeId, lastCode())
    expect(me.user).toMatchObject({ name: '洪屿衡', phone: PHONE })
    expect(me.membership?.role).toBe('enterprise-member')
    const actor = await world.actorOf(token)
    expect(actor).toMatchObject({ kind: 'member', membershipId: me.membership?.id, strongAt: null })
    const [event] = await world.sql`
      select subject_id from events where name = 'identity.logged_in' order by seq desc limit 1`
    expect(event?.subjectId).toBe(me.user.id)
    const [entry] = await world.sql`
      select subject_id, kind from audit_entries where action = 'identity.logIn'
      order by id desc limit 1`
    expect(entry).toMatchObject({ subjectId: me.user.id, kind: 'permission' })
  })

  it('makes a person without a role of a number nobody had, once', async () => {
    const first = await enter((await ask(NOBODY)).codeId, lastCode(), NOBODY)
    expect(first.me).toMatchObject({ membership: null, memberships: [] })
    expect(await world.actorOf(first.token)).toMatchObject({ kind: 'person' })
    world.setNow(addMinutes(START, 2))
    const second = await enter((await ask(NOBODY)).codeId, lastCode(), NOBODY)
    expect(second.me.user.id).toBe(first.me.user.id)
    const [row] = await world.sql`select phone from users where id = ${first.me.user.id}`
    expect(row?.phone).toMatch(/^v1\./)
  })

  it('takes a code once, also when four use it at the same moment', async () => {
    const { codeId } = await ask()
    const code = lastCode()
    const few = await Promise.all(Array.from({ length: 4 }, () => outcome(enter(codeId, code))))
    expect(few.filter((each) => each === 'done').length).toBe(1)
    expect(few.filter((each) => each === 'identity.code_wrong').length).toBe(3)
  })

  it('refuses a wrong code, and after five tries the right one too', async () => {
    const { codeId } = await ask()
    for (let i = 0; i < 5; i++)
      expect(await outcome(enter(codeId, wrongCode()))).toBe('identity.code_wrong')
    expect(await outcome(enter(codeId, lastCode()))).toBe('identity.code_wrong')
  })

  it('refuses a code after five minutes, one that a newer replaced, another number, another request', async () => {
    const first = await ask()
    const firstCode = lastCode()
    world.setNow(addMinutes(START, 5))
    expect(await outcome(enter(first.codeId, firstCode))).toBe('identity.code_wrong')
    const second = await ask()
    expect(await outcome(enter(first.codeId, lastCode()))).toBe('identity.code_wrong')
    expect(await outcome(enter(second.codeId, lastCode(), NOBODY))).toBe('identity.code_wrong')
    expect(await outcome(enter(second.codeId, lastCode()))).toBe('done')
  })
})
