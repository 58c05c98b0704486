import { priceUse } from '@yiqi/shared/charging/rules.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const rates = {
  materialFenPerSample: 6_000,
  utilitiesFenPerHour: 12_000,
  labourFenPerHour: 28_000,
  minimumMinutes: 60,
}

describe('pricing', () => {
  it('adds the three components the policy allows', () => {
    const price = priceUse(rates, { minutes: 240, samples: 1 })
    expect(price.lines.map((line) => [line.component, line.amountFen])).toEqual([
      ['material', 6_000],
      ['utilities', 48_000],
      ['labour', 112_000],
    ])
    expect(price.totalFen).toBe(166_000)
  })

  it('bills at least the minimum, and by the minute above it', () => {
    expect(priceUse(rates, { minutes: 10, samples: 0 }).totalFen).toBe(40_000)
    expect(priceUse(rates, { minutes: 61, samples: 0 }).totalFen).toBe(12_200 + 28_467)
  })

  it('more time or more samples never cost less', () => {
    const rate = fc.integer({ min: 0, max: 10_000_000 })
    fc.assert(
      fc.property(
        rate,
        rate,
        rate,
        fc.nat(10_080),
        fc.nat(10_080),
        fc.nat(500),
        (m, u, l, a, b, samples) => {
          const own = {
            materialFenPerSample: m,
            utilitiesFenPerHour: u,
            labourFenPerHour: l,
            minimumMinutes: 30,
          }
          const [less, more] = a < b ? [a, b] : [b, a]
          expect(priceUse(own, { minutes: less, samples }).totalFen).toBeLessThanOrEqual(
            priceUse(own, { minutes: more, samples: samples + 1 }).totalFen,
          )
        },
      ),
    )
  })
})
