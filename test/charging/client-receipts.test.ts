import { describe, expect, it } from 'vitest'
import { billTotals, dueFen, whyNotAmount } from '../../client/src/charging/parts/receipt-rules.ts'

describe('receipts', () => {
  const bill = { amountFen: 83_000, paidFen: 30_000 }

  it('knows what is still due', () => {
    expect(dueFen(bill)).toBe(53_000)
    expect(dueFen({ amountFen: 100, paidFen: 200 })).toBe(0)
    expect(billTotals([bill, bill])).toEqual({
      amountFen: 166_000,
      paidFen: 60_000,
      dueFen: 106_000,
    })
  })

  it('takes a part, never more than is due', () => {
    expect(whyNotAmount(1, bill)).toBeNull()
    expect(whyNotAmount(53_000, bill)).toBeNull()
    expect(whyNotAmount(53_001, bill)).toBe('超过账单未付金额')
    expect(whyNotAmount(0, bill)).toBe('金额须大于 0')
    expect(whyNotAmount(null, bill)).toContain('金额')
  })
})
