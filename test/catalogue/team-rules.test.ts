import {
  alarmsOf,
  isAble,
  type Span,
  type TeamFacts,
  type Teammate,
  uncovered,
  whyNotCancelDuty,
  whyNotJoin,
  whyNotPlan,
} from '@yiqi/shared/catalogue/rules.ts'
import type { Position } from '@yiqi/shared/catalogue/terms.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const TODAY = '2026-11-24'
const now = { today: TODAY, minute: 9 * 60 }
const mate = (userId: string, other: Partial<Teammate> = {}): Teammate => ({
  userId,
  name: userId,
  isTechnician: true,
  leftOn: null,
  licenceExpiresOn: null,
  ...other,
})
const facts = (other: Partial<TeamFacts> = {}): TeamFacts => ({
  staffMin: 1,
  team: [mate('a')],
  duty: [],
  open: [
    { day: TODAY, spans: [[480, 720]] },
    {
      day: '2026-11-25',
      spans: [
        [480, 720],
        [840, 1080],
      ],
    },
  ],
  ...other,
})
const duty = (userId: string, onDate: string, startsMinute: number, endsMinute: number) => ({
  userId,
  onDate,
  startsMinute,
  endsMinute,
})
const kinds = (of: TeamFacts) => alarmsOf(of, now).map((alarm) => alarm.kind)

describe('who counts as one of the team', () => {
  it.each<[string, Partial<Teammate>, boolean]>([
    ['a technician without a licence entered', {}, true],
    ['a licence that is good today for the last time', { licenceExpiresOn: TODAY }, true],
    ['a licence that ended yesterday', { licenceExpiresOn: '2026-11-23' }, false],
    ['who leaves tomorrow', { leftOn: '2026-11-25' }, true],
    ['who left today', { leftOn: TODAY }, false],
    ['who is no technician of the institution any more', { isTechnician: false }, false],
  ])('%s', (_, other, able) => {
    expect(isAble(mate('a', other), TODAY)).toBe(able)
  })
})

describe('the alarms of a team', () => {
  it.each<[string, Partial<TeamFacts>, string[]]>([
    ['none: one able, one needed, no roster', {}, []],
    ['too few', { staffMin: 2 }, ['below-minimum']],
    ['nobody at all', { team: [] }, ['below-minimum']],
    ['none for a minimum of none', { team: [], staffMin: 0 }, []],
    [
      'an ended licence counts for nobody',
      { team: [mate('a', { licenceExpiresOn: '2026-11-23' })] },
      ['below-minimum', 'licence-expired'],
    ],
    [
      'a licence that ends within thirty days',
      { team: [mate('a', { licenceExpiresOn: '2026-12-24' })] },
      ['licence-expiring'],
    ],
    [
      'none for one that ends on the thirty-first',
      { team: [mate('a', { licenceExpiresOn: '2026-12-25' })] },
      [],
    ],
    [
      'none for the licence of who has left',
      { team: [mate('a'), mate('b', { licenceExpiresOn: '2026-11-01', leftOn: '2026-11-02' })] },
      [],
    ],
    [
      'a roster that leaves open hours',
      { duty: [duty('a', TODAY, 480, 720), duty('a', '2026-11-25', 480, 720)] },
      ['duty-uncovered'],
    ],
    [
      'none for a roster that covers them',
      {
        duty: [
          duty('a', TODAY, 480, 720),
          duty('a', '2026-11-25', 420, 720),
          duty('a', '2026-11-25', 800, 1100),
        ],
      },
      [],
    ],
  ])('%s', (_, other, expected) => {
    expect(kinds(facts(other))).toEqual(expected)
  })

  it('name the hours nobody covers, and count no duty of who may not work that day', () => {
    const ends = mate('a', { licenceExpiresOn: TODAY })
    const [alarm] = alarmsOf(
      facts({
        team: [ends, mate('b')],
        duty: [
          duty('a', TODAY, 480, 720),
          duty('a', '2026-11-25', 480, 720),
          duty('b', '2026-11-25', 900, 1080),
          duty('gone', '2026-11-25', 840, 900),
        ],
      }),
      now,
    )
    expect(alarm?.gaps).toEqual([
      { onDate: '2026-11-25', startsMinute: 480, endsMinute: 720 },
      { onDate: '2026-11-25', startsMinute: 840, endsMinute: 900 },
    ])
    expect(alarm?.detail).toBe('11-25 08:00–12:00、11-25 14:00–15:00')
  })

  it('say nothing of hours that are over today', () => {
    const one = facts({
      open: [{ day: TODAY, spans: [[480, 720]] }],
      duty: [duty('a', TODAY, 600, 720)],
    })
    expect(alarmsOf(one, { today: TODAY, minute: 599 })).toHaveLength(1)
    expect(alarmsOf(one, { today: TODAY, minute: 600 })).toEqual([])
  })

  it('uncovered time and covered time together are the open time, minute by minute', () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 30 }))
      .map(([start, long]): Span => [start, start + long])
    const has = (spans: readonly Span[], at: number) => spans.some(([a, b]) => a <= at && at < b)
    fc.assert(
      fc.property(span, fc.array(span, { maxLength: 6 }), (open, covered) => {
        const gaps = uncovered([open], covered)
        for (let at = 0; at < 100; at++)
          expect(has(gaps, at)).toBe(has([open], at) && !has(covered, at))
        expect(gaps.every(([a, b]) => a < b)).toBe(true)
      }),
    )
  })
})

describe('joining a team', () => {
  const wish = {
    userId: 'a',
    position: 'member' as Position,
    licenceNumber: null,
    licensedOn: null,
    licenceExpiresOn: null,
  }
  const free = { isTechnician: true, leadId: null }

  it.each([
    ['a technician', {}, {}, null],
    ['nobody else', {}, { isTechnician: false }, 'catalogue.not_a_technician'],
    ['a lead where there is none', { position: 'lead' }, {}, null],
    ['the lead again', { position: 'lead' }, { leadId: 'a' }, null],
    ['no second lead', { position: 'lead' }, { leadId: 'b' }, 'catalogue.lead_exists'],
    [
      'no day of a licence without its number',
      { licenceExpiresOn: TODAY },
      {},
      'catalogue.licence_without_number',
    ],
    [
      'no licence that ends before it begins',
      { licenceNumber: '1', licensedOn: TODAY, licenceExpiresOn: '2026-11-23' },
      {},
      'identity.dates_reversed',
    ],
  ])('%s', (_, other, of, why) => {
    expect(whyNotJoin({ ...wish, ...other } as typeof wish, { ...free, ...of })).toBe(why)
  })
})

describe('planning duty', () => {
  const wish = {
    userId: 'a',
    onDate: TODAY,
    startsMinute: 480,
    endsMinute: 720,
    substituteFor: null as string | null,
  }
  const team = [mate('a'), mate('b'), mate('left', { leftOn: '2026-11-26' })]

  it.each([
    ['today', {}, null],
    ['until midnight', { endsMinute: 1440 }, null],
    ['for another of the team', { substituteFor: 'b' }, null],
    ['not backwards', { startsMinute: 720 }, 'catalogue.duty_minutes'],
    ['not yesterday', { onDate: '2026-11-23' }, 'catalogue.duty_in_past'],
    ['92 days ahead', { onDate: '2027-02-24' }, null],
    ['not 93 days ahead', { onDate: '2027-02-25' }, 'catalogue.duty_too_far'],
    ['nobody from elsewhere', { userId: 'x' }, 'catalogue.not_in_team'],
    ['not for somebody from elsewhere', { substituteFor: 'x' }, 'catalogue.not_in_team'],
    ['not for oneself', { substituteFor: 'a' }, 'catalogue.not_in_team'],
    ['who leaves later', { userId: 'left', onDate: '2026-11-25' }, null],
    ['not who has left by then', { userId: 'left', onDate: '2026-11-26' }, 'catalogue.member_left'],
  ])('%s', (_, other, why) => {
    expect(whyNotPlan({ ...wish, ...other }, team, TODAY)).toBe(why)
  })

  it('is taken back on the day, never after it', () => {
    expect(whyNotCancelDuty(TODAY, TODAY)).toBeNull()
    expect(whyNotCancelDuty('2026-11-23', TODAY)).toBe('catalogue.duty_in_past')
  })
})
