import { confirmFactor } from '@yiqi/server/identity/confirm-factor.ts'
import { enrolFactor } from '@yiqi/server/identity/enrol-factor.ts'
import { openLogIn } from '@yiqi/server/identity/log-ins.ts'
import { requestStepUpCode } from '@yiqi/server/identity/request-step-up-code.ts'
import { stepUp } from '@yiqi/server/identity/step-up.ts'
import { base32, matchingStep, stepAt, totpAt } from '@yiqi/server/identity/totp.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { newWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world?.drop())

/** A ctx of a person with a log-in behind it, read as a request reads it. */
async function loggedIn(personId: string) {
  const { userId, membershipId } = await world.person(personId)
  const { token } = await transact(world.ctx(), (tx) =>
    openLogIn(tx, world.ports.logIns, {
      userId,
      membershipId,
      channel: 'h5',
      device: 'test',
      methods: ['sms'],
      strong: false,
    }),
  )
  return async () => world.ctx(await world.actorOf(token))
}

const bytesOf = (secret: string) => {
  const bits = [...secret]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
const codeAt = (secret: Uint8Array, steps = 0) => totpAt(secret, stepAt(Date.now()) + steps)
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

async function enrolled(personId: string) {
  const ctx = await loggedIn(personId)
  const begun = await transact(await ctx(), (tx) => enrolFactor(tx, {}))
  const secret = bytesOf(begun.secret)
  // The step before now, so that tests have the later ones left.
  const me = await confirmFactor(
    await ctx(),
    { id: begun.id, code: codeAt(secret, -1) },
    world.ports,
  )
  return { ctx, secret, me }
}

describe('the code generator', () => {
  it('gives the codes of RFC 6238, appendix B', () => {
    const secret = Buffer.from('12345678901234567890')
    const last6 = (text: string) => text.slice(-6)
    expect(totpAt(secret, stepAt(59_000))).toBe(last6('94287082'))
    expect(totpAt(secret, stepAt(1_111_111_109_000))).toBe(last6('07081804'))
    expect(totpAt(secret, stepAt(20_000_000_000_000))).toBe(last6('65353130'))
    expect(base32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  })

  it('is one step early or late at most', () => {
    const secret = Buffer.from('12345678901234567890')
    const now = 1_800_000_000_000
    for (const apart of [-1, 0, 1])
      expect(matchingStep(secret, totpAt(secret, stepAt(now) + apart), now)).toBe(
        stepAt(now) + apart,
      )
    expect(matchingStep(secret, totpAt(secret, stepAt(now) + 2), now)).toBeNull()
  })
})

describe('a second factor', () => {
  it('counts from its first code on, is kept sealed, and steps the log-in up', async () => {
    const { ctx, me } = await enrolled('P0001')
    expect(me.secondFactor).toBe('totp')
    expect(me.strongAt).not.toBeNull()
    expect((await ctx()).actor).toMatchObject({ strongAt: expect.any(Date) })
    const [row] = await world.sql`select secret from factors`
    expect(row?.secret).toMatch(/^v1\./)
  })

  it('takes each code once, also when five give it at the same moment', async () => {
    const { ctx, secret } = await enrolled('P0002')
    const code = codeAt(secret)
    const asked = await ctx()
    const five = await Promise.all(
      Array.from({ length: 5 }, () => outcome(stepUp(asked, { code }, world.ports))),
    )
    expect(five.filter((each) => each === 'done').length).toBe(1)
    expect(await outcome(stepUp(asked, { code: codeAt(secret, -1) }, world.ports))).toBe(
      'identity.code_wrong',
    )
  })

  it('is blocked for a quarter of an hour by five wrong codes, for the right one too', async () => {
    const { ctx, secret } = await enrolled('P0152')
    const asked = await ctx()
    for (let i = 0; i < 5; i++)
      expect(await outcome(stepUp(asked, { code: wrong(codeAt(secret)) }, world.ports))).toBe(
        'identity.code_wrong',
      )
    expect(await outcome(stepUp(asked, { code: codeAt(secret) }, world.ports))).toBe(
      'identity.factor_blocked',
    )
    await world.sql`update factors set blocked_until = now() - interval '1 second'`
    expect(await outcome(stepUp(asked, { code: codeAt(secret) }, world.ports))).toBe('done')
  })

  it('is not replaced by who has not given the old one', async () => {
    const { secret } = await enrolled('P0442')
    const ctx = await loggedIn('P0442')
    expect(await outcome(transact(await ctx(), (tx) => enrolFactor(tx, {})))).toBe(
      'identity.step_up_needed',
    )
    await stepUp(await ctx(), { code: codeAt(secret) }, world.ports)
    expect(await outcome(transact(await ctx(), (tx) => enrolFactor(tx, {})))).toBe('done')
  })

  it('of another person cannot be confirmed', async () => {
    const [one, other] = [await loggedIn('P0443'), await loggedIn('P0444')]
    const { id, secret } = await transact(await one(), (tx) => enrolFactor(tx, {}))
    const stolen = confirmFactor(await other(), { id, code: codeAt(bytesOf(secret)) }, world.ports)
    expect(await outcome(stolen)).toBe('identity.no_such_factor')
  })

  it('of enterprises may be a text message to the own phone, of staff not', async () => {
    const ctx = await loggedIn('P0305')
    const { codeId } = await transact(await ctx(), (tx) => requestStepUpCode(tx, {}, world.ports))
    const code = world.delivered.at(-1)?.code ?? ''
    expect(world.delivered.at(-1)?.phone).toBe('13900002352')
    expect(await outcome(stepUp(await ctx(), { code: wrong(code), codeId }, world.ports))).toBe(
      'identity.code_wrong',
    )
    expect((await stepUp(await ctx(), { code, codeId }, world.ports)).strongAt).not.toBeNull()
    const staff = await loggedIn('P0003')
    expect(await outcome(stepUp(await staff(), { code: '123456' }, world.ports))).toBe(
      'identity.second_factor_needed',
    )
  })
})
