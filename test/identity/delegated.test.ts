import { grantDelegation } from '@yiqi/server/identity/grant-delegation.ts'
import { grantRole } from '@yiqi/server/identity/grant-role.ts'
import { listDelegations } from '@yiqi/server/identity/queries-delegations.ts'
import { listMembers } from '@yiqi/server/identity/queries-members.ts'
import { revokeDelegation } from '@yiqi/server/identity/revoke-delegation.ts'
import { revokeRole } from '@yiqi/server/identity/revoke-role.ts'
import type { Ctx, Member } from '@yiqi/server/kernel/ctx.ts'
import { instantAt } from '@yiqi/shared/kernel/time.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { act, outcome } from '../support/act.ts'
import { type Cast, newCast } from '../support/cast.ts'
import { overHttp, refusedWith } from '../support/http.ts'
import { addMember, addPerson, as, forgetting, newOffices, type Offices } from './offices.ts'

let cast: Cast
let offices: Offices
beforeEach(async () => {
  cast = await newCast()
  offices = await newOffices(cast)
})
afterEach(() => cast?.drop())

type GrantInput = Parameters<typeof grantRole>[1]
const grant = (input: GrantInput, by: Member = offices.security) =>
  act(as(cast, by), (ctx: Ctx, given: GrantInput) => grantRole(ctx, given, forgetting), input)
const revoke = (id: string, by: Member = offices.security) =>
  act(as(cast, by), (ctx: Ctx, given: { id: string }) => revokeRole(ctx, given, forgetting), { id })
const delegate = (
  change: Partial<Parameters<typeof grantDelegation>[1]> = {},
  by: Member = offices.security,
) =>
  act(as(cast, by), grantDelegation, {
    duty: 'verification',
    toId: offices.centre,
    document: '委托〔2026〕1 号',
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    ...change,
  })

describe('grantRole', () => {
  it('grants by number also to who has not logged in yet, and by id', async () => {
    const input = { phone: '13700000001', organisationId: offices.office, role: 'auditor' } as const
    const member = await grant(input)
    expect(member).toMatchObject({ role: 'auditor', phone: '137****0001' })
    const person = await addPerson(cast)
    const second = { userId: person.userId, organisationId: offices.centre } as const
    expect(await grant({ ...second, role: 'platform-administrator' })).toMatchObject({
      userId: person.userId,
    })
    expect(await outcome(grant({ organisationId: offices.centre, role: 'expert' }))).toBe(
      'invalid_input',
    )
    const nobody = { ...second, userId: cast.instrumentId, role: 'expert' } as const
    expect(await outcome(grant(nobody))).toBe('identity.no_such_person')
  })

  it('never to oneself, and the database says so too', async () => {
    const { userId } = offices.security
    const input = { userId, organisationId: offices.office, role: 'expert' } as const
    expect(await outcome(grant(input))).toBe('identity.own_proposal')
    const around = cast.sql`
      insert into memberships (user_id, organisation_id, role, granted_by)
      values (${userId}, ${offices.office}, 'expert', ${userId})`
    expect(await outcome(around)).toBe('identity.own_proposal')
  })

  it('never makes two of the three administrators one person, ten times at once', async () => {
    const person = await addPerson(cast)
    const roles = ['platform-administrator', 'security-administrator', 'auditor'] as const
    const given = Array.from({ length: 9 }, (_, i) => roles[i % 3] ?? 'auditor')
    const outcomes = await Promise.all(
      given.map((role) =>
        outcome(grant({ userId: person.userId, organisationId: offices.office, role })),
      ),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    const held = await cast.sql`select from memberships where user_id = ${person.userId}`
    expect(held).toHaveLength(1)
    const { userId } = offices.officer
    expect(await outcome(grant({ userId, organisationId: offices.office, role: 'auditor' }))).toBe(
      'identity.administrators_apart',
    )
  })

  it('grants what the organisation has, by security administrators only', async () => {
    const { userId } = await addPerson(cast)
    const firm = cast.people.admin.organisationId
    expect(await outcome(grant({ userId, organisationId: firm, role: 'enterprise-admin' }))).toBe(
      'identity.role_not_here',
    )
    const lab = cast.people.manager.organisationId
    expect(await outcome(grant({ userId, organisationId: lab, role: 'institution-manager' }))).toBe(
      'done',
    )
    const input = { userId, organisationId: offices.office, role: 'auditor' } as const
    expect(await outcome(grant(input, offices.officer))).toBe('identity.role_missing')
  })
})

describe('revokeRole', () => {
  it('takes a staff role, never one’s own and never that of who books', async () => {
    const auditor = await addMember(cast, offices.office, 'auditor')
    expect(await outcome(revoke(auditor.membershipId))).toBe('done')
    expect(await outcome(revoke(auditor.membershipId))).toBe('identity.no_such_membership')
    expect(await outcome(revoke(offices.security.membershipId))).toBe('identity.own_proposal')
    expect(await outcome(revoke(cast.people.xiaojin.membershipId))).toBe('identity.role_not_yours')
    expect(await outcome(revoke(cast.people.manager.membershipId))).toBe(
      'identity.last_administrator',
    )
    expect(await outcome(revoke(cast.people.hao.membershipId, offices.officer))).toBe(
      'identity.role_missing',
    )
  })

  it('is preceded by the list of any organisation’s people', async () => {
    const { rows } = await listMembers(as(cast, offices.security), {
      organisationId: cast.people.hao.organisationId,
    })
    expect(rows.map((row) => row.role).sort()).toEqual([
      'institution-finance',
      'institution-manager',
      'technician',
    ])
  })
})

describe('grantDelegation', () => {
  it('lets the service centre act in the duty, over HTTP, until it is revoked', async () => {
    const { ask } = overHttp(cast)
    const seat = { ...offices.centreOfficer, name: '', phone: '' }
    const look = async () => (await ask(seat, 'GET', '/verifications')).status
    expect(await look()).toBe(403)
    const { id } = await delegate({ validFrom: '2020-01-01', validTo: null })
    expect(await look()).toBe(200)
    await act(as(cast, offices.security), revokeDelegation, { id })
    const refused = await ask(seat, 'GET', '/verifications')
    expect(refusedWith(refused).code).toBe('identity.not_delegated')
  })

  it('is once per duty and body, of ten at the same time, and again after it has ended', async () => {
    const ten = await Promise.all(Array.from({ length: 10 }, () => outcome(delegate())))
    expect(ten.filter((code) => code === 'done')).toHaveLength(1)
    expect(new Set(ten)).toEqual(new Set(['done', 'identity.delegation_exists']))
    expect(await outcome(delegate({ duty: 'catalogue' }))).toBe('done')
    cast.setNow(instantAt('2027-01-01', 600))
    expect(await outcome(delegate({ validFrom: '2027-01-01', validTo: '2027-12-31' }))).toBe('done')
  })

  it('is by the office’s security administrator to a service centre, with dates in order', async () => {
    expect(await outcome(delegate({}, offices.officer))).toBe('identity.role_missing')
    const elsewhere: Member = {
      ...offices.security,
      organisationId: cast.people.province.organisationId,
    }
    expect(await outcome(delegate({}, elsewhere))).toBe('identity.role_missing')
    expect(await outcome(delegate({ toId: cast.people.admin.organisationId }))).toBe(
      'identity.not_a_service_centre',
    )
    expect(await outcome(delegate({ validFrom: '2026-12-31', validTo: '2026-01-01' }))).toBe(
      'identity.dates_reversed',
    )
  })
})

describe('revokeDelegation', () => {
  it('is once, and listed with what is in force', async () => {
    const { id } = await delegate()
    const list = async () => (await listDelegations(as(cast, offices.security), {})).rows
    expect(await list()).toMatchObject([{ id, inForce: true, dutyLabel: '单位认证' }])
    const end = () => act(as(cast, offices.security), revokeDelegation, { id })
    const both = await Promise.all([outcome(end()), outcome(end())])
    expect(both.sort()).toEqual(['done', 'identity.already_decided'])
    expect(await list()).toMatchObject([{ id, inForce: false }])
    expect(await outcome(listDelegations(cast.ctx(cast.people.admin), {}))).toBe(
      'identity.role_missing',
    )
  })
})

it('what grants permissions asks over HTTP for a fresh second factor', async () => {
  const { ask } = overHttp(cast)
  await ask({ ...offices.security, name: '', phone: '' }, 'GET', '/me')
  await cast.sql`update log_ins set strong_at = ${new Date(Date.now() - 6 * 60_000)}`
  const body = { phone: '13700000009', organisationId: offices.office, role: 'auditor' }
  const answer = await ask({ ...offices.security, name: '', phone: '' }, 'POST', '/memberships', {
    body,
  })
  expect(refusedWith(answer).code).toBe('identity.step_up_needed')
})
