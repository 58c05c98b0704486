import { quoteSlot } from '@yiqi/server/booking/quote.ts'
import { decideCredential } from '@yiqi/server/identity/decide-credential.ts'
import { listCredentials } from '@yiqi/server/identity/queries-credentials.ts'
import { submitCredential } from '@yiqi/server/identity/submit-credential.ts'
import type { Member } from '@yiqi/server/kernel/ctx.ts'
import { addDays, instantAt } from '@yiqi/shared/kernel/time.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { act, at, outcome, slotInput } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'
import { as, newOffices, type Offices } from './offices.ts'

let cast: Cast
let offices: Offices
beforeAll(async () => {
  cast = await newCast()
  offices = await newOffices(cast)
})
afterAll(() => cast?.drop())

const admin = (): Member => ({ kind: 'member', ...cast.people.admin })
const entry = (number: string, validFrom: string, validTo: string) => ({
  id: cast.people.admin.organisationId,
  kind: 'tech-sme' as const,
  number,
  validFrom,
  validTo,
})
const submit = (given: ReturnType<typeof entry>) => act(as(cast, admin()), submitCredential, given)
const accept = (id: string, officer: Member = offices.officer) =>
  act(as(cast, officer), decideCredential, { id, decision: 'accepted', reason: '' })

/** Why the voucher pays nothing on a day, or null. */
async function reasonOn(day: number): Promise<string | null> {
  const slot = slotInput(cast.instrumentId, at(day, 14), at(day, 16))
  const quote = await quoteSlot(cast.ctx(cast.people.xiaojin), {
    ...slot,
    samples: 1,
    serviceMode: 'entrusted',
  })
  const offer = quote.vouchers.find((one) => one.programmeId === cast.programmes.deduct)
  return offer?.reason ?? null
}

describe('eligibility', () => {
  it('is judged on the day of the service: from the first to the last day of an accepted entry', async () => {
    await cast.sql`update credentials set valid_from = '2026-11-25', valid_to = '2026-11-26'
      where organisation_id = ${cast.people.admin.organisationId}`
    expect(await reasonOn(24)).toBe('voucher.enterprise_not_eligible')
    expect(await reasonOn(25)).toBeNull()
    expect(await reasonOn(26)).toBeNull()
    expect(await reasonOn(27)).toBe('voucher.enterprise_not_eligible')
  })

  it('comes with acceptance only, and not from a credential of another kind', async () => {
    const { id } = await submit(entry('202714010508990001', '2026-11-27', '2026-12-31'))
    expect(await reasonOn(27)).toBe('voucher.enterprise_not_eligible')
    const other = await act(as(cast, admin()), submitCredential, {
      ...entry('GR2026', '2026-01-01', '2028-12-31'),
      kind: 'high-tech',
    })
    await accept(other.id)
    expect(await reasonOn(27)).toBe('voucher.enterprise_not_eligible')
    await accept(id)
    expect(await reasonOn(27)).toBeNull()
  })
})

describe('submitCredential', () => {
  it('refuses dates the wrong way round and what was submitted before; a refused one comes again', async () => {
    expect(await outcome(submit(entry('A1', '2026-12-31', '2026-01-01')))).toBe(
      'identity.dates_reversed',
    )
    const first = await submit(entry('A2', '2026-01-01', '2026-12-31'))
    expect(await outcome(submit(entry('A2', '2026-01-01', '2026-12-31')))).toBe(
      'identity.credential_exists',
    )
    const refused = { id: first.id, decision: 'refused', reason: '编号查无此号' } as const
    await act(as(cast, offices.officer), decideCredential, refused)
    expect(await outcome(submit(entry('A2', '2026-01-01', '2026-12-31')))).toBe('done')
  })

  it('is for administrators of the own organisation', async () => {
    const given = entry('A3', '2026-01-01', '2026-12-31')
    expect(await outcome(act(cast.ctx(cast.people.xiaojin), submitCredential, given))).toBe(
      'identity.role_missing',
    )
    expect(await outcome(act(cast.ctx(cast.people.manager), submitCredential, given))).toBe(
      'identity.no_such_organisation',
    )
  })
})

describe('decideCredential', () => {
  it('is once, with a reason to refuse, never by who submitted, and only with the duty', async () => {
    const { id } = await submit(entry('B1', '2026-01-01', '2026-12-31'))
    const refuse = act(as(cast, offices.officer), decideCredential, {
      id,
      decision: 'refused',
      reason: '',
    })
    expect(await outcome(refuse)).toBe('identity.reason_missing')
    const self: Member = { ...offices.officer, userId: cast.people.admin.userId }
    expect(await outcome(accept(id, self))).toBe('identity.own_proposal')
    expect(await outcome(accept(id, offices.centreOfficer))).toBe('identity.not_delegated')
    const both = await Promise.all([outcome(accept(id)), outcome(accept(id))])
    expect(both.sort()).toEqual(['done', 'identity.already_decided'])
    const around = cast.sql`update credentials set decided_by = submitted_by where id = ${id}`
    expect(await outcome(around)).toBe('identity.own_proposal')
    expect(await outcome(accept(cast.instrumentId))).toBe('identity.no_such_credential')
  })
})

describe('listCredentials', () => {
  it('shows the own ones, with what stops working and when', async () => {
    await cast.sql`delete from credentials where kind = 'tech-sme'`
    const { id } = await submit(entry('C1', '2026-01-01', '2026-12-31'))
    await accept(id)
    const own = async () => (await listCredentials(cast.ctx(cast.people.xiaojin), {})).rows
    const find = async () => (await own()).find((row) => row.id === id)
    expect((await find())?.stops).toMatchObject({ from: '2027-01-01', days: 38 })
    const next = await submit(entry('C2', '2027-01-01', '2027-12-31'))
    expect((await find())?.stops).not.toBeNull()
    await accept(next.id)
    expect((await find())?.stops).toBeNull()
    const mine = cast.people.xiaojin.organisationId
    expect((await own()).every((row) => row.organisation.id === mine)).toBe(true)
    const asked = await listCredentials(cast.ctx(cast.people.stranger), { organisationId: mine })
    expect(asked.rows.every((row) => row.organisation.id !== mine)).toBe(true)
  })

  it('pages for the officer through those that wait', async () => {
    for (let i = 0; i < 5; i++) await submit(entry(`D${i}`, '2026-01-01', addDays('2026-12-31', i)))
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listCredentials(as(cast, offices.officer), {
        state: 'submitted',
        limit: 2,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...page.rows.map((row) => row.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(new Set(seen).size).toBe(5)
    cast.setNow(instantAt('2027-03-01', 600))
    const { rows } = await listCredentials(as(cast, offices.officer), { limit: 100 })
    expect(rows.length).toBeGreaterThan(5)
    cast.setNow(START)
  })
})
