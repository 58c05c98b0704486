import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { describe, expect, it } from 'vitest'
import {
  changeTone,
  moneyFlow,
  permilleLabel,
  programmeTerms,
  quotaTotals,
  signedYuan,
  transferWords,
  whyNotIssue,
} from '../../client/src/voucher/parts/quota-rules.ts'

const booking = (
  id: string,
  state: 'closed' | 'cancelled' | 'confirmed',
  totalFen: number | null,
  voucherFen: number | null,
) => ({
  id,
  state,
  totalFen,
  voucherFen,
})

const programme = {
  id: '01900000-0000-7000-8000-000000000001',
  code: 'A',
  name: '示例计划',
  year: 2026,
  mode: 'refund' as const,
  state: 'in_force' as const,
  ratioPermille: 500,
  bookingCapFen: 500_000,
  enterpriseCapFen: 50_000_000,
  provincePermille: 500,
  publicityDays: 5,
  reviews: ['binding'],
  serviceModes: ['remote', 'operated'],
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
  budgetFen: 1_000_000,
}

describe('flow of the money of a quota', () => {
  it('counts the bookings its transfers name, without those that came to nothing', () => {
    const bookings = [
      booking('a', 'closed', 166_000, 83_000),
      booking('b', 'cancelled', 100_000, 50_000),
      booking('c', 'confirmed', 40_000, 20_000),
      booking('d', 'confirmed', null, null),
      booking('other', 'closed', 999, 999),
    ]
    const transfers = ['a', 'a', 'b', 'c', 'd', null].map((bookingId) => ({ bookingId }))
    expect(moneyFlow(bookings, transfers)).toEqual({
      bookings: 2,
      totalFen: 206_000,
      ownFen: 103_000,
      voucherFen: 103_000,
    })
  })

  it('is nothing without bookings', () => {
    expect(moneyFlow([], [])).toEqual({ bookings: 0, totalFen: 0, ownFen: 0, voucherFen: 0 })
  })
})

describe('words', () => {
  it('writes shares, signs and tones', () => {
    expect(permilleLabel(500)).toBe('50%')
    expect(permilleLabel(333)).toBe('33.3%')
    expect([signedYuan(83_000), signedYuan(-83_000), signedYuan(0)]).toEqual([
      '+¥830.00',
      '\u2212¥830.00',
      '¥0.00',
    ])
    expect([changeTone(1), changeTone(-1), changeTone(0)]).toEqual(['ok', 'voucher', 'ink3'])
  })

  it('says why a movement was, and why a posting gives back', () => {
    expect(transferWords({ kind: 'issue', amountFen: 5, reason: '年度额度' })).toBe('年度额度')
    expect(transferWords({ kind: 'post', amountFen: 2_633, reason: null })).toBe(
      '多预占的部分已退回',
    )
    expect(transferWords({ kind: 'post', amountFen: 0, reason: null })).toBe('')
  })

  it('takes the mark of samples off a name', () => {
    expect(programmeTitle('2026 年创新券通兑（示例参数）')).toEqual({
      title: '2026 年创新券通兑',
      sample: true,
    })
    expect(programmeTitle('2026 年创新券通兑').sample).toBe(false)
  })

  it('says the terms in plain words, the services in their order', () => {
    const terms = programmeTerms(programme).map((term) => term.words)
    expect(terms[1]).toBe('服务费用的 50%，单次最高 ¥5,000.00')
    expect(terms).toContain('技术员操作、远程')
    expect(programmeTerms({ ...programme, bookingCapFen: null, serviceModes: [] })).toHaveLength(5)
  })
})

describe('issuing', () => {
  it('says why an amount cannot be issued', () => {
    expect(whyNotIssue(null, programme)).toContain('金额')
    expect(whyNotIssue(0, programme)).toBe('金额须大于 0')
    expect(whyNotIssue(60_000_000, programme)).toBe('超过单个企业年度上限')
    expect(whyNotIssue(2_000_000, programme)).toBe('超过预算余额')
    expect(whyNotIssue(1_000_000, programme)).toBeNull()
  })

  it('adds up the quotas', () => {
    const row = { issuedFen: 4, redeemedFen: 1, earmarkedFen: 1, availableFen: 2 }
    expect(quotaTotals([row, row])).toEqual({
      issuedFen: 8,
      redeemedFen: 2,
      earmarkedFen: 2,
      availableFen: 4,
    })
  })
})
