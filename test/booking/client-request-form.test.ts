import type { Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { describe, expect, it } from 'vitest'
import {
  emptyForm,
  type KeptHold,
  moneyLines,
  nearestSlots,
  offerOf,
  payersOf,
  programmeChoices,
  quoteChanges,
  readForm,
  readKeptHold,
  resumable,
  sampleNamesFrom,
  whyNotSubmit,
} from '../../client/src/booking/request-form.ts'

const asked = { startsAt: '2026-11-24T06:00:00.000Z', endsAt: '2026-11-24T08:00:00.000Z' }
const wanted = { instrumentId: 'i', userId: 'u', asked }
const kept: KeptHold = { ...wanted, slot: asked, id: 'b', expiresAt: '2026-11-24T02:10:00.000Z' }
const now = new Date('2026-11-24T02:05:00.000Z')

describe('a kept hold', () => {
  it('is taken up again by the same person for the same address, while it lives', () => {
    expect(resumable(kept, wanted, now)).toBe(kept)
    expect(resumable(kept, { ...wanted, userId: 'other' }, now)).toBeNull()
    expect(resumable(kept, { ...wanted, instrumentId: 'other' }, now)).toBeNull()
    const later = { startsAt: '2026-11-25T06:00:00.000Z', endsAt: '2026-11-25T08:00:00.000Z' }
    expect(resumable(kept, { ...wanted, asked: later }, now)).toBeNull()
    expect(resumable(kept, wanted, new Date(kept.expiresAt))).toBeNull()
  })

  it('is read back only in the shape it was written in', () => {
    expect(readKeptHold(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
    for (const raw of ['', null, {}, { ...kept, slot: 'x' }, { ...kept, id: 1 }])
      expect(readKeptHold(raw)).toBeNull()
  })
})

describe('when the slot is taken', () => {
  const cell = (hour: number, state: 'free' | 'busy') => ({
    startsAt: new Date(Date.UTC(2026, 10, 24, hour)).toISOString(),
    endsAt: new Date(Date.UTC(2026, 10, 24, hour + 1)).toISOString(),
    state,
    reason: state === 'free' ? null : 'booking.slot_taken',
    note: null,
  })

  it('the nearest free slots of the same length are offered, in order of time', () => {
    const cells = [0, 1, 2, 3, 4, 5].map((hour) => cell(hour, 'free'))
    const taken = [cell(6, 'busy'), cell(7, 'busy'), cell(8, 'free'), cell(9, 'free')]
    const starts = nearestSlots([...cells, ...taken], asked, 3).map((slot) =>
      slot.startsAt.slice(11, 16),
    )
    expect(starts).toEqual(['03:00', '04:00', '08:00'])
  })

  it('none is offered where none is long enough', () => {
    expect(nearestSlots([cell(0, 'free'), cell(2, 'free')], asked, 3)).toEqual([])
  })
})

describe('the sheet', () => {
  it('comes back from a draft field by field, whatever the draft holds', () => {
    const form = { ...emptyForm, serviceMode: 'operated' as const, purpose: '断口', samples: 3 }
    expect(readForm(JSON.parse(JSON.stringify(form)))).toEqual(form)
    expect(
      readForm({ serviceMode: 'remote', samples: -1, purpose: 7, serviceDirection: '9' }),
    ).toEqual(emptyForm)
    expect(readForm('')).toEqual(emptyForm)
  })

  it('takes sample names in the ways people separate them', () => {
    expect(sampleNamesFrom('A1、A2, B1\n\n B2；')).toEqual(['A1', 'A2', 'B1', 'B2'])
    expect(sampleNamesFrom(Array.from({ length: 60 }, (_, i) => `S${i}`).join(',')).length).toBe(50)
  })

  const filled = { ...emptyForm, purpose: '断口形貌' }
  it.each([
    [
      { hold: 'lapsed', form: emptyForm, quoted: false, acknowledged: false },
      'booking.hold_lapsed',
    ],
    [{ hold: 'refused', form: emptyForm, quoted: false, acknowledged: false }, '请先换一个时段'],
    [{ hold: 'holding', form: emptyForm, quoted: false, acknowledged: false }, '正在为你保留时段'],
    [{ hold: 'held', form: emptyForm, quoted: false, acknowledged: false }, '请填写检测目的'],
    [{ hold: 'held', form: filled, quoted: false, acknowledged: false }, '正在核价，请稍候'],
    [{ hold: 'held', form: filled, quoted: true, acknowledged: false }, 'notice.not_acknowledged'],
    [{ hold: 'held', form: filled, quoted: true, acknowledged: true }, null],
  ] as const)('says what is missing, in order: %#', (facts, reason) => {
    expect(whyNotSubmit(facts)).toBe(reason)
  })
})

describe('who may pay', () => {
  const seat = (id: string, organisationId: string, change: Partial<Membership> = {}) => {
    const about = {
      uscc: '',
      kind: 'enterprise',
      userKind: null,
      cityCode: null,
      city: '',
    } as const
    const verification = 'verified' as const
    const organisation = { id: organisationId, name: organisationId, verification, ...about }
    return { id, role: 'enterprise-member', roleLabel: '', organisation, ...change } as const
  }
  const idsOf = (own: string | null, memberships: Membership[]) => {
    const membership = memberships.find(({ id }) => id === own) ?? null
    return payersOf({ membership, memberships }).map(({ id }) => id)
  }

  it('is each organisation once, the one acted for first', () => {
    const seats = [seat('a', 'x'), seat('b', 'y', { role: 'unit-admin' }), seat('c', 'y')]
    expect(idsOf(null, seats)).toEqual(['a', 'b'])
    expect(idsOf('c', seats)).toEqual(['c', 'a'])
  })

  it('is none that does not book, or is not verified', () => {
    const unverified = seat('a', 'x')
    const waiting = { ...unverified.organisation, verification: 'submitted' as const }
    expect(
      idsOf(null, [
        { ...unverified, organisation: waiting },
        seat('b', 'y', { role: 'technician' }),
        seat('c', 'z'),
      ]),
    ).toEqual(['c'])
  })
})

describe('money on the sheet', () => {
  const offer = (programmeId: string, mode: 'deduct' | 'refund', shareFen: number) => ({
    programmeId,
    programmeName: `计划${programmeId}`,
    mode,
    ratioPermille: 500,
    shareFen,
    reason: shareFen > 0 ? null : 'voucher.no_quota',
    quotaBeforeFen: 100_000,
    quotaAfterFen: 100_000 - shareFen,
  })
  const offers = [offer('a', 'deduct', 400), offer('b', 'refund', 830)]

  it('uses the programme that pays most until one is chosen, and none when that is chosen', () => {
    expect(offerOf(offers, null)?.programmeId).toBe('b')
    expect(offerOf(offers, 'a')?.programmeId).toBe('a')
    expect(offerOf(offers, 'none')).toBeNull()
    expect(offerOf([offer('a', 'deduct', 0)], null)).toBeNull()
  })

  it('names programmes by their mode, and by name where two have the same', () => {
    expect(programmeChoices(offers).map((one) => one.label)).toEqual([
      '直接抵扣',
      '先付后兑',
      '不用券',
    ])
    const twins = [offer('a', 'deduct', 1), offer('b', 'deduct', 1)]
    expect(programmeChoices(twins).map((one) => one.label)).toEqual(['计划a', '计划b', '不用券'])
  })

  it('writes each line as rate times quantity', () => {
    const price = {
      billableMinutes: 100,
      totalFen: 0,
      lines: [
        { component: 'material' as const, rateFen: 6000, quantity: 2, amountFen: 12_000 },
        { component: 'utilities' as const, rateFen: 12_000, quantity: 90, amountFen: 18_000 },
        { component: 'labour' as const, rateFen: 28_000, quantity: 100, amountFen: 46_667 },
      ],
    }
    expect(moneyLines(price).map((line) => line.detail)).toEqual([
      '¥60 × 2 样',
      '¥120 × 1.5 h',
      '¥280 × 100 分钟',
    ])
  })

  it('says what changed since the price was seen', () => {
    const before = { totalFen: 166_000, voucherFen: 83_000 }
    expect(quoteChanges(before, { ...before, reason: null })).toEqual([])
    expect(
      quoteChanges(before, { totalFen: 172_000, voucherFen: 0, reason: 'voucher.quota_too_low' }),
    ).toEqual(['费用 ¥1,660.00 → ¥1,720.00', '创新券 ¥830.00 → ¥0.00（创新券额度不足）'])
  })
})
