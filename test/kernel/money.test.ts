import {
  fenFrom,
  permilleOf,
  ratePerHour,
  yuan,
  yuanPlain,
  yuanShort,
} from '@yiqi/shared/kernel/money.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('money in words', () => {
  it.each([
    [0, '¥0.00'],
    [5, '¥0.05'],
    [166_000, '¥1,660.00'],
    [-20_000, '\u2212¥200.00'],
    [123_456_789_012, '¥1,234,567,890.12'],
  ])('%i fen is %s', (fen, text) => {
    expect(yuan(fen)).toBe(text)
  })

  it('drops the fen only where there are none', () => {
    expect(yuanShort(12_000)).toBe('¥120')
    expect(yuanShort(12_050)).toBe('¥120.50')
  })

  it('every amount written can be read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (fen) => {
        expect(fenFrom(yuanPlain(fen))).toBe(fen === 0 ? 0 : fen)
        if (fen >= 0) expect(fenFrom(yuan(fen))).toBe(fen)
      }),
    )
  })

  it.each(['', '1,66.00', '1.234', 'abc', '１２', '1e5', '--1', '1,2345'])(
    'refuses %j as an amount',
    (text) => {
      expect(fenFrom(text)).toBeNull()
    },
  )
})

describe('arithmetic in fen', () => {
  it('a rate per hour is rounded half up to a whole fen', () => {
    expect(ratePerHour(12_000, 240)).toBe(48_000)
    expect(ratePerHour(100, 1)).toBe(2)
    expect(ratePerHour(30, 1)).toBe(1)
    expect(ratePerHour(29, 1)).toBe(0)
  })

  it('a share never exceeds the whole and loses less than a fen, far beyond 2^53 in the product', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e13 }),
        fc.integer({ min: 0, max: 1000 }),
        (fen, permille) => {
          const share = permilleOf(fen, permille)
          expect(share).toBeLessThanOrEqual(fen)
          const exact = BigInt(fen) * BigInt(permille)
          expect(exact - BigInt(share) * 1000n).toBeLessThan(1000n)
          expect(exact - BigInt(share) * 1000n).toBeGreaterThanOrEqual(0n)
        },
      ),
    )
  })
})
