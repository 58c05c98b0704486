import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import type { Quota } from '@yiqi/shared/voucher/endpoints.ts'
import { describe, expect, it } from 'vitest'
import { takeTurns } from '../../client/src/catalogue/offer-words.ts'
import { lastInstruments, nextBooking, quotaSum } from '../../client/src/tabs/panels/find-rules.ts'

const now = new Date('2026-11-24T10:00:00+08:00')

function booking(id: string, state: BookingCard['state'], start: string, hours = 2): BookingCard {
  const startsAt = new Date(start)
  return {
    id,
    number: id,
    state,
    startsAt: startsAt.toISOString(),
    endsAt: new Date(startsAt.getTime() + hours * 3_600_000).toISOString(),
    instrument: { id: `i-${id.slice(0, 1)}`, name: '', model: null, number: '', shortCode: '' },
    institution: { id: '', name: '' },
    enterprise: { id: '', name: '' },
    bookedBy: null,
    serviceMode: null,
    samples: 0,
    preparation: null,
    totalFen: null,
    voucherFen: null,
    holdExpiresAt: state === 'held' ? '2026-11-24T02:05:00.000Z' : null,
    answerDueAt: null,
    approvalDueAt: null,
    actions: [],
  }
}

describe('the booking pinned at home', () => {
  const soon = booking('a', 'confirmed', '2026-11-24T14:00:00+08:00')
  const tomorrow = booking('b', 'confirmed', '2026-11-25T09:00:00+08:00')
  const running = booking('c', 'running', '2026-11-24T08:30:00+08:00')

  it('is the one running, else the next to start within a day', () => {
    expect(nextBooking([tomorrow, soon, running], now)?.id).toBe('c')
    expect(nextBooking([tomorrow, soon], now)?.id).toBe('a')
  })

  it('is none when the next is further away, over or ended', () => {
    const rows = [
      booking('a', 'confirmed', '2026-11-25T11:00:00+08:00'),
      booking('b', 'confirmed', '2026-11-24T07:00:00+08:00'),
      booking('c', 'cancelled', '2026-11-24T14:00:00+08:00'),
    ]
    expect(nextBooking(rows, now)).toBeNull()
  })

  it('may be a hold while it lives', () => {
    const held = booking('a', 'held', '2026-11-28T14:00:00+08:00')
    expect(nextBooking([held], now)?.id).toBe('a')
    expect(nextBooking([held], new Date('2026-11-24T10:06:00+08:00'))).toBeNull()
  })
})

describe('what an enterprise may want again', () => {
  it('is the last booking of each instrument, latest first, without those that lapsed', () => {
    const rows = [
      booking('a1', 'closed', '2026-11-01T09:00:00+08:00'),
      booking('a2', 'closed', '2026-11-10T09:00:00+08:00'),
      booking('b1', 'cancelled', '2026-11-12T09:00:00+08:00'),
      booking('c1', 'lapsed', '2026-11-13T09:00:00+08:00'),
    ]
    expect(lastInstruments(rows, 3).map((row) => row.id)).toEqual(['b1', 'a2'])
  })
})

describe('the quota bar at home', () => {
  const quota = (issuedFen: number, validTo: string): Quota => ({
    id: validTo,
    programme: {
      id: '',
      code: '',
      name: '',
      year: 2026,
      mode: 'refund',
      state: 'in_force',
      ratioPermille: 500,
      bookingCapFen: null,
      enterpriseCapFen: 0,
      provincePermille: 500,
      publicityDays: 5,
      reviews: [],
      serviceModes: [],
      validFrom: '2026-01-01',
      validTo,
      budgetFen: 0,
    },
    enterprise: { id: '', name: '' },
    issuedFen,
    redeemedFen: 100,
    earmarkedFen: 50,
    availableFen: issuedFen - 150,
  })

  it('adds all quotas up and names the first date that ends one', () => {
    expect(quotaSum([])).toBeNull()
    expect(quotaSum([quota(1000, '2026-12-31'), quota(500, '2026-11-30')])).toEqual({
      title: '创新券剩余额度（2 个计划）',
      totalFen: 1500,
      redeemedFen: 200,
      earmarkedFen: 100,
      validTo: '2026-11-30',
    })
  })
})

describe('a list of many institutions', () => {
  it('lets them take turns, so that a large one does not fill it', () => {
    const card = (id: string, institutionId: string) => ({
      id,
      number: id,
      name: '',
      englishName: null,
      model: null,
      kind: null,
      kindName: null,
      classCode: '010102',
      className: '',
      institution: {
        id: institutionId,
        name: '',
        city: '',
        cityCode: null,
        county: null,
        latitude: null,
        longitude: null,
      },
    })
    const cards = [card('a1', 'a'), card('a2', 'a'), card('a3', 'a'), card('b1', 'b')]
    expect(takeTurns(cards, 3).map((one) => one.id)).toEqual(['a1', 'b1', 'a2'])
    expect(takeTurns([], 3)).toEqual([])
  })
})
