import { createHash } from 'node:crypto'
import { switchMembership } from '@yiqi/server/identity/switch-membership.ts'
import { makeTokens } from '@yiqi/server/identity/tokens.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { newWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world?.drop())

const SECRET = 'another secret of the tests, long enough'
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const refusalOf = (token: string, tokens = world.ports.tokens) =>
  outcome(tokens.actorOf(world.sql, token))

describe('access tokens', () => {
  it('name a person, whose role is read from the database', async () => {
    const owner = await world.person('P0305')
    const { token, expiresAt } = await world.ports.tokens.issue(owner)
    expect(await world.ports.tokens.actorOf(world.sql, token)).toEqual(owner)
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).not.toContain(
      'enterprise',
    )
    const hours = (expiresAt.getTime() - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(1.9)
    expect(hours).toBeLessThanOrEqual(2)
  })

  it('stop working when they expire', async () => {
    const tokens = makeTokens({ secret: SECRET, lifetimeHours: -1 })
    const { token } = await tokens.issue(await world.person('P0305'))
    expect(await refusalOf(token, tokens)).toBe('identity.token_expired')
  })

  it('stop working when the membership is removed', async () => {
    const owner = await world.person('P0306')
    const { token } = await world.ports.tokens.issue(owner)
    await world.sql`delete from memberships where id = ${owner.membershipId}`
    expect(await refusalOf(token)).toBe('identity.not_logged_in')
  })

  it('are refused with another secret, algorithm, audience or none of the form', async () => {
    const owner = await world.person('P0305')
    const tokens = makeTokens({ secret: SECRET, lifetimeHours: 2 })
    const { token } = await tokens.issue(owner)
    expect(await refusalOf(token)).toBe('identity.not_logged_in')
    const [, body = '', seal = ''] = token.split('.')
    const unsigned = `${part({ alg: 'none', typ: 'JWT' })}.${body}.`
    const other = `${part({ alg: 'HS512', typ: 'JWT' })}.${body}.${seal}`
    for (const bad of [unsigned, other, 'x', 'a.b.c', '', 'x'.repeat(5000)]) {
      expect(await refusalOf(bad, tokens), bad.slice(0, 40)).toBe('identity.not_logged_in')
    }
    const changed = body.slice(0, -2)
    expect(await refusalOf(`${token.split('.')[0]}.${changed}.${seal}`, tokens)).toBe(
      'identity.not_logged_in',
    )
  })

  it('seal a code so that it can be compared but not read', () => {
    const { seal } = world.ports.tokens
    expect(seal('1 123456')).toBe(seal('1 123456'))
    expect(seal('1 123456')).not.toBe(seal('1 123457'))
    expect(seal('1 123456')).not.toBe(createHash('sha256').update('1 123456').digest('base64url'))
  })
})

describe('switchMembership', () => {
  it("goes on in another role of the same person, and does not find another person's", async () => {
    const me = await world.person('P0305')
    const other = await world.person('P0442')
    const [second] = await world.sql<{ id: string }[]>`
      insert into memberships (user_id, organisation_id, role)
      values (${me.userId}, ${me.organisationId}, 'enterprise-admin') returning id`
    const go = (membershipId: string) =>
      transact(world.ctx(me), (tx) => switchMembership(tx, { membershipId }, world.ports))
    const { token, me: seen } = await go(second?.id ?? '')
    expect(seen.membership.role).toBe('enterprise-admin')
    expect(seen.memberships.length).toBe(2)
    expect(await world.ports.tokens.actorOf(world.sql, token)).toMatchObject({
      role: 'enterprise-admin',
    })
    expect(await outcome(go(other.membershipId))).toBe('identity.no_such_membership')
    const events = await world.sql`select from events where name = 'identity.membership_switched'`
    expect(events.length).toBe(1)
  })

  it('is for people who are logged in', async () => {
    const { membershipId } = await world.person('P0305')
    const work = transact(world.ctx(), (tx) => switchMembership(tx, { membershipId }, world.ports))
    expect(await outcome(work)).toBe('identity.not_logged_in')
  })
})
