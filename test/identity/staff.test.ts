import { randomUUID } from 'node:crypto'
import { putTeamMember } from '@yiqi/server/catalogue/put-team-member.ts'
import { importPeople } from '@yiqi/server/identity/import-people.ts'
import { putExpert } from '@yiqi/server/identity/put-expert.ts'
import { putStaffRecord } from '@yiqi/server/identity/put-staff-record.ts'
import { listExperts } from '@yiqi/server/identity/queries-experts.ts'
import { getStaffRecord, listStaff } from '@yiqi/server/identity/queries-staff.ts'
import { recordTraining } from '@yiqi/server/identity/record-training.ts'
import { removeTraining } from '@yiqi/server/identity/remove-training.ts'
import { staffEndpoints } from '@yiqi/shared/identity/endpoints-staff.ts'
import {
  isAtWork,
  validityOn,
  whyNotEnterExpert,
  whyNotRecordTraining,
  whyNotRegister,
} from '@yiqi/shared/identity/rules-staff.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countEvents } from '../session/steps.ts'
import { act, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { addPerson } from '../support/second-person.ts'

const TODAY = '2026-11-24'

describe('the rules of the register', () => {
  it.each([
    [null, 'valid'],
    ['2026-11-23', 'expired'],
    [TODAY, 'expiring'],
    ['2026-12-24', 'expiring'],
    ['2026-12-25', 'valid'],
  ])('a paper good until %s is %s', (expiresOn, validity) => {
    expect(validityOn(expiresOn, TODAY)).toBe(validity)
  })

  it('who leaves on a day is not there on it', () => {
    expect([null, TODAY, '2026-11-25'].map((leftOn) => isAtWork(leftOn, TODAY))).toEqual([
      true,
      false,
      true,
    ])
  })

  it('nothing ends before it begins, and no training is of tomorrow', () => {
    const day = { joinedOn: TODAY, leftOn: TODAY }
    expect(whyNotRegister(day)).toBeNull()
    expect(whyNotRegister({ ...day, leftOn: '2026-11-23' })).toBe('identity.dates_reversed')
    const held = { heldOn: TODAY, expiresOn: TODAY }
    expect(whyNotRecordTraining(held, TODAY)).toBeNull()
    expect(whyNotRecordTraining({ ...held, expiresOn: '2026-11-23' }, TODAY)).toBe(
      'identity.dates_reversed',
    )
    expect(whyNotRecordTraining(held, '2026-11-23')).toBe('identity.training_in_future')
  })

  it('an expert knows subjects that there are', () => {
    const known = new Set(['430'])
    const expert = { fieldCodes: ['430'], termFrom: TODAY, termTo: TODAY }
    expect(whyNotEnterExpert(expert, known)).toBeNull()
    expect(whyNotEnterExpert({ ...expert, fieldCodes: ['430', '999'] }, known)).toBe(
      'identity.no_such_field',
    )
    expect(whyNotEnterExpert({ ...expert, termTo: '2026-11-23' }, known)).toBe(
      'identity.dates_reversed',
    )
  })
})

describe('in the database', () => {
  let cast: Cast
  let zhao: Person
  let otherManager: Person
  beforeEach(async () => {
    cast = await newCast()
    zhao = await add('赵工', cast.people.hao, 'technician')
    otherManager = await add('外院主任', cast.people.otherTechnician, 'institution-manager')
  })
  afterEach(async () => {
    await expectSound(cast)
    await cast.drop()
  })

  const add = (name: string, of: Person, role: Role) =>
    addPerson(cast, { name, organisationId: of.organisationId, role })
  const as = (person: Person = cast.people.manager) => cast.ctx(person)
  type Entry = Parameters<typeof putStaffRecord>[1]
  const put = (userId: string, other: Partial<Entry> = {}, person?: Person) =>
    act(as(person), putStaffRecord, {
      userId,
      post: '分析测试',
      title: '高级实验师',
      establishment: 'establishment',
      joinedOn: '2018-07-01',
      leftOn: null,
      ...other,
    })
  type NewTraining = Parameters<typeof recordTraining>[1]
  const train = (userId: string, other: Partial<NewTraining> = {}, person?: Person) =>
    act(as(person), recordTraining, {
      userId,
      kind: 'safety',
      name: '实验室安全年度培训',
      hours: 8,
      heldOn: '2026-01-10',
      result: 'passed',
      expiresOn: '2026-12-10',
      ...other,
    })
  const listed = async (person?: Person) =>
    (await listStaff(as(person), {})).rows.map((row) => row.name).sort()
  const notManagers = () => {
    const { xiaojin, hao, finance, auditor, province } = cast.people
    return [xiaojin, hao, finance, auditor, province]
  }

  describe('the register of staff', () => {
    it('holds who was entered, and shows technicians who were not', async () => {
      const { hao } = cast.people
      const entry = await put(hao.userId)
      expect(staffEndpoints.putStaffRecord.output.parse(entry)).toMatchObject({
        name: '郝工',
        registered: true,
        establishmentLabel: '事业编',
        instruments: 2,
        licences: 0,
        validity: 'none',
        atWork: true,
      })
      await put(hao.userId, { establishment: 'dispatched', leftOn: TODAY })
      expect(await countEvents(cast, 'identity.staff_record_put')).toBe(2)
      const { rows } = await listStaff(as(), {})
      expect(rows.map((row) => [row.name, row.establishmentLabel, row.atWork]).sort()).toEqual([
        ['赵工', null, true],
        ['郝工', '劳务派遣', false],
      ])
      expect((await listStaff(as(), { q: '赵' })).rows).toHaveLength(1)
      const first = await listStaff(as(), { limit: 1 })
      const second = await listStaff(as(), { limit: 1, cursor: first.nextCursor ?? '' })
      expect([first, second].flatMap((page) => page.rows.map((row) => row.name)).sort()).toEqual([
        '赵工',
        '郝工',
      ])
      expect(second.nextCursor).toBeNull()
    })

    it('is read in the institution by managers and personnel, by technicians for themselves, by supervisors whole', async () => {
      const { hao, otherTechnician, auditor, province, xiaojin, finance } = cast.people
      const hr = await add('人事', hao, 'hr')
      const supervisor = await add('主管', province, 'supervising-department')
      expect(await listed()).toEqual(['赵工', '郝工'])
      expect(await listed(hr)).toEqual(['赵工', '郝工'])
      expect(await listed(hao)).toEqual(['郝工'])
      expect(await listed(otherManager)).toEqual(['外院老师'])
      for (const person of [auditor, supervisor])
        expect(await listed(person)).toEqual(['外院老师', '赵工', '郝工'])
      const ofLab = { organisationId: hao.organisationId }
      expect((await listStaff(as(auditor), ofLab)).rows).toHaveLength(2)
      expect((await listStaff(as(otherManager), ofLab)).rows).toEqual([])
      for (const person of [xiaojin, finance, province])
        expect(await outcome(listed(person))).toBe('identity.role_missing')
      const get = (person: Person, userId: string) => getStaffRecord(as(person), { userId })
      expect((await get(auditor, otherTechnician.userId)).name).toBe('外院老师')
      expect((await get(hao, hao.userId)).name).toBe('郝工')
      expect(await outcome(get(hao, zhao.userId))).toBe('identity.no_such_person')
      expect(await outcome(get(otherManager, hao.userId))).toBe('identity.no_such_person')
    })

    it('putStaffRecord is for the manager, about own people, and never backwards', async () => {
      const { hao, otherTechnician } = cast.people
      for (const person of notManagers())
        expect(await outcome(put(hao.userId, {}, person))).toBe('identity.role_missing')
      expect(await outcome(put(hao.userId, {}, otherManager))).toBe('identity.no_such_person')
      expect(await outcome(put(otherTechnician.userId))).toBe('identity.no_such_person')
      expect(await outcome(put(hao.userId, { leftOn: '2018-06-30' }))).toBe(
        'identity.dates_reversed',
      )
      await put(hao.userId)
      await cast.sql`delete from memberships where id = ${hao.membershipId}`
      expect((await put(hao.userId, { leftOn: TODAY })).leftOn).toBe(TODAY)
      expect(
        await outcome(cast.sql`update staff_records set left_on = '2018-06-30'`.then(() => {})),
      ).toBe('identity.dates_reversed')
      await expect(cast.sql`update staff_records set establishment = 'x'`).rejects.toThrow(
        /staff_records_establishment/,
      )
    })

    it('tells the next day something ends: of each licence, and of the last of each training', async () => {
      const { hao } = cast.people
      await put(hao.userId)
      await train(hao.userId, { heldOn: '2025-01-10', expiresOn: '2026-01-10' })
      await train(hao.userId)
      const entry = await train(hao.userId, { name: '辐射安全', expiresOn: null })
      expect(entry).toMatchObject({
        trainings: 3,
        nextExpiry: '2026-12-10',
        validity: 'expiring',
      })
      expect(entry.trained.map((one) => one.validity)).toEqual(['valid', 'expiring', 'expired'])
      await act(as(), putTeamMember, {
        id: cast.instrumentId,
        userId: hao.userId,
        position: 'lead',
        licenceNumber: 'SY-1',
        licensedOn: '2024-11-01',
        licenceExpiresOn: '2026-11-01',
      })
      const after = await getStaffRecord(as(hao), { userId: hao.userId })
      expect(after).toMatchObject({ licences: 1, nextExpiry: '2026-11-01', validity: 'expired' })
      expect(after.teams.map((one) => [one.positionLabel, one.validity])).toEqual([
        ['负责人', 'expired'],
        ['成员', 'none'],
      ])
    })
  })

  describe('trainings', () => {
    it('recordTraining is for the manager, of somebody in the register', async () => {
      const { hao } = cast.people
      expect(await outcome(train(hao.userId))).toBe('identity.no_such_staff_record')
      await put(hao.userId)
      for (const person of notManagers())
        expect(await outcome(train(hao.userId, {}, person))).toBe('identity.role_missing')
      expect(await outcome(train(hao.userId, {}, otherManager))).toBe(
        'identity.no_such_staff_record',
      )
      expect(await outcome(train(hao.userId, { heldOn: '2026-11-25' }))).toBe(
        'identity.training_in_future',
      )
      expect(await outcome(train(hao.userId, { expiresOn: '2026-01-09' }))).toBe(
        'identity.dates_reversed',
      )
      const entry = await train(hao.userId)
      expect(staffEndpoints.recordTraining.output.parse(entry).trained[0]).toMatchObject({
        kindLabel: '实验室安全',
        resultLabel: '考核合格',
        recordedBy: '汾主任',
      })
      expect(await countEvents(cast, 'identity.training_recorded')).toBe(1)
    })

    it('removeTraining takes out one of the own register', async () => {
      const { hao } = cast.people
      await put(hao.userId)
      const id = (await train(hao.userId)).trained[0]?.id ?? ''
      const remove = (person?: Person) => act(as(person), removeTraining, { id })
      for (const person of notManagers())
        expect(await outcome(remove(person))).toBe('identity.role_missing')
      expect(await outcome(remove(otherManager))).toBe('identity.no_such_training')
      expect(await remove()).toEqual({ id })
      expect(await outcome(remove())).toBe('identity.no_such_training')
      expect((await getStaffRecord(as(), { userId: hao.userId })).trained).toEqual([])
      expect(await countEvents(cast, 'identity.training_removed')).toBe(1)
    })
  })

  describe('experts', () => {
    const fields = { unit: '示例大学', fieldCodes: ['430', '480', '430'], classCodes: ['010102'] }
    const term = { termFrom: '2026-01-01', termTo: '2028-12-31' }

    it('putExpert is for the platform administrator, of who is an expert, with real subjects', async () => {
      const { hao, province, auditor, manager } = cast.people
      const expert = await add('评议专家', hao, 'expert')
      const second = await add('另一专家', hao, 'expert')
      const officer = await add('平台管理员', province, 'platform-administrator')
      const enter = (userId: string, person: Person, other = {}) =>
        act(as(person), putExpert, { userId, ...fields, ...term, ...other })
      for (const person of [hao, auditor, manager, expert])
        expect(await outcome(enter(expert.userId, person))).toBe('identity.role_missing')
      expect(await outcome(enter(hao.userId, officer))).toBe('identity.no_such_person')
      expect(await outcome(enter(randomUUID(), officer))).toBe('identity.no_such_person')
      expect(await outcome(enter(expert.userId, officer, { fieldCodes: ['999'] }))).toBe(
        'identity.no_such_field',
      )
      expect(await outcome(enter(expert.userId, officer, { termTo: '2025-12-31' }))).toBe(
        'identity.dates_reversed',
      )
      const entered = await enter(expert.userId, officer)
      expect(staffEndpoints.putExpert.output.parse(entered)).toMatchObject({
        fields: [
          { code: '430', name: '材料科学' },
          { code: '480', name: '能源科学技术' },
        ],
        inTerm: true,
      })
      await enter(second.userId, officer, { fieldCodes: ['110'], termTo: '2026-11-23' })
      expect(await countEvents(cast, 'identity.expert_put')).toBe(2)
      const names = async (person: Person, input = {}) =>
        (await listExperts(as(person), input)).rows.map((row) => [row.name, row.inTerm]).sort()
      expect(await names(officer)).toEqual([
        ['另一专家', false],
        ['评议专家', true],
      ])
      expect(await names(officer, { fieldCode: '430' })).toEqual([['评议专家', true]])
      expect(await names(second)).toEqual([['另一专家', false]])
      for (const person of [hao, manager, auditor])
        expect(await outcome(names(person))).toBe('identity.role_missing')
    })

    it('come with a file of people: subjects, classes and term; wrong subjects stop all of it', async () => {
      const job = { ...cast.ctx(null), actor: { kind: 'job', name: 'test' } as const }
      const header =
        'person_id,name,role,org_name,org_uscc,city,title,phone,email,field_codes,unit,note'
      const person = (id: string, codes: string, note: string) =>
        `${id},专家${id},expert,某大学（外省）,,,教授,1380000${id.slice(1)},,${codes},某大学,${note}`
      const bring = (...rows: string[]) =>
        act(job, importPeople, { csv: Buffer.from(`${[header, ...rows].join('\n')}\n`) })
      const term = '聘期 2025-01-01 至 2027-12-31'
      await bring(person('P8001', '430;480|010102;020503', term), person('P8002', '110', ''))
      await bring(person('P8002', '120', ''))
      const rows = await cast.sql`
        select u.person_id, x.field_codes, x.class_codes, x.unit, x.term_from, x.term_to
        from experts x join users u on u.id = x.user_id order by u.person_id`
      expect(rows.map((row) => ({ ...row }))).toEqual([
        {
          personId: 'P8001',
          fieldCodes: ['430', '480'],
          classCodes: ['010102', '020503'],
          unit: '某大学',
          termFrom: '2025-01-01',
          termTo: '2027-12-31',
        },
        {
          personId: 'P8002',
          fieldCodes: ['120'],
          classCodes: [],
          unit: '某大学',
          termFrom: TODAY,
          termTo: '2029-11-23',
        },
      ])
      expect(await outcome(bring(person('P8003', '999', term)))).toBe('identity.no_such_field')
      const people = await cast.sql`select from users where person_id = 'P8003'`
      expect(people).toHaveLength(0)
    })
  })
})
