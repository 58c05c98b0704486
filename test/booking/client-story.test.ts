import { deedsOf } from '@yiqi/client/src/booking/actions.ts'
import { displacedBy, endTimesOf, timesOf } from '@yiqi/client/src/booking/outage.ts'
import { nextLine, storyOf } from '@yiqi/client/src/booking/story.ts'
import { bookingStates, liveStates } from '@yiqi/shared/booking/terms.ts'
import { describe, expect, it } from 'vitest'
import { aBooking } from '../support/booking-fixture.ts'

describe('the story of a booking', () => {
  it('says how long the answer took', () => {
    const [, confirmed] = storyOf(aBooking(), null)
    expect(confirmed).toMatchObject({ title: '机组已确认', state: 'done' })
    expect(confirmed?.detail).toContain('用时 17 分钟')
  })

  it('awaits exactly one thing while the booking is live, and greys what follows', () => {
    for (const state of [...liveStates, 'finished'] as const) {
      const states = storyOf(aBooking({ state }), null).map((step) => step.state)
      expect(
        states.filter((one) => one === 'now'),
        state,
      ).toHaveLength(1)
      expect(
        states.slice(states.indexOf('now') + 1).every((one) => one === 'next'),
        state,
      ).toBe(true)
    }
  })

  it('has no future when the booking was declined, cancelled, displaced, missed or has lapsed', () => {
    for (const state of ['declined', 'cancelled', 'displaced', 'no_show', 'lapsed'] as const) {
      expect(storyOf(aBooking({ state }), null).every((step) => step.state === 'done')).toBe(true)
    }
  })

  it('ends with the claim only where the programme pays back', () => {
    const quote = (programmeMode: 'deduct' | 'refund') => ({
      price: { billableMinutes: 240, lines: [], totalFen: 0 },
      tariff: {
        id: 't',
        tier: 'external' as const,
        effectiveFrom: '2026-01-01',
        effectiveTo: null,
        materialFenPerSample: 0,
        utilitiesFenPerHour: 0,
        labourFenPerHour: 0,
        minimumMinutes: 60,
        basis: null,
      },
      samples: 0,
      programmeId: null,
      programmeName: null,
      programmeMode,
      voucherFen: 0,
    })
    const last = (mode: 'deduct' | 'refund') =>
      storyOf(aBooking({ quote: quote(mode) }), null).at(-1)?.title
    expect(last('refund')).toBe('申报创新券兑付')
    expect(last('deduct')).toBe('付款到账')
  })
})

describe('the line that says who acts next', () => {
  it('is never empty, in any state, for either side', () => {
    for (const state of bookingStates) {
      for (const side of ['enterprise', 'institution'] as const) {
        expect(nextLine(aBooking({ state }), null, side)).not.toBe('')
      }
    }
  })

  it('tells who may approve the spending what waits, and nobody of the institution to answer', () => {
    const due = { state: 'awaiting_approval', approvalDueAt: '2026-11-23T02:00:00.000Z' } as const
    const [first] = storyOf(aBooking({ ...due, timeline: [] }), null)
    expect(first).toMatchObject({ id: 'approve', state: 'now' })
    expect(first?.detail).toContain('未批准即失效')
    const actions = ['approveSpending', 'refuseSpending', 'cancel'] as const
    const waiting = aBooking({ ...due, actions: [...actions] })
    expect(deedsOf(waiting, null)).toEqual(actions)
    expect(nextLine(waiting, null, 'enterprise')).toContain('请您批准')
    expect(nextLine(aBooking(due), null, 'enterprise')).toContain('等本单位管理员')
    expect(nextLine(aBooking(due), null, 'institution')).toContain('不需要答复')
  })

  it('tells each side of a request what it can do', () => {
    expect(nextLine(aBooking({ state: 'requested' }), null, 'institution')).toContain('请您答复')
    expect(nextLine(aBooking({ state: 'requested' }), null, 'enterprise')).toContain('等机组答复')
  })
})

describe('an outage', () => {
  const slot = {
    startsAt: new Date('2026-11-24T08:00:00Z'),
    endsAt: new Date('2026-11-24T12:00:00Z'),
  }

  it('displaces the requested and confirmed bookings of its instrument that it overlaps, no others', () => {
    const mine = aBooking()
    const rows = [
      mine,
      aBooking({ state: 'running' }),
      aBooking({ startsAt: '2026-11-24T12:00:00.000Z', endsAt: '2026-11-24T13:00:00.000Z' }),
    ]
    expect(displacedBy(slot, mine.instrument.id, rows)).toEqual([mine])
    expect(displacedBy(slot, 'another', rows)).toEqual([])
  })

  it('offers now and the hours still to come on the day itself, all hours on others', () => {
    const now = new Date('2026-11-24T05:52:00Z')
    expect(timesOf('2026-11-24', now).slice(0, 2)).toEqual([
      { minute: 832, label: '现在' },
      { minute: 840, label: '14:00' },
    ])
    expect(timesOf('2026-11-25', now)[0]?.label).toBe('07:00')
  })

  it('ends after it starts', () => {
    expect(endTimesOf('2026-11-24', slot.startsAt)[0]?.label).toBe('17:00')
    expect(endTimesOf('2026-11-24', slot.startsAt).at(-1)?.label).toBe('24:00')
  })
})

describe('the deeds of a booking', () => {
  it('puts the primary one first, and waits for the session where one is needed', () => {
    expect(deedsOf(aBooking({ actions: ['cancel', 'checkIn'] }), null)).toEqual([
      'checkIn',
      'cancel',
    ])
    expect(deedsOf(aBooking({ actions: ['run'] }), null)).toEqual([])
    expect(deedsOf(aBooking({ actions: ['confirm', 'decline'] }), null)).toEqual([
      'confirm',
      'decline',
    ])
  })
})
