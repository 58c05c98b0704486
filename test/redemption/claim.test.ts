import { refusalOf } from '@yiqi/server/kernel/constraints.ts'
import { bindClaim } from '@yiqi/server/redemption/bind-claim.ts'
import { openClaim } from '@yiqi/server/redemption/open-claim.ts'
import { getClaim, getDesk, listClaimable, listClaims } from '@yiqi/server/redemption/queries.ts'
import { reviewClaim } from '@yiqi/server/redemption/review-claim.ts'
import { reviewCleanClaims } from '@yiqi/server/redemption/review-clean-claims.ts'
import { submitClaim } from '@yiqi/server/redemption/submit-claim.ts'
import { withdrawClaim } from '@yiqi/server/redemption/withdraw-claim.ts'
import { Claim, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agreed, countEvents, finished, paid } from '../session/steps.ts'
import { act, at, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'
import { reviewed, submitted } from './steps.ts'

let cast: Cast
beforeEach(async () => {
  cast = await newCast()
})
afterEach(async () => {
  await expectSound(cast)
  await cast.drop()
})

type Name = keyof Cast['people']
const as = (name: Name) => cast.ctx(cast.people[name])
const open = (name: Name, bookingId: string) => outcome(act(as(name), openClaim, { bookingId }))
const pass = (name: Name, id: string) =>
  outcome(act(as(name), reviewClaim, { id, decision: 'pass' }))

describe('opening a claim', () => {
  it('fills amount and evidence by itself; the institution claims what was deducted', async () => {
    const { booking } = await paid(cast)
    const { rows } = await listClaimable(as('finance'))
    expect(rows).toMatchObject([
      { bookingId: booking.id, amountFen: 83000, blockers: [], counterparty: '示例新材料有限公司' },
    ])
    expect((await listClaimable(as('xiaojin'))).rows).toEqual([])
    const claim = await act(as('finance'), openClaim, { bookingId: booking.id })
    expect(Claim.parse(claim)).toMatchObject({
      state: 'draft',
      mode: 'deduct',
      amountFen: 83000,
      billFen: 83000,
      paidFen: 83000,
      evidenceMet: 7,
      evidenceTotal: 7,
      light: 'green',
      findings: [],
      actions: ['submit', 'withdraw'],
    })
    expect(claim.evidence.find((one) => one.evidence === 'hours')?.detail).toContain('共 4小时')
    expect(claim.history).toMatchObject([{ label: '开始申报', actor: '财务老师' }])
    expect(await countEvents(cast, 'claim.opened', booking.id)).toBe(1)
    expect((await listClaimable(as('finance'))).rows).toEqual([])
  })

  it('in a refund programme is the enterprise’s, for what it will get back', async () => {
    const { booking } = await paid(cast, { programmeId: cast.programmes.refund })
    expect((await listClaimable(as('finance'))).rows).toEqual([])
    expect(await open('finance', booking.id)).toBe('redemption.not_claimable')
    const claim = await act(as('xiaojin'), openClaim, { bookingId: booking.id })
    expect(claim).toMatchObject({
      mode: 'refund',
      amountFen: 83000,
      billFen: 166000,
      light: 'green',
    })
  })

  it('needs an agreed session with a voucher share, and the right people', async () => {
    const { booking } = await finished(cast, { from: at(25, 8), to: at(25, 9) })
    cast.setNow(START)
    const plain = await agreed(cast, { from: at(25, 10), to: at(25, 11), programmeId: null })
    expect(await open('finance', booking.id)).toBe('redemption.not_claimable')
    expect(await open('finance', plain.booking.id)).toBe('redemption.not_claimable')
    expect(await open('stranger', booking.id)).toBe('redemption.not_claimable')
    expect(await open('hao', booking.id)).toBe('identity.role_missing')
    expect(await open('province', booking.id)).toBe('identity.role_missing')
  })

  it('of ten at once makes one claim; the others are told that it is claimed', async () => {
    const { booking } = await paid(cast)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => open('finance', booking.id)),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'redemption.already_claimed')).toHaveLength(9)
  })
})

describe('handing in', () => {
  it('is refused with every stop in words, and goes on once they are gone', async () => {
    const { booking } = await agreed(cast, { programmeId: cast.programmes.refund })
    const claim = await act(as('xiaojin'), openClaim, { bookingId: booking.id })
    await cast.sql`update credentials set valid_to = '2026-11-01' where organisation_id = ${cast.people.admin.organisationId}`
    const error: unknown = await act(as('xiaojin'), submitClaim, { id: claim.id }).catch((e) => e)
    expect(refusalOf(error)).toMatchObject({
      code: 'redemption.findings_stop',
      issues: [{ path: 'not_eligible' }, { path: 'not_paid', message: '企业应付款尚未全部到账' }],
    })
    expect((await getClaim(as('xiaojin'), { id: claim.id })).light).toBe('red')
  })

  it('is the claimant’s; a draft is nobody else’s to see, and a claim not another organisation’s', async () => {
    const { booking } = await paid(cast)
    const { id } = await act(as('finance'), openClaim, { bookingId: booking.id })
    const see = (name: Name) => outcome(getClaim(as(name), { id }))
    const submit = (name: Name) => outcome(act(as(name), submitClaim, { id }))
    expect(await see('province')).toBe('redemption.no_such_claim')
    expect(await see('xiaojin')).toBe('redemption.no_such_claim')
    expect(await submit('stranger')).toBe('redemption.no_such_claim')
    expect(await submit('province')).toBe('identity.role_missing')
    expect(await submit('manager')).toBe('done')
    expect(await submit('manager')).toBe('redemption.wrong_state')
    expect(await see('province')).toBe('done')
    expect(await see('city')).toBe('done')
    expect(await see('auditor')).toBe('done')
    expect(await see('xiaojin')).toBe('done')
    expect(await see('stranger')).toBe('redemption.no_such_claim')
    expect(await see('otherTechnician')).toBe('identity.role_missing')
  })

  it('can be taken back before the first review, and claimed anew', async () => {
    const claim = await submitted(cast, 'refund')
    const withdraw = (name: Name) => outcome(act(as(name), withdrawClaim, { id: claim.id }))
    expect(await withdraw('finance')).toBe('redemption.no_such_claim')
    expect(await withdraw('xiaojin')).toBe('done')
    expect(await withdraw('xiaojin')).toBe('redemption.wrong_state')
    const again = await act(as('xiaojin'), openClaim, { bookingId: claim.bookingId })
    expect(again.state).toBe('draft')
    await act(as('xiaojin'), submitClaim, { id: again.id })
    await act(as('finance'), bindClaim, { id: again.id })
    expect(await outcome(act(as('xiaojin'), withdrawClaim, { id: again.id }))).toBe(
      'redemption.wrong_state',
    )
    expect(await countEvents(cast, 'claim.withdrawn')).toBe(1)
  })
})

describe('reviews', () => {
  it('follow the programme in order: binding, city, province, each once', async () => {
    const { id } = await submitted(cast, 'refund')
    const bind = (name: Name) => outcome(act(as(name), bindClaim, { id }))
    expect(await pass('city', id)).toBe('redemption.wrong_state')
    expect(await bind('xiaojin')).toBe('identity.role_missing')
    expect(await bind('finance')).toBe('done')
    expect(await bind('finance')).toBe('redemption.wrong_state')
    expect(await pass('province', id)).toBe('redemption.wrong_state')
    expect((await getClaim(as('city'), { id })).actions).toEqual(['review', 'return'])
    expect(await pass('city', id)).toBe('done')
    expect(await pass('city', id)).toBe('redemption.wrong_state')
    const both = await Promise.all([pass('province', id), pass('province', id)])
    expect(both.sort()).toEqual(['done', 'redemption.wrong_state'])
    const seen = await getClaim(as('xiaojin'), { id })
    expect(seen).toMatchObject({ state: 'province_reviewed', actions: [] })
    expect(seen.history.map((one) => one.label)).toEqual([
      '开始申报',
      '提交申请',
      '机构绑定确认',
      '审核通过',
      '审核通过',
    ])
  })

  it('skip what a programme does not ask for', async () => {
    const { id } = await submitted(cast, 'deduct')
    expect(await outcome(act(as('finance'), bindClaim, { id }))).toBe('redemption.wrong_state')
    expect(await pass('city', id)).toBe('redemption.wrong_state')
    expect(await pass('province', id)).toBe('done')
  })

  it('return a claim with a reason; it comes back and starts from the first review', async () => {
    const { id } = await submitted(cast, 'refund')
    await act(as('finance'), bindClaim, { id })
    const back = { id, decision: 'return' as const }
    expect(await outcome(act(as('city'), reviewClaim, back))).toBe('invalid_input')
    await act(as('city'), reviewClaim, { ...back, reason: 'evidence_missing', note: '缺样品照片' })
    const seen = await getClaim(as('xiaojin'), { id })
    expect(seen).toMatchObject({
      state: 'returned',
      returnReason: '证据材料不齐：缺样品照片',
      actions: ['submit', 'withdraw'],
    })
    expect(seen.history.at(-1)).toMatchObject({ label: '退回补正', note: '缺样品照片' })
    await act(as('xiaojin'), submitClaim, { id })
    expect(await pass('city', id)).toBe('redemption.wrong_state')
    expect(await outcome(act(as('finance'), bindClaim, { id }))).toBe('done')
  })

  it('of a city reach only the enterprises of that city', async () => {
    const { id } = await submitted(cast, 'refund')
    await act(as('finance'), bindClaim, { id })
    await cast.sql`update organisations set city_code = '140200' where name = '示例新材料有限公司'`
    expect(await pass('city', id)).toBe('redemption.no_such_claim')
    expect((await listClaims(as('city'), {})).rows).toEqual([])
  })

  it('pass all clean claims at once and leave what has a finding', async () => {
    const clean = await submitted(cast, 'deduct', { from: at(25, 8), to: at(25, 9) })
    cast.setNow(START)
    const unpaid = await agreed(cast, { from: at(25, 10), to: at(25, 11) })
    const flagged = await act(as('finance'), openClaim, { bookingId: unpaid.booking.id })
    await act(as('finance'), submitClaim, { id: flagged.id })
    const toReview = () => listClaims(as('province'), { state: 'to-review' })
    expect((await toReview()).rows).toMatchObject([
      { id: flagged.id, light: 'amber' },
      { id: clean.id, light: 'green' },
    ])
    const desk = await getDesk(as('province'), {})
    redemptionEndpoints.getDesk.output.parse(desk)
    expect(desk).toEqual({
      claimedFen: 46000,
      matchedFen: 23000,
      differingFen: 0,
      missingFen: 23000,
      doubtfulFen: 0,
      payableFen: 23000,
      provinceFen: 11500,
      cityFen: 11500,
      cleanClaims: 1,
    })
    expect(await act(as('province'), reviewCleanClaims, {})).toEqual({ passed: 1 })
    expect(await act(as('province'), reviewCleanClaims, {})).toEqual({ passed: 0 })
    expect((await toReview()).rows).toMatchObject([{ id: flagged.id }])
    expect(await outcome(getDesk(as('finance'), {}))).toBe('identity.role_missing')
  })

  it('catch what became wrong after the claim was handed in', async () => {
    const { id } = await submitted(cast, 'deduct')
    await cast.sql`update organisations set legal_representative = '甲' where name = '示例大学'`
    expect(await pass('province', id)).toBe('redemption.findings_stop')
    expect(await getClaim(as('province'), { id })).toMatchObject({ light: 'red' })
    expect(await getDesk(as('province'), {})).toMatchObject({ doubtfulFen: 83000, payableFen: 0 })
  })
})

describe('lists', () => {
  it('are pages, newest first, without gap or repetition', async () => {
    const ids: string[] = []
    for (const hour of [8, 9, 10]) {
      cast.setNow(START)
      const claim = await submitted(cast, 'deduct', { from: at(25, hour), to: at(25, hour + 1) })
      ids.unshift(claim.id)
    }
    const first = await listClaims(as('finance'), { limit: 2 })
    const second = await listClaims(as('finance'), { limit: 2, cursor: first.nextCursor ?? '' })
    expect([...first.rows, ...second.rows].map((row) => row.id)).toEqual(ids)
    expect(second.nextCursor).toBeNull()
    expect(await outcome(listClaims(as('finance'), { cursor: 'x' }))).toBe(
      'kernel.cursor_malformed',
    )
    expect((await listClaims(as('stranger'), {})).rows).toEqual([])
  })

  it('of a fully reviewed claim say nothing is left to do', async () => {
    await reviewed(cast, 'deduct')
    expect((await listClaims(as('province'), { state: 'to-review' })).rows).toEqual([])
    expect((await listClaims(as('province'), { state: 'open' })).rows).toHaveLength(1)
  })
})
