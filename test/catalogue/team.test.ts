import { randomUUID } from 'node:crypto'
import { cancelDuty } from '@yiqi/server/catalogue/cancel-duty.ts'
import { planDuty } from '@yiqi/server/catalogue/plan-duty.ts'
import { putTeamMember } from '@yiqi/server/catalogue/put-team-member.ts'
import { listDuty } from '@yiqi/server/catalogue/queries-duty.ts'
import { getTeam } from '@yiqi/server/catalogue/queries-team.ts'
import { listTeamAlarms } from '@yiqi/server/catalogue/queries-team-alarms.ts'
import { removeTeamMember } from '@yiqi/server/catalogue/remove-team-member.ts'
import { setStaffMinimum } from '@yiqi/server/catalogue/set-staff-minimum.ts'
import { watchTeams } from '@yiqi/server/catalogue/watch-teams.ts'
import { putStaffRecord } from '@yiqi/server/identity/put-staff-record.ts'
import { asActor, type Ctx } from '@yiqi/server/kernel/ctx.ts'
import { drainEvents } from '@yiqi/server/kernel/events.ts'
import { deliverEvents } from '@yiqi/server/message/deliver-events.ts'
import { listInbox } from '@yiqi/server/message/queries.ts'
import { teamEndpoints } from '@yiqi/shared/catalogue/endpoints-team.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countEvents } from '../session/steps.ts'
import { act, at, confirmed, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, type Person, seedInstrument } from '../support/cast.ts'
import { overHttp } from '../support/http.ts'
import { addPerson } from '../support/second-person.ts'

let cast: Cast
let zhao: Person
let otherManager: Person
beforeEach(async () => {
  cast = await newCast()
  const { hao, otherTechnician } = cast.people
  const add = (name: string, of: Person, role: Person['role']) =>
    addPerson(cast, { name, organisationId: of.organisationId, role })
  zhao = await add('赵工', hao, 'technician')
  otherManager = await add('外院主任', otherTechnician, 'institution-manager')
})
afterEach(async () => {
  await expectSound(cast)
  await cast.drop()
})

const TODAY = '2026-11-24'
const as = (person: Person = cast.people.manager) => cast.ctx(person)
const noLicence = { licenceNumber: null, licensedOn: null, licenceExpiresOn: null }
const put = (
  userId: string,
  other: Partial<Parameters<typeof putTeamMember>[1]> = {},
  person?: Person,
) =>
  act(as(person), putTeamMember, {
    id: cast.instrumentId,
    userId,
    position: 'member',
    ...noLicence,
    ...other,
  })
const licensed = (userId: string, licenceExpiresOn: string, id = cast.instrumentId) =>
  put(userId, { id, licenceNumber: 'SY-1', licenceExpiresOn })
const remove = (userId: string, person?: Person) =>
  act(as(person), removeTeamMember, { id: cast.instrumentId, userId })
const plan = (
  userId: string,
  other: Partial<Parameters<typeof planDuty>[1]> = {},
  person?: Person,
) =>
  act(as(person), planDuty, {
    instrumentId: cast.instrumentId,
    userId,
    onDate: '2026-11-25',
    startsMinute: 480,
    endsMinute: 720,
    substituteFor: null,
    ...other,
  })
const alarms = async (person?: Person) =>
  (await listTeamAlarms(as(person), { limit: 100 })).rows.map((row) => [
    row.kind,
    row.instrument.number,
  ])
const job = (): Ctx => ({ ...cast.ctx(null), actor: { kind: 'job', name: 'watch-teams' } })
const watch = () => asActor(job(), watchTeams)
const strangers = () => {
  const { xiaojin, hao, finance, auditor, province } = cast.people
  return [xiaojin, hao, finance, auditor, province]
}

describe('the team of an instrument', () => {
  it('is its size and lead for everybody, all of it for the institution', async () => {
    const { hao, xiaojin, finance } = cast.people
    await put(hao.userId, { position: 'lead', licenceNumber: 'SY-1', licenceExpiresOn: TODAY })
    await put(zhao.userId, { position: 'substitute' })
    const id = cast.instrumentId
    for (const ctx of [cast.ctx(null), as(xiaojin), as(otherManager)])
      expect(teamEndpoints.getTeam.output.parse(await getTeam(ctx, { id }))).toEqual({
        instrument: { id, number: 'SX-001', name: '场发射扫描电子显微镜' },
        count: 2,
        lead: '郝工',
        inner: null,
      })
    const { inner } = await getTeam(as(finance), { id })
    expect(inner).toMatchObject({ staffMin: 1, able: 2 })
    expect(inner?.members.map(({ name, validity }) => [name, validity])).toEqual([
      ['郝工', 'expiring'],
      ['赵工', 'none'],
    ])
    const unsafe = { ...finance, strongAt: null }
    expect((await getTeam(as(unsafe), { id })).inner).toBeNull()
    expect(await outcome(getTeam(as(), { id: randomUUID() }))).toBe('catalogue.no_such_instrument')
  })

  it('putTeamMember is for the manager, with technicians of the institution', async () => {
    const { hao, manager, otherTechnician } = cast.people
    expect((await put(zhao.userId)).count).toBe(2)
    expect((await put(zhao.userId, { position: 'substitute' })).count).toBe(2)
    expect(await countEvents(cast, 'catalogue.team_member_put')).toBe(2)
    for (const person of strangers())
      expect(await outcome(put(zhao.userId, {}, person))).toBe('identity.role_missing')
    expect(await outcome(put(zhao.userId, {}, otherManager))).toBe('catalogue.no_such_instrument')
    expect(await outcome(put(otherTechnician.userId))).toBe('identity.no_such_person')
    expect(await outcome(put(manager.userId))).toBe('catalogue.not_a_technician')
    const lead = { position: 'lead' } as const
    await put(hao.userId, lead)
    expect(await outcome(put(zhao.userId, lead))).toBe('catalogue.lead_exists')
    expect(
      await outcome(
        cast.sql`update instrument_technicians set position = 'lead'
          where instrument_id = ${cast.instrumentId}`.then(() => {}),
      ),
    ).toBe('catalogue.lead_exists')
  })

  it('removeTeamMember takes the duty to come with it, and says what nobody can run', async () => {
    const { hao } = cast.people
    await confirmed(cast)
    await put(zhao.userId)
    await plan(hao.userId)
    for (const person of strangers())
      expect(await outcome(remove(hao.userId, person))).toBe('identity.role_missing')
    expect(await outcome(remove(hao.userId, otherManager))).toBe('catalogue.no_such_instrument')
    expect(await remove(hao.userId)).toMatchObject({ count: 1, unattended: 0 })
    expect((await listDuty(as(), { from: TODAY, to: '2026-11-30' })).rows).toEqual([])
    expect(await outcome(remove(hao.userId))).toBe('catalogue.no_such_member')
    const last = await remove(zhao.userId)
    expect(teamEndpoints.removeTeamMember.output.parse(last)).toMatchObject({
      count: 0,
      unattended: 1,
    })
    expect(await countEvents(cast, 'catalogue.team_member_removed')).toBe(2)
  })

  it('setStaffMinimum is for the manager, between none and fifty', async () => {
    const set = (staffMin: number, person?: Person) =>
      act(as(person), setStaffMinimum, { id: cast.instrumentId, staffMin })
    expect((await set(2)).inner?.staffMin).toBe(2)
    expect(await countEvents(cast, 'catalogue.staff_minimum_set')).toBe(1)
    for (const person of strangers())
      expect(await outcome(set(0, person))).toBe('identity.role_missing')
    expect(await outcome(set(0, otherManager))).toBe('catalogue.no_such_instrument')
    const { ask } = overHttp(cast)
    const path = `/instruments/${cast.instrumentId}/staff-minimum`
    const answer = await ask(cast.people.manager, 'PUT', path, { body: { staffMin: 51 } })
    expect(answer.status).toBe(400)
  })
})

describe('duty', () => {
  it('is planned by the manager for people of the team', async () => {
    const { hao } = cast.people
    await put(zhao.userId, { position: 'substitute' })
    const shift = await plan(zhao.userId, { substituteFor: hao.userId })
    expect(teamEndpoints.planDuty.output.parse(shift)).toMatchObject({
      name: '赵工',
      onDate: '2026-11-25',
      substituteFor: { userId: hao.userId, name: '郝工' },
    })
    expect(await countEvents(cast, 'catalogue.duty_planned')).toBe(1)
    for (const person of strangers())
      expect(await outcome(plan(hao.userId, {}, person))).toBe('identity.role_missing')
    expect(await outcome(plan(hao.userId, {}, otherManager))).toBe('catalogue.no_such_instrument')
    const { otherTechnician } = cast.people
    expect(await outcome(plan(otherTechnician.userId))).toBe('catalogue.not_in_team')
    expect(await outcome(plan(hao.userId, { onDate: '2026-11-23' }))).toBe('catalogue.duty_in_past')
  })

  it('is never two for one person at a time, on whatever instrument and however many ask', async () => {
    const { hao } = cast.people
    await put(zhao.userId)
    const elsewhere = { instrumentId: cast.secondInstrumentId }
    const outcomes = await Promise.all(
      [{}, elsewhere, {}, elsewhere, {}].map((other) => outcome(plan(hao.userId, other))),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'catalogue.duty_overlaps')).toHaveLength(4)
    const hours = (startsMinute: number, endsMinute: number) => ({ startsMinute, endsMinute })
    expect(await outcome(plan(hao.userId, hours(719, 800)))).toBe('catalogue.duty_overlaps')
    expect(await outcome(plan(hao.userId, hours(720, 800)))).toBe('done')
    expect(await outcome(plan(hao.userId, { onDate: '2026-11-26' }))).toBe('done')
    expect(await outcome(plan(zhao.userId))).toBe('done')
    const [row] = await cast.sql<{ n: number }[]>`
      select count(*) as n from duty_shifts a join duty_shifts b
        on a.user_id = b.user_id and a.on_date = b.on_date and a.id < b.id
        and a.starts_minute < b.ends_minute and b.starts_minute < a.ends_minute`
    expect(row?.n).toBe(0)
  })

  it('has minutes of one day, in the database too', async () => {
    const { hao } = cast.people
    for (const [starts, ends] of [
      [720, 720],
      [-1, 60],
      [1380, 1441],
    ] as const)
      await expect(
        cast.sql`
          insert into duty_shifts (instrument_id, user_id, on_date, starts_minute, ends_minute)
          values (${cast.instrumentId}, ${hao.userId}, ${TODAY}, ${starts}, ${ends})`,
      ).rejects.toThrow(/duty_shifts_minutes|range lower bound/)
  })

  it('cancelDuty is for the manager, and leaves what was', async () => {
    const { hao } = cast.people
    const { id } = await plan(hao.userId)
    const cancel = (person?: Person) => act(as(person), cancelDuty, { id })
    for (const person of strangers())
      expect(await outcome(cancel(person))).toBe('identity.role_missing')
    expect(await outcome(cancel(otherManager))).toBe('catalogue.no_such_duty')
    cast.setNow(at(26, 9))
    expect(await outcome(cancel())).toBe('catalogue.duty_in_past')
    cast.setNow(at(25, 18))
    expect(await cancel()).toEqual({ id })
    expect(await outcome(cancel())).toBe('catalogue.no_such_duty')
    expect(await countEvents(cast, 'catalogue.duty_cancelled')).toBe(1)
  })

  it('is listed by time: the manager sees all, a technician their own, others none', async () => {
    const { hao, xiaojin } = cast.people
    await put(zhao.userId)
    await plan(hao.userId, { onDate: '2026-11-27' })
    await plan(zhao.userId)
    await plan(hao.userId)
    const span = { from: TODAY, to: '2026-11-26' }
    const named = async (person: Person, input: { from: string; to: string }) =>
      (await listDuty(as(person), input)).rows.map((row) => row.name)
    expect((await named(cast.people.manager, span)).sort()).toEqual(['赵工', '郝工'])
    expect(await named(hao, { from: TODAY, to: '2026-12-31' })).toEqual(['郝工', '郝工'])
    expect(await named(otherManager, span)).toEqual([])
    expect(await outcome(listDuty(as(xiaojin), span))).toBe('identity.role_missing')
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const next: Awaited<ReturnType<typeof listDuty>> = await listDuty(as(), {
        from: TODAY,
        to: '2026-12-31',
        limit: 1,
        ...(cursor === '' ? {} : { cursor }),
      })
      seen.push(...next.rows.map((row) => row.id))
      cursor = next.nextCursor
    }
    expect(new Set(seen).size).toBe(3)
  })
})

describe('the alarms', () => {
  it('stand for the manager, whose technician is concerned, and the supervisors; nobody else', async () => {
    const { hao, otherTechnician, auditor, xiaojin, finance, province } = cast.people
    expect(await alarms()).toEqual([])
    await licensed(hao.userId, '2026-11-23')
    const expected = [
      ['below-minimum', 'SX-001'],
      ['licence-expired', 'SX-001'],
    ]
    const supervisor = await addPerson(cast, {
      name: '主管',
      organisationId: province.organisationId,
      role: 'supervising-department',
    })
    for (const person of [cast.people.manager, hao, auditor, supervisor])
      expect(await alarms(person)).toEqual(expected)
    for (const person of [zhao, otherTechnician, otherManager])
      expect(await alarms(person)).toEqual([])
    for (const person of [xiaojin, finance, province])
      expect(await outcome(alarms(person))).toBe('identity.role_missing')
    const first = await listTeamAlarms(as(), { limit: 1 })
    teamEndpoints.listTeamAlarms.output.parse(first)
    const rest = await listTeamAlarms(as(), { limit: 1, cursor: first.nextCursor ?? '' })
    expect(rest.rows[0]?.kind).toBe('licence-expired')
    expect(rest.nextCursor).toBeNull()
  })

  it('do not count who left the institution, by the register or by the role', async () => {
    const { hao } = cast.people
    const entry = { userId: hao.userId, post: '分析测试', title: null, joinedOn: null }
    await act(as(), putStaffRecord, { ...entry, establishment: 'contract', leftOn: TODAY })
    expect(await alarms()).toEqual([
      ['below-minimum', 'SX-001'],
      ['below-minimum', 'SX-002'],
    ])
    await act(as(), putStaffRecord, { ...entry, establishment: 'contract', leftOn: null })
    expect(await alarms()).toEqual([])
    await cast.sql`delete from memberships where id = ${hao.membershipId}`
    expect((await alarms()).length).toBe(2)
  })

  it('name the open hours of the next seven days that the roster leaves', async () => {
    const { hao } = cast.people
    for (const onDate of [TODAY, '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30'])
      await plan(hao.userId, {
        onDate,
        startsMinute: 480,
        endsMinute: onDate === '2026-11-26' ? 960 : 1080,
      })
    const { rows } = await listTeamAlarms(as(), {})
    expect(rows.map((row) => [row.kind, row.gaps])).toEqual([
      ['duty-uncovered', [{ onDate: '2026-11-26', startsMinute: 960, endsMinute: 1080 }]],
    ])
  })

  it('are told to the managers once each, however often the job runs, and again when they come again', async () => {
    const { hao, manager, finance } = cast.people
    await seedInstrument(cast.sql, {
      institutionId: otherManager.organisationId,
      innerId: '003',
      code: 'SEM003',
    })
    await licensed(hao.userId, '2026-11-23')
    expect(await watch()).toEqual({ told: 3 })
    expect(await watch()).toEqual({ told: 0 })
    cast.setNow(at(25, 9))
    expect(await watch()).toEqual({ told: 0 })
    await licensed(hao.userId, '2027-11-23')
    expect(await watch()).toEqual({ told: 0 })
    cast.setNow(at(26, 9))
    await licensed(hao.userId, '2026-11-23')
    expect(await watch()).toEqual({ told: 2 })
    expect(await countEvents(cast, 'catalogue.team_below_minimum')).toBe(3)
    while ((await asActor(job(), (tx) => drainEvents(tx, deliverEvents))) > 0);
    const inbox = async (person: Person) => (await listInbox(as(person), {})).rows
    expect((await inbox(manager)).map((row) => row.title).sort()).toEqual([
      '上机资质已过期',
      '上机资质已过期',
      '机组人数不足',
      '机组人数不足',
    ])
    expect((await inbox(manager))[0]?.detail).toBe('场发射扫描电子显微镜')
    expect((await inbox(otherManager)).map((row) => row.title)).toEqual(['机组人数不足'])
    expect(await inbox(finance)).toEqual([])
    expect(await inbox(hao)).toEqual([])
  })

  it('two jobs at once tell each alarm once', async () => {
    await licensed(cast.people.hao.userId, '2026-11-23')
    const told = await Promise.all([watch(), watch(), watch()])
    expect(told.reduce((sum, one) => sum + one.told, 0)).toBe(2)
  })
})
