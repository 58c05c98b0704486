import { acceptInvitation } from '@yiqi/server/identity/accept-invitation.ts'
import { inviteMember } from '@yiqi/server/identity/invite-member.ts'
import { leaveOrganisation } from '@yiqi/server/identity/leave-organisation.ts'
import { getInvitation, listInvitations } from '@yiqi/server/identity/queries-invitations.ts'
import { listMembers } from '@yiqi/server/identity/queries-members.ts'
import { removeMember } from '@yiqi/server/identity/remove-member.ts'
import { revokeInvitation } from '@yiqi/server/identity/revoke-invitation.ts'
import { setMemberLimits } from '@yiqi/server/identity/set-member-limits.ts'
import type { Actor, Ctx, Member } from '@yiqi/server/kernel/ctx.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { act, outcome } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'
import { overHttp } from '../support/http.ts'
import { addMember, addPerson, as, forgetting, inRole } from './offices.ts'

let cast: Cast
beforeEach(async () => {
  cast = await newCast()
})
afterEach(() => cast?.drop())

const invite = (
  by: Cast['people']['admin'] = cast.people.admin,
  given: Partial<Parameters<typeof inviteMember>[1]> = {},
) => act(cast.ctx(by), inviteMember, { role: 'enterprise-member', ...given })
const accept = (actor: Actor, code: string, ports = forgetting) =>
  act(as(cast, actor), (ctx: Ctx, input: { code: string }) => acceptInvitation(ctx, input, ports), {
    code,
  })
const remove = (actor: Actor, id: string, ports = forgetting) =>
  act(as(cast, actor), (ctx: Ctx, input: { id: string }) => removeMember(ctx, input, ports), { id })
const leave = (actor: Actor, id: string) =>
  act(
    as(cast, actor),
    (ctx: Ctx, input: { id: string }) => leaveOrganisation(ctx, input, forgetting),
    { id },
  )
const admin = (): Member => ({ kind: 'member', ...cast.people.admin })

describe('inviteMember', () => {
  it('gives a code of 128 bits once; the database keeps only its hash', async () => {
    const invitation = await invite()
    expect(invitation.code).toMatch(/^[0-9a-f]{32}$/)
    expect(invitation.path).toBe(`/j/${invitation.code}`)
    expect(invitation.expiresAt).toBe(addMinutes(START, 7 * 24 * 60).toISOString())
    const kept = await cast.sql`select * from invitations`
    expect(JSON.stringify(kept)).not.toContain(invitation.code)
    const listed = await listInvitations(cast.ctx(cast.people.admin), {})
    expect(JSON.stringify(listed)).not.toContain(invitation.code)
  })

  it('offers only the roles that are the administrator’s to give', async () => {
    expect(await outcome(invite(cast.people.admin, { role: 'enterprise-admin' }))).toBe('done')
    expect(await outcome(invite(cast.people.admin, { role: 'auditor' }))).toBe(
      'identity.role_not_yours',
    )
    expect(await outcome(invite(cast.people.manager, { role: 'technician' }))).toBe('done')
    expect(await outcome(invite(cast.people.manager))).toBe('identity.role_not_yours')
    expect(await outcome(invite(cast.people.xiaojin))).toBe('identity.role_missing')
    expect(await outcome(act(cast.ctx(null), inviteMember, { role: 'enterprise-member' }))).toBe(
      'identity.not_logged_in',
    )
  })
})

describe('getInvitation', () => {
  it('tells a visitor whose invitation it is, to what, and nothing else', async () => {
    const { code } = await invite()
    expect(await getInvitation(cast.ctx(null), { code })).toEqual({
      organisationName: '示例新材料有限公司',
      roleLabel: '企业经办人',
      invitedBy: '晋总',
    })
    expect(await outcome(getInvitation(cast.ctx(null), { code: '0'.repeat(32) }))).toBe(
      'identity.no_such_invitation',
    )
  })
})

describe('acceptInvitation', () => {
  it('makes the person a member with the limits of the invitation, once', async () => {
    const { code } = await invite(undefined, { orderLimitFen: 200_000, monthLimitFen: 900_000 })
    const person = await addPerson(cast)
    const membership = await accept(person, code)
    expect(membership).toMatchObject({ role: 'enterprise-member' })
    const { rows } = await listMembers(cast.ctx(cast.people.admin), {})
    expect(rows.find((row) => row.id === membership.id)).toMatchObject({
      orderLimitFen: 200_000,
      monthLimitFen: 900_000,
      phone: `${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`,
    })
    expect(await outcome(accept(await addPerson(cast), code))).toBe('identity.invitation_over')
    expect(await outcome(getInvitation(cast.ctx(null), { code }))).toBe('identity.invitation_over')
  })

  it('of ten people with one link exactly one joins', async () => {
    const { code } = await invite()
    const people = await Promise.all(Array.from({ length: 10 }, () => addPerson(cast)))
    const outcomes = await Promise.all(people.map((person) => outcome(accept(person, code))))
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(1)
    expect(new Set(outcomes)).toEqual(new Set(['done', 'identity.invitation_over']))
    const joined = await cast.sql`select from memberships where granted_by is not null`
    expect(joined).toHaveLength(1)
  })

  it('is not for who invited, and the database says so too', async () => {
    const { code, id } = await invite()
    expect(await outcome(accept(admin(), code))).toBe('identity.own_invitation')
    const around = cast.sql`update invitations set accepted_by = invited_by where id = ${id}`
    expect(await outcome(around)).toBe('identity.own_invitation')
  })

  it('is refused when it is over, and stays open when the person is a member already', async () => {
    const { code } = await invite()
    const xiaojin: Member = { kind: 'member', ...cast.people.xiaojin }
    expect(await outcome(accept(xiaojin, code))).toBe('identity.already_member')
    cast.setNow(addMinutes(START, 7 * 24 * 60))
    expect(await outcome(accept(await addPerson(cast), code))).toBe('identity.invitation_over')
    cast.setNow(addMinutes(START, 7 * 24 * 60 - 1))
    expect(await outcome(accept(await addPerson(cast), code))).toBe('done')
  })

  it('lets log-ins without a role act in it, and shortens those of staff to a day', async () => {
    const person = await addPerson(cast)
    const far = new Date(Date.now() + 50 * 24 * 3_600_000)
    await cast.sql`
      insert into log_ins (user_id, channel, device, methods, created_at, seen_at, expires_at,
        rotated_at)
      values (${person.userId}, 'h5', '手机', '{sms}', ${START}, ${START}, ${far}, ${START})`
    const first = await accept(person, (await invite()).code)
    const read = async () => {
      const [row] = await cast.sql<{ membershipId: string; expiresAt: Date }[]>`
        select membership_id, expires_at from log_ins where user_id = ${person.userId}`
      return must(row, 'the log-in')
    }
    expect(await read()).toEqual({ membershipId: first.id, expiresAt: far })
    await accept(person, (await invite(cast.people.manager, { role: 'technician' })).code)
    const later = await read()
    expect(later.membershipId).toBe(first.id)
    expect(later.expiresAt.getTime()).toBeLessThan(Date.now() + 25 * 3_600_000)
  })
})

describe('revokeInvitation', () => {
  it('ends the link, once, in the own organisation only', async () => {
    const { id, code } = await invite()
    const revoke = (by: Cast['people']['admin']) => act(cast.ctx(by), revokeInvitation, { id })
    expect(await outcome(revoke(cast.people.manager))).toBe('identity.no_such_invitation')
    expect(await outcome(revoke(cast.people.admin))).toBe('done')
    expect(await outcome(revoke(cast.people.admin))).toBe('identity.invitation_over')
    expect(await outcome(accept(await addPerson(cast), code))).toBe('identity.invitation_over')
    const { rows } = await listInvitations(cast.ctx(cast.people.admin), { state: 'revoked' })
    expect(rows.map((row) => row.id)).toEqual([id])
  })
})

describe('setMemberLimits', () => {
  it('sets both or none, for members of the own organisation', async () => {
    const set = (by: Cast['people']['admin'], id: string) =>
      act(cast.ctx(by), setMemberLimits, { id, orderLimitFen: 100_000, monthLimitFen: null })
    const { xiaojin, admin: boss, manager } = cast.people
    expect(await set(boss, xiaojin.membershipId)).toMatchObject({
      orderLimitFen: 100_000,
      monthLimitFen: null,
    })
    expect(await outcome(set(manager, xiaojin.membershipId))).toBe('identity.no_such_membership')
    expect(await outcome(set(xiaojin, xiaojin.membershipId))).toBe('identity.role_missing')
  })
})

describe('removeMember and leaveOrganisation', () => {
  it('never leave an organisation without its administrator', async () => {
    expect(await outcome(leave(admin(), cast.people.admin.membershipId))).toBe(
      'identity.last_administrator',
    )
    const second = await addMember(cast, cast.people.admin.organisationId, 'enterprise-admin')
    expect(await outcome(leave(admin(), cast.people.admin.membershipId))).toBe('done')
    expect(await outcome(remove(second, second.membershipId))).toBe('identity.last_administrator')
  })

  it('of two administrators who remove each other at once one stays', async () => {
    for (let round = 0; round < 5; round++) {
      const [row] = await cast.sql<{ id: string }[]>`
        insert into organisations (uscc, name, kind) values (${`X${round}`}, '某', 'enterprise')
        returning id`
      const organisationId = must(row, 'the organisation').id
      const one = await addMember(cast, organisationId, 'enterprise-admin')
      const other = await addMember(cast, organisationId, 'enterprise-admin')
      const outcomes = await Promise.all([
        outcome(remove(one, other.membershipId)),
        outcome(remove(other, one.membershipId)),
      ])
      expect(outcomes.sort()).toEqual(['done', 'identity.last_administrator'])
    }
  })

  it('end what the person had open: their log-ins act in another role or in none, at once', async () => {
    const person = await addPerson(cast)
    const first = await accept(person, (await invite()).code)
    const second = await accept(
      person,
      (await invite(cast.people.manager, { role: 'unit-member' })).code,
    )
    const { ask } = overHttp(cast)
    const seat = { ...inRole(person, first), name: '', phone: '' }
    const acting = async () => {
      const { body } = await ask(seat, 'GET', '/me')
      const me = body as { membership: { id: string } | null } // as the endpoint promises
      return me.membership?.id ?? null
    }
    expect(await acting()).toBe(first.id)
    await remove(admin(), first.id)
    expect(await acting()).toBe(second.id)
    await remove({ kind: 'member', ...cast.people.manager }, second.id)
    expect(await acting()).toBeNull()
  })

  it('take back what a removed administrator had invited', async () => {
    const second = await addMember(cast, cast.people.admin.organisationId, 'enterprise-admin')
    const { code } = await act(as(cast, second), inviteMember, { role: 'enterprise-admin' })
    await remove(admin(), second.membershipId)
    expect(await outcome(accept(await addPerson(cast), code))).toBe('identity.invitation_over')
  })

  it('reach only the own organisation and the own roles', async () => {
    const { hao, xiaojin } = cast.people
    expect(await outcome(remove(admin(), hao.membershipId))).toBe('identity.no_such_membership')
    expect(await outcome(remove({ kind: 'member', ...xiaojin }, xiaojin.membershipId))).toBe(
      'identity.role_missing',
    )
    expect(await outcome(leave(admin(), xiaojin.membershipId))).toBe('identity.no_such_membership')
    expect(await outcome(leave({ kind: 'visitor' }, xiaojin.membershipId))).toBe(
      'identity.not_logged_in',
    )
  })
})

describe('listMembers', () => {
  it('pages through the own people, phones masked; another’s do not exist', async () => {
    for (let i = 0; i < 4; i++)
      await addMember(cast, cast.people.admin.organisationId, 'enterprise-member')
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listMembers(cast.ctx(cast.people.admin), {
        limit: 4,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...page.rows.map((row) => row.id))
      expect(page.rows.every((row) => /^\d{3}\*{4}\d{4}$/.test(row.phone))).toBe(true)
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(new Set(seen).size).toBe(6)
    const other = { organisationId: cast.people.hao.organisationId }
    expect(await outcome(listMembers(cast.ctx(cast.people.admin), other))).toBe(
      'identity.no_such_organisation',
    )
    expect(await outcome(listMembers(cast.ctx(cast.people.xiaojin), {}))).toBe(
      'identity.role_missing',
    )
  })
})
