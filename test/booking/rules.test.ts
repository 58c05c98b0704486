import {
  type BookingTerms,
  cellsOf,
  freeSlots,
  type Occupancy,
  whyNotHold,
  withinOpenHours,
} from '@yiqi/shared/booking/rules.ts'
import type { Slot } from '@yiqi/shared/kernel/time.ts'
import { describe, expect, it } from 'vitest'
import { at } from '../support/act.ts'

const now = at(24, 9)
const morningAndAfternoon = [
  [510, 720],
  [870, 1080],
] as const
const terms: BookingTerms = {
  week: {
    weekdays: [
      morningAndAfternoon,
      morningAndAfternoon,
      morningAndAfternoon,
      morningAndAfternoon,
      morningAndAfternoon,
      [],
      [],
    ],
    holiday: [],
    adjustedWorkday: morningAndAfternoon,
  },
  slotMinutes: 30,
  minMinutes: 60,
  maxMinutes: 180,
  leadMinutes: 120,
  horizonDays: 14,
  bufferMinutes: 0,
}
const slot = (from: Date, to: Date): Slot => ({ startsAt: from, endsAt: to })
const plus = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000)

describe('why a slot cannot be held, in order of precedence', () => {
  it.each([
    [
      'an instrument that is closed all week',
      slot(at(25, 9), at(25, 10)),
      {
        ...terms,
        week: { weekdays: [[], [], [], [], [], [], []], holiday: [], adjustedWorkday: [] },
      },
      'booking.instrument_closed',
    ],
    ['an end before its start', slot(at(25, 10), at(25, 9)), terms, 'booking.slot_malformed'],
    ['a start that has passed', slot(at(24, 8), at(24, 10)), terms, 'booking.slot_in_past'],
    ['a start exactly now', slot(now, at(24, 10)), terms, 'booking.slot_in_past'],
    [
      'a start inside the lead time',
      slot(at(24, 10, 30), at(24, 11, 30)),
      terms,
      'booking.slot_too_soon',
    ],
    [
      'a day beyond the horizon',
      slot(at(24, 9 + 24 * 15), at(24, 10 + 24 * 15)),
      terms,
      'booking.slot_too_far',
    ],
    ['shorter than the minimum', slot(at(25, 9), at(25, 9, 30)), terms, 'booking.slot_too_short'],
    ['longer than the maximum', slot(at(25, 8, 30), at(25, 12)), terms, 'booking.slot_too_long'],
    ['over the lunch break', slot(at(25, 11), at(25, 12, 30)), terms, 'booking.outside_open_hours'],
    ['a Saturday', slot(at(28, 9), at(28, 10)), terms, 'booking.outside_open_hours'],
    ['off the grid', slot(at(25, 9, 10), at(25, 10, 10)), terms, 'booking.slot_off_grid'],
    ['by seconds', slot(plus(at(25, 9), 30), plus(at(25, 10), 30)), terms, 'booking.slot_off_grid'],
    ['by its last second', slot(at(25, 9), plus(at(25, 10), 1)), terms, 'booking.slot_off_grid'],
    ['a good one', slot(at(25, 9), at(25, 10)), terms, null],
    ['exactly at the lead time', slot(at(24, 11), at(24, 12)), terms, null],
  ] as const)('%s', (_, wanted, own, code) => {
    expect(whyNotHold(wanted, own, {}, now)).toBe(code)
  })

  it('closes statutory holidays and opens adjusted working weekends', () => {
    expect(whyNotHold(slot(at(25, 9), at(25, 10)), terms, { '2026-11-25': 'holiday' }, now)).toBe(
      'booking.outside_open_hours',
    )
    expect(
      whyNotHold(slot(at(28, 9), at(28, 10)), terms, { '2026-11-28': 'adjusted-workday' }, now),
    ).toBeNull()
  })
})

it('a slot may run over midnight where both days are open around it', () => {
  const always = {
    weekdays: Array.from({ length: 7 }, () => [[0, 1440]] as const),
    holiday: [[0, 1440]] as const,
    adjustedWorkday: [[0, 1440]] as const,
  }
  expect(withinOpenHours(slot(at(25, 22), at(26, 3)), always, {})).toBe(true)
  const nights = { ...always, weekdays: always.weekdays.map(() => [[1320, 1440]] as const) }
  expect(withinOpenHours(slot(at(25, 22), at(26, 3)), nights, {})).toBe(false)
})

describe('the cells of a day', () => {
  const busy: Occupancy = {
    occupied: slot(at(25, 9), at(25, 10)),
    kind: 'booking',
    mine: false,
    note: null,
  }

  it('say for every cell whether it can be had and why not', () => {
    const cells = cellsOf(
      '2026-11-25',
      terms,
      {},
      [busy, { ...busy, occupied: slot(at(25, 11), at(25, 12)), kind: 'outage', note: '灯丝更换' }],
      now,
    )
    expect(cells.map((cell) => cell.state)).toEqual([
      'blocked',
      'busy',
      'busy',
      'free',
      'free',
      'outage',
      'outage',
      'free',
      'free',
      'free',
      'free',
      'free',
      'free',
      'free',
    ])
    expect(cells[0]).toMatchObject({ reason: 'booking.slot_too_short' })
    expect(cells[5]).toMatchObject({ reason: 'booking.in_outage', note: '灯丝更换' })
  })

  it('block a cell whose buffer would reach into the next booking', () => {
    const cells = cellsOf('2026-11-25', { ...terms, bufferMinutes: 30 }, {}, [busy], now)
    expect(cells.slice(0, 3).map((cell) => cell.state)).toEqual(['busy', 'busy', 'busy'])
  })

  it('touch without overlapping: half-open', () => {
    const cells = cellsOf('2026-11-25', { ...terms, minMinutes: 30 }, {}, [busy], now)
    expect(cells[0]?.state).toBe('free')
    expect(cells[3]?.state).toBe('free')
  })

  it('give every free start that has room for the minimum', () => {
    const cells = cellsOf('2026-11-25', terms, {}, [busy], now)
    expect(freeSlots(cells, 60).map((one) => one.startsAt)).toEqual([
      at(25, 10),
      at(25, 10, 30),
      at(25, 11),
      at(25, 14, 30),
      at(25, 15),
      at(25, 15, 30),
      at(25, 16),
      at(25, 16, 30),
      at(25, 17),
    ])
  })
})
