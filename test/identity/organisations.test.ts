import { decideVerification } from '@yiqi/server/identity/decide-verification.ts'
import { getOrganisation as facts } from '@yiqi/server/identity/facts.ts'
import { licencePurpose } from '@yiqi/server/identity/licence-file.ts'
import {
  getOrganisation,
  searchOrganisations,
} from '@yiqi/server/identity/queries-organisations.ts'
import { getVerification, listVerifications } from '@yiqi/server/identity/queries-verifications.ts'
import { registerOrganisation } from '@yiqi/server/identity/register-organisation.ts'
import { submitVerification } from '@yiqi/server/identity/submit-verification.ts'
import type { Member } from '@yiqi/server/kernel/ctx.ts'
import { areRelated } from '@yiqi/shared/voucher/rules.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { act, outcome } from '../support/act.ts'
import { type Cast, newCast } from '../support/cast.ts'
import {
  addPerson,
  addScan,
  application,
  as,
  forgetting,
  newOffices,
  type Offices,
  registered,
  submitted,
  USCC,
} from './offices.ts'

let cast: Cast
let offices: Offices
beforeAll(async () => {
  cast = await newCast()
  offices = await newOffices(cast)
})
afterAll(() => cast?.drop())

const register = async (
  uscc: string,
  person?: Awaited<ReturnType<typeof addPerson>>,
  userKind: 'enterprise' | 'university' = 'enterprise',
) =>
  act(
    as(cast, person ?? (await addPerson(cast))),
    (ctx, input: Parameters<typeof registerOrganisation>[1]) =>
      registerOrganisation(ctx, input, forgetting),
    { name: '某单位', uscc, userKind, city: '太原市', address: '某街', legalRepresentative: '丁' },
  )

const decide = (
  officer: Member,
  id: string,
  change: Partial<Parameters<typeof decideVerification>[1]> = {},
) =>
  act(as(cast, officer), decideVerification, {
    id,
    decision: 'verified',
    reason: '',
    acknowledged: [],
    ...change,
  })

describe('registerOrganisation', () => {
  it('makes the person the administrator of an unverified organisation, by its kind', async () => {
    const firm = await register('91140100MA0TEXT99A')
    expect(firm).toMatchObject({
      role: 'enterprise-admin',
      organisation: { kind: 'enterprise', userKind: 'enterprise', verification: 'unverified' },
    })
    expect(firm.organisation.cityCode).toBe('140100')
    expect((await register('12140000TEXT00099Z', undefined, 'university')).role).toBe('unit-admin')
  })

  it('is never refused for a code that fails its check, nor for one that others claim', async () => {
    expect(await outcome(register('91140100MA0TEXT99A'))).toBe('done')
    expect(await outcome(register('91140100MA0TEXT99A'))).toBe('done')
  })

  it('refuses a code that has a verified owner, and a sixth claim that waits', async () => {
    expect(await outcome(register('91140100MA0TEXT12Y'))).toBe('identity.organisation_exists')
    const person = await addPerson(cast)
    const codes = Array.from({ length: 7 }, (_, i) => `91140100MA0TEXT8${i}A`)
    const all = await Promise.all(codes.map((uscc) => outcome(register(uscc, person))))
    expect(all.filter((code) => code === 'done')).toHaveLength(5)
    expect(all.filter((code) => code === 'identity.claims_waiting')).toHaveLength(2)
  })

  it('is for who is logged in', async () => {
    const visitor = act(
      cast.ctx(null),
      (ctx, input: Parameters<typeof registerOrganisation>[1]) =>
        registerOrganisation(ctx, input, forgetting),
      {
        name: '某',
        uscc: USCC,
        userKind: 'enterprise',
        city: '太原市',
        address: '某',
        legalRepresentative: '某',
      },
    )
    expect(await outcome(visitor)).toBe('identity.not_logged_in')
  })
})

describe('submitVerification', () => {
  it('keeps the warnings of the automatic checks with the application', async () => {
    const { admin, id } = await registered(cast, '91350100M0001TGQXI')
    const given = {
      ...application(id),
      shareholders: [
        { name: '甲', percent: 80 },
        { name: '乙', percent: 30 },
      ],
    }
    const { findings } = await act(as(cast, admin), submitVerification, given)
    expect(findings.map((each) => each.code)).toEqual([
      'uscc-charset',
      'uscc-check',
      'uscc-region',
      'licence-missing',
      'shares-over-whole',
    ])
    expect(findings.every((each) => each.sentence.length > 5)).toBe(true)
  })

  it('is one at a time, of ten at once too, and only for the own organisation', async () => {
    const { admin, id } = await registered(cast)
    const submit = () => outcome(act(as(cast, admin), submitVerification, application(id)))
    const ten = await Promise.all(Array.from({ length: 10 }, submit))
    expect(ten.filter((code) => code === 'done')).toHaveLength(1)
    expect(new Set(ten)).toEqual(new Set(['done', 'identity.verification_open']))
    const stranger = as(cast, { kind: 'member', ...cast.people.admin })
    expect(await outcome(act(stranger, submitVerification, application(id)))).toBe(
      'identity.no_such_organisation',
    )
    const member = as(cast, { kind: 'member', ...cast.people.xiaojin })
    expect(await outcome(act(member, submitVerification, application(id)))).toBe(
      'identity.role_missing',
    )
  })

  it('takes only a whole scan that the person or their organisation brought', async () => {
    const { admin, id } = await registered(cast, '91140100MA0TEXT48A')
    const submit = (scan: string) =>
      outcome(act(as(cast, admin), submitVerification, application(id, scan)))
    const strangers = await addScan(cast, cast.people.stranger.userId)
    expect(await submit(strangers)).toBe('kernel.no_such_file')
    const { userId } = admin
    expect(await submit(await addScan(cast, userId, { purpose: 'result' }))).toBe(
      'kernel.no_such_file',
    )
    expect(await submit(await addScan(cast, userId, { state: 'refused' }))).toBe(
      'kernel.no_such_file',
    )
    expect(await submit(await addScan(cast, userId, { state: 'quarantined' }))).toBe(
      'kernel.file_quarantined',
    )
    expect(await submit(await addScan(cast, userId))).toBe('done')
    const seen = { organisationId: null, ownerId: userId } as Parameters<
      typeof licencePurpose.mayRead
    >[1] // all that the purpose looks at
    const reads = (actor: Member) => licencePurpose.mayRead(as(cast, actor), seen)
    expect(await reads(offices.officer)).toBe(true)
    expect(await reads(offices.centreOfficer)).toBe(false)
    expect(await reads({ kind: 'member', ...cast.people.admin })).toBe(false)
  })

  it('leaves a verified organisation verified while a change is looked at and when it is refused', async () => {
    const admin: Member = { kind: 'member', ...cast.people.admin }
    const state = async () =>
      (await getOrganisation(as(cast, admin), { id: admin.organisationId })).verification
    const { id } = await act(as(cast, admin), submitVerification, application(admin.organisationId))
    expect(await state()).toBe('verified')
    await decide(offices.officer, id, { decision: 'refused', reason: '股东与执照不符' })
    expect(await state()).toBe('verified')
  })
})

describe('decideVerification', () => {
  it('verified: representative and shareholders become those of the voucher checks', async () => {
    const { id, verification, admin } = await submitted(cast, '91140100MA0TEXT40X')
    const acknowledged = verification.findings.map((each) => each.code)
    const decided = await decide(offices.officer, verification.id, { acknowledged })
    expect(decided).toMatchObject({ state: 'verified', organisation: { verification: 'verified' } })
    const enterprise = await facts(as(cast, admin), id)
    expect(enterprise.shareholders).toEqual([{ name: '丙', percent: 60 }])
    const institution = { ...enterprise, legalRepresentative: '戊', name: '某所' }
    expect(areRelated(enterprise, institution)).toBe(true)
  })

  it('of two claims to one code exactly one is verified, though both are decided at once', async () => {
    const uscc = '91140100MA0TEXT41M'
    const claims = [await submitted(cast, uscc, '甲方'), await submitted(cast, uscc, '乙方')]
    const outcomes = await Promise.all(
      claims.map(({ verification }) =>
        outcome(
          decide(offices.officer, verification.id, {
            acknowledged: ['uscc-check', 'uscc-body', 'uscc-claimed'],
          }),
        ),
      ),
    )
    expect(outcomes.sort()).toEqual(['done', 'identity.organisation_exists'])
  })

  it('wants every warning looked at to verify, and a reason to refuse', async () => {
    const { verification } = await submitted(cast, '91140100MA0TEXT42A')
    expect(verification.findings.length).toBeGreaterThan(0)
    expect(await outcome(decide(offices.officer, verification.id))).toBe('identity.findings_unseen')
    const refused = { decision: 'refused', reason: '' } as const
    expect(await outcome(decide(offices.officer, verification.id, refused))).toBe(
      'identity.reason_missing',
    )
  })

  it('is taken once by ten at the same time', async () => {
    const { verification } = await submitted(cast, '91140100MA0TEXT43A')
    const refused = { decision: 'refused', reason: '执照不清' } as const
    const ten = await Promise.all(
      Array.from({ length: 10 }, () => outcome(decide(offices.officer, verification.id, refused))),
    )
    expect(ten.filter((code) => code === 'done')).toHaveLength(1)
    expect(new Set(ten)).toEqual(new Set(['done', 'identity.already_decided']))
  })

  it('is never by who submitted, and the database says so too', async () => {
    const { verification, person } = await submitted(cast, '91140100MA0TEXT44A')
    const self: Member = { ...offices.officer, userId: person.userId }
    expect(await outcome(decide(self, verification.id))).toBe('identity.own_proposal')
    const around = cast.sql`
      update verifications set decided_by = submitted_by where id = ${verification.id}`
    expect(await outcome(around)).toBe('identity.own_proposal')
  })

  it('by the service centre only with the duty, by others not at all', async () => {
    const { verification } = await submitted(cast, '91140100MA0TEXT45A')
    const refused = { decision: 'refused', reason: '执照不清' } as const
    expect(await outcome(decide(offices.centreOfficer, verification.id, refused))).toBe(
      'identity.not_delegated',
    )
    const admin: Member = { kind: 'member', ...cast.people.admin }
    expect(await outcome(decide(admin, verification.id, refused))).toBe('identity.role_missing')
    const delegated: Member = { ...offices.centreOfficer, duties: ['verification'] }
    expect(await outcome(decide(delegated, verification.id, refused))).toBe('done')
  })
})

describe('what is seen of organisations', () => {
  it('an unverified one exists for its own people and the officer only', async () => {
    const { id, admin } = await registered(cast, '91140100MA0TEXT46A')
    expect((await getOrganisation(as(cast, admin), { id })).inner?.address).toBe('示例街 1 号')
    expect((await getOrganisation(as(cast, offices.officer), { id })).inner?.members).toBe(1)
    for (const ctx of [
      cast.ctx(null),
      cast.ctx(cast.people.admin),
      as(cast, offices.centreOfficer),
    ])
      expect(await outcome(getOrganisation(ctx, { id }))).toBe('identity.no_such_organisation')
  })

  it('a verified one shows others its public part', async () => {
    const id = cast.people.admin.organisationId
    const seen = await getOrganisation(cast.ctx(cast.people.stranger), { id })
    expect(seen).toMatchObject({ name: '示例新材料有限公司', inner: null })
    expect(Object.keys(seen).sort()).toEqual(
      [
        'city',
        'cityCode',
        'id',
        'inner',
        'kind',
        'name',
        'uscc',
        'userKind',
        'verification',
      ].sort(),
    )
  })

  it('staff without their second factor see no more than the public', async () => {
    const weak = as(cast, { ...offices.officer, strongAt: null })
    const seen = await getOrganisation(weak, { id: cast.people.admin.organisationId })
    expect(seen.inner).toBeNull()
  })

  it('administrators page through all by name and by state', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await searchOrganisations(as(cast, offices.security), {
        limit: 4,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...page.rows.map((row) => row.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    const [row] = await cast.sql<{ n: number }[]>`select count(*) as n from organisations`
    expect(new Set(seen).size).toBe(row?.n)
    const waiting = await searchOrganisations(as(cast, offices.officer), {
      verification: 'unverified',
      kind: 'enterprise',
    })
    expect(waiting.rows.every((each) => each.verification === 'unverified')).toBe(true)
    expect(await outcome(searchOrganisations(cast.ctx(cast.people.admin), {}))).toBe(
      'identity.role_missing',
    )
  })

  it('the officer reads who waits oldest first; an applicant their own application only', async () => {
    const { verification, admin } = await submitted(cast, '91140100MA0TEXT47A')
    const { rows } = await listVerifications(as(cast, offices.officer), {
      state: 'submitted',
      limit: 100,
    })
    const at = rows.map((row) => row.submittedAt)
    expect(at).toEqual([...at].sort())
    expect(rows.some((row) => row.id === verification.id)).toBe(true)
    expect((await getVerification(as(cast, admin), verification)).mine).toBe(true)
    expect(await outcome(getVerification(cast.ctx(cast.people.admin), verification))).toBe(
      'identity.no_such_verification',
    )
    expect(await outcome(listVerifications(as(cast, admin), {}))).toBe('identity.role_missing')
  })
})
