import type { Claim } from '@yiqi/shared/redemption/endpoints.ts'
import { claimEventLabels } from '@yiqi/shared/redemption/terms.ts'
import { describe, expect, it } from 'vitest'
import {
  batchEquation,
  claimSteps,
  claimTotals,
  nextActor,
  stepsOf,
} from '../../client/src/redemption/parts/claim-rules.ts'

const full = { reviews: ['binding', 'city', 'province'], publicityDays: 5 }
const short = { reviews: ['province'], publicityDays: 0 }

const entry = (event: string, at: string, actor: string | null = null) => ({
  at,
  label: claimEventLabels[event] ?? event,
  actor,
  note: null,
})

const claim = (state: Claim['state'], history: Claim['history'] = []) => ({
  mode: 'refund' as const,
  state,
  history,
})

describe('steps of a claim', () => {
  it('has every step where the programme asks for all', () => {
    expect(stepsOf(full, 'refund').map((step) => step.state)).toEqual([
      'submitted',
      'bound',
      'city_reviewed',
      'province_reviewed',
      'publicised',
      'approved',
      'paid',
      'reconciled',
    ])
  })

  it('skips the reviews and the publicity that the programme has not', () => {
    expect(stepsOf(short, 'deduct').map((step) => step.state)).toEqual([
      'submitted',
      'province_reviewed',
      'approved',
      'paid',
      'reconciled',
    ])
    expect(stepsOf(short, 'deduct')[0]?.actor).toBe('单位财务')
  })

  it('says what is done, what is now, what is next', () => {
    const steps = claimSteps(claim('bound'), full)
    expect(steps.map((step) => step.progress)).toEqual([
      'done',
      'done',
      'now',
      'next',
      'next',
      'next',
      'next',
      'next',
    ])
    expect(nextActor(claim('bound'), full)).toBe('下一步由市创新券管理员办理：市级审核')
  })

  it('has nothing done as a draft, and nothing to come when reconciled', () => {
    expect(claimSteps(claim('draft'), full)[0]?.progress).toBe('now')
    expect(nextActor(claim('reconciled'), full)).toBeNull()
    expect(claimSteps(claim('reconciled'), full).every((step) => step.progress === 'done')).toBe(
      true,
    )
  })

  it('takes times from the history of the last round: two reviews are two entries', () => {
    const history = [
      entry('claim.submitted', '2026-11-20T01:00:00.000Z'),
      entry('claim.bound', '2026-11-20T02:00:00.000Z'),
      entry('claim.returned', '2026-11-20T03:00:00.000Z'),
      entry('claim.submitted', '2026-11-21T01:00:00.000Z', '甲'),
      entry('claim.bound', '2026-11-21T02:00:00.000Z'),
      entry('claim.reviewed', '2026-11-21T03:00:00.000Z', '乙'),
      entry('claim.reviewed', '2026-11-21T04:00:00.000Z', '丙'),
    ]
    const steps = claimSteps(claim('province_reviewed', history), full)
    expect(steps.slice(0, 4).map((step) => step.at?.slice(8, 13))).toEqual([
      '21T01',
      '21T02',
      '21T03',
      '21T04',
    ])
    expect(steps[3]?.actor).toBe('丙')
    expect(steps[4]?.at).toBeNull()
  })

  it('shows of a withdrawn claim only what was done', () => {
    const history = [
      entry('claim.opened', '2026-11-20T01:00:00.000Z'),
      entry('claim.submitted', '2026-11-20T01:00:00.000Z'),
      entry('claim.withdrawn', '2026-11-20T02:00:00.000Z'),
    ]
    expect(claimSteps(claim('withdrawn', history), full).map((step) => step.state)).toEqual([
      'submitted',
    ])
  })
})

describe('sums on the desk', () => {
  it('adds the rows of the table', () => {
    const row = { totalFen: 166_000, billFen: 83_000, paidFen: 80_000, amountFen: 83_000 }
    expect(claimTotals([row, row])).toEqual({
      totalFen: 332_000,
      billFen: 166_000,
      paidFen: 160_000,
      amountFen: 166_000,
    })
    expect(claimTotals([]).amountFen).toBe(0)
  })

  const batch = {
    state: 'returned' as const,
    claimsFen: 100_000,
    ledgerFen: 100_000,
    bankFen: 98_000,
    differenceFen: 2_000,
  }

  it('is open while the bank differs, zero once it is explained', () => {
    expect(batchEquation(batch)).toMatchObject({
      zero: false,
      explainedFen: 0,
      differenceFen: 2_000,
    })
    expect(batchEquation({ ...batch, ledgerFen: 98_000, differenceFen: 0 })).toMatchObject({
      zero: true,
      explainedFen: 2_000,
    })
  })

  it('has no ledger before the payments are instructed', () => {
    const early = batchEquation({
      ...batch,
      state: 'approved',
      ledgerFen: 0,
      bankFen: null,
      differenceFen: null,
    })
    expect(early).toMatchObject({ ledgerFen: null, explainedFen: 0, zero: false })
  })

  it('is not zero when ledger and bank differ by chance of an explanation', () => {
    expect(batchEquation({ ...batch, differenceFen: 0 }).zero).toBe(false)
  })
})
