import {
  areRelated,
  splitFunders,
  type VoucherFacts,
  voucherShare,
  whyNotVoucher,
} from '@yiqi/shared/voucher/rules.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const programme = {
  ratioPermille: 500,
  bookingCapFen: null,
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
  serviceModes: ['entrusted'],
}
const facts: VoucherFacts = {
  programme,
  serviceMode: 'entrusted',
  serviceOn: '2026-11-25',
  credentials: [{ validFrom: '2026-01-01', validTo: '2026-12-31' }],
  related: false,
  availableFen: 1_000,
}

describe('why the voucher pays nothing, in order of precedence', () => {
  it.each([
    ['before the programme', { serviceOn: '2025-12-31' }, 'voucher.programme_closed'],
    ['after the programme', { serviceOn: '2027-01-01' }, 'voucher.programme_closed'],
    ['a service it does not cover', { serviceMode: 'remote' }, 'voucher.service_not_eligible'],
    ['an enterprise without registration', { credentials: [] }, 'voucher.enterprise_not_eligible'],
    [
      'a registration that ended the day before',
      { credentials: [{ validFrom: '2026-01-01', validTo: '2026-11-24' }] },
      'voucher.enterprise_not_eligible',
    ],
    ['related parties', { related: true }, 'voucher.related_party'],
    ['no quota at all', { availableFen: null }, 'voucher.no_quota'],
    ['nothing left', { availableFen: 0 }, 'voucher.quota_too_low'],
    ['all is well', {}, null],
    [
      'a registration that begins the day after',
      { credentials: [{ validFrom: '2026-11-26', validTo: '2027-12-31' }] },
      'voucher.enterprise_not_eligible',
    ],
    [
      'a registration that ends that day',
      { credentials: [{ validFrom: '2026-11-25', validTo: '2026-11-25' }] },
      null,
    ],
  ] as const)('%s', (_, change, code) => {
    expect(whyNotVoucher({ ...facts, ...change })).toBe(code)
  })
})

it('the share is the ratio, then the cap, then what is left, and never more than any of them', () => {
  const amount = fc.integer({ min: 0, max: 1e12 })
  fc.assert(
    fc.property(
      amount,
      fc.nat(1000),
      fc.option(amount),
      amount,
      (total, ratioPermille, bookingCapFen, available) => {
        const share = voucherShare({ ...programme, ratioPermille, bookingCapFen }, total, available)
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(Math.min(total, available, bookingCapFen ?? total))
      },
    ),
  )
})

it('province and city add up to the fen, the odd one is the city’s', () => {
  expect(splitFunders(83_001, 500)).toEqual({ provinceFen: 41_500, cityFen: 41_501 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), fc.nat(1000), (fen, permille) => {
      const { provinceFen, cityFen } = splitFunders(fen, permille)
      expect(provinceFen + cityFen).toBe(fen)
    }),
  )
})

describe('related parties', () => {
  const firm = {
    uscc: 'A',
    name: '某企业',
    legalRepresentative: '甲',
    shareholders: [{ name: '丙', percent: 60 }],
  }
  const lab = {
    uscc: 'B',
    name: '某检测',
    legalRepresentative: '乙',
    shareholders: [{ name: '丁', percent: 100 }],
  }
  it.each([
    ['share a legal representative', { legalRepresentative: '甲' }, true],
    ['share a holder of half of both', { shareholders: [{ name: '丙', percent: 50 }] }, true],
    ['hold shares of the other', { shareholders: [{ name: '某企业', percent: 1 }] }, true],
    ['share a holder of 49 % of one', { shareholders: [{ name: '丙', percent: 49 }] }, false],
    ['share nothing', {}, false],
  ] as const)('%s', (_, change, related) => {
    expect(areRelated(firm, { ...lab, ...change })).toBe(related)
  })
})
