import { describe, expect, test } from 'vitest'
import {
  moneyParts,
  moneyWords,
  quotaParts,
  waterfallBars,
} from '../../client/src/kernel/parts/money-split-rules.ts'

describe('the words of money', () => {
  test('a refund is never called a deduction, a deduction never a refund', () => {
    expect(Object.values(moneyWords('refund')).join()).not.toMatch(/抵扣/)
    expect(Object.values(moneyWords('deduct')).join()).not.toMatch(/兑付/)
    expect(Object.values(moneyWords('none')).join()).not.toMatch(/抵扣|兑付/)
  })
})

describe('the split', () => {
  test.each([
    [166_000, 83_000, 83_000, 50],
    [166_000, 0, 166_000, 0],
    [166_000, 166_000, 0, 100],
    [0, 0, 0, 0],
    [3, 1, 2, 33.3],
  ])('of %i fen with %i by voucher leaves %i own', (total, voucher, own, percent) => {
    expect(moneyParts(total, voucher)).toEqual({ ownFen: own, voucherPercent: percent })
  })

  test('own and voucher part always make the total', () => {
    for (let voucher = 0; voucher <= 101; voucher++)
      expect(moneyParts(101, voucher).ownFen + voucher).toBe(101)
  })
})

test('a quota’s parts never draw past the end of the bar', () => {
  const parts = quotaParts({ totalFen: 100, redeemedFen: 120, earmarkedFen: 0 })
  expect(parts).toEqual({ availableFen: -20, redeemedPercent: 100, earmarkedPercent: 0 })
})

test('a waterfall hangs each part where the one before ended', () => {
  const bars = waterfallBars([
    { label: '申报', amountFen: 100, tone: 'own', kind: 'total' },
    { label: '不符', amountFen: 20, tone: 'warn', kind: 'part' },
    { label: '缺材料', amountFen: 30, tone: 'warn', kind: 'part' },
    { label: '拟兑付', amountFen: 50, tone: 'own', kind: 'total' },
  ])
  expect(bars.map((bar) => [bar.fromPercent, bar.heightPercent])).toEqual([
    [0, 100],
    [80, 20],
    [50, 30],
    [0, 50],
  ])
})
