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

const ask = (phone = PHONE) =>
  transact(world.ctx(), (tx) => requestCode(tx, { phone }, world.ports))
const enter = (code: string, phone = PHONE) =>
  transact(world.ctx(), (tx) => logIn(tx, { phone, code }, world.ports))
const lastCode = () => world.delivered.at(-1)?.code ?? ''
const wrongCode = () => (lastCode() === '000000' ? '000001' : '000000')

describe('requestCode', () => {
  it('delivers six digits for five minutes and keeps only their sealed form', async () => {
    const { expiresAt } = await ask()
    expect(expiresAt).toBe(addMinutes(START, 5).toISOString())
    expect(world.delivered).toEqual([{ phone: PHONE, code: expect.stringMatching(/^\d{6}$/) }])
    const [row] = await world.sql<{ codeHash: string }[]>`select code_hash from log_in_codes`
    expect(row?.codeHash).not.toContain(lastCode())
  })

  it('answers an unknown number alike, and delivers nothing', async () => {
    const known = await ask()
    expect(await ask(NOBODY)).toEqual(known)
    expect(world.delivered.length).toBe(1)
    expect(await outcome(ask(NOBODY))).toBe('identity.code_too_soon')
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
})

describe('logIn', () => {
  it('gives a token for the first membership, and leaves its event', async () => {
    await ask()
    const { token, me } = await enter(lastCode())
    expect(me.user.name).toBe('洪屿衡')
    expect(me.membership.role).toBe('enterprise-member')
    const actor = await world.ports.tokens.actorOf(world.sql, token)
    expect(actor).toMatchObject({ kind: 'member', membershipId: me.membership.id })
    const [event] = await world.sql`
      select subject_id from events where name = 'identity.logged_in' order by seq desc limit 1`
    expect(event?.subjectId).toBe(me.user.id)
  })

  it('takes a code once, also when four use it at the same moment', async () => {
    await ask()
    const code = lastCode()
    const few = await Promise.all(Array.from({ length: 4 }, () => outcome(enter(code))))
    expect(few.filter((each) => each === 'done').length).toBe(1)
    expect(few.filter((each) => each === 'identity.code_wrong').length).toBe(3)
  })

  it('refuses a wrong code, and after five tries the right one too', async () => {
    await ask()
    for (let i = 0; i < 5; i++)
      expect(await outcome(enter(wrongCode()))).toBe('identity.code_wrong')
    expect(await outcome(enter(lastCode()))).toBe('identity.code_wrong')
  })

  it('refuses a code after five minutes, one that a newer replaced, and an unknown number alike', async () => {
    await ask()
    const first = lastCode()
    world.setNow(addMinutes(START, 5))
    expect(await outcome(enter(first))).toBe('identity.code_wrong')
    await ask()
    if (first !== lastCode()) expect(await outcome(enter(first))).toBe('identity.code_wrong')
    expect(await outcome(enter('123456', NOBODY))).toBe('identity.code_wrong')
  })
})
