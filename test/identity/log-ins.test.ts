import { logInWithWechat } from '@yiqi/server/identity/log-in-with-wechat.ts'
import { openLogIn } from '@yiqi/server/identity/log-ins.ts'
import { logOut } from '@yiqi/server/identity/log-out.ts'
import { listLogIns } from '@yiqi/server/identity/queries-log-ins.ts'
import { revokeLogIn } from '@yiqi/server/identity/revoke-log-in.ts'
import { revokeOtherLogIns } from '@yiqi/server/identity/revoke-other-log-ins.ts'
import { switchMembership } from '@yiqi/server/identity/switch-membership.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { makeWechat } from '@yiqi/server/kernel/wechat.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { act, outcome } from '../support/act.ts'
import { startWechat } from '../support/wechat/start-wechat.ts'
import { newWorld, type World } from './world.ts'

let world: World
let wechat: Awaited<ReturnType<typeof startWechat>>
const app = { appId: 'wx0123456789abcdef', secret: '0123456789abcdef0123456789abcdef' }

beforeAll(async () => {
  world = await newWorld()
  wechat = await startWechat(app)
})
afterAll(async () => {
  await wechat?.stop()
  await world?.drop()
})

/** A person with a log-in of their own, and a ctx as their next request has it. */
async function entered(personId: string) {
  const { userId, membershipId } = await world.person(personId)
  const logIn = await transact(world.ctx(), (tx) =>
    openLogIn(tx, world.ports.logIns, {
      userId,
      membershipId,
      channel: 'h5',
      device: 'test',
      methods: ['sms'],
      strong: false,
    }),
  )
  return { ...logIn, ctx: async () => world.ctx(await world.actorOf(logIn.token)) }
}
const known = (token: string) => outcome(world.actorOf(token))

describe('log-ins', () => {
  it('are listed for their person, and one that is revoked or logged out is gone', async () => {
    const [one, two, three] = [
      await entered('P0305'),
      await entered('P0305'),
      await entered('P0305'),
    ]
    const mine = async () => (await listLogIns(await one.ctx(), {})).rows.map((row) => row.id)
    expect(await mine()).toEqual([three.me.logInId, two.me.logInId, one.me.logInId])
    const revoke = async (id: string | null) => {
      const ctx = await one.ctx()
      return outcome(transact(ctx, (tx) => revokeLogIn(tx, { id: must(id, 'an id') }, world.ports)))
    }
    expect(await revoke(two.me.logInId)).toBe('done')
    expect(await revoke(two.me.logInId)).toBe('identity.no_such_log_in')
    expect(await known(two.token)).toBe('identity.not_logged_in')
    const stranger = await entered('P0442')
    expect(await revoke(stranger.me.logInId)).toBe('identity.no_such_log_in')
    expect(await known(stranger.token)).toBe('done')
    await transact(await three.ctx(), (tx) => logOut(tx, {}, world.ports))
    expect(await known(three.token)).toBe('identity.not_logged_in')
    expect(await mine()).toEqual([one.me.logInId])
  })

  it('of all other devices end together; the one that asks goes on', async () => {
    const [one, two] = [await entered('P0307'), await entered('P0307')]
    const { revoked } = await transact(await one.ctx(), (tx) =>
      revokeOtherLogIns(tx, {}, world.ports),
    )
    expect(revoked).toBe(1)
    expect(await known(two.token)).toBe('identity.not_logged_in')
    expect(await known(one.token)).toBe('done')
  })

  it('go on in another role of the person, and find no one else’s', async () => {
    const { ctx, token } = await entered('P0304')
    const { userId, organisationId } = await world.person('P0304')
    const [second] = await world.sql<{ id: string }[]>`
      insert into memberships (user_id, organisation_id, role)
      values (${userId}, ${organisationId}, 'enterprise-member') returning id`
    const change = async (membershipId: string) =>
      outcome(
        act(await ctx(), (tx, input) => switchMembership(tx, input, world.ports), { membershipId }),
      )
    expect(await change(must(second, 'a role').id)).toBe('done')
    expect(await world.actorOf(token)).toMatchObject({ role: 'enterprise-member' })
    expect(await change((await world.person('P0442')).membershipId)).toBe(
      'identity.no_such_membership',
    )
    expect(
      await outcome(
        act(world.ctx(), (tx, input) => switchMembership(tx, input, world.ports), {
          membershipId: userId,
        }),
      ),
    ).toBe('identity.not_logged_in')
  })
})

describe('log-in with WeChat', () => {
  const PHONE = '13900002352'
  const real = () => makeWechat({ ...app, baseUrl: wechat.url, now: () => Date.now() })
  const enter = (code: string, phoneCode?: string) =>
    logInWithWechat(
      world.ctx(),
      { code, ...(phoneCode === undefined ? {} : { phoneCode }) },
      { ...world.ports, wechat: real() },
    )

  it('asks for the number once, binds both, and is one tap from then on', async () => {
    const openid = wechat.newOpenid()
    const code = wechat.newLogInCode(openid)
    expect(await outcome(enter(code))).toBe('identity.phone_needed')
    const first = await enter(wechat.newLogInCode(openid), wechat.newPhoneCode(PHONE, openid))
    expect(first.me.user.name).toBe('洪屿衡')
    const again = await enter(wechat.newLogInCode(openid))
    expect(again.me.user.id).toBe(first.me.user.id)
    const [row] = await world.sql`select openid, session_key from wechat_bindings`
    for (const kept of [row?.openid, row?.sessionKey]) expect(kept).toMatch(/^v1\./)
  })

  it('takes no code twice, and no number that another WeChat account has', async () => {
    const openid = wechat.newOpenid()
    const code = wechat.newLogInCode(openid)
    await outcome(enter(code))
    expect(await outcome(enter(code))).toBe('identity.wechat_code_bad')
    const stolen = enter(wechat.newLogInCode(openid), wechat.newPhoneCode(PHONE, openid))
    expect(await outcome(stolen)).toBe('identity.wechat_bound')
  })

  it('is off where nobody set it up', async () => {
    expect(await outcome(logInWithWechat(world.ctx(), { code: 'x' }, world.ports))).toBe(
      'identity.wechat_off',
    )
  })
})
