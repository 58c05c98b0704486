import { readFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import {
  addWorkingDays,
  type Calendar,
  type DayKind,
  isWorkingDay,
} from '@yiqi/shared/kernel/working-days.ts'
import {
  minutesOf,
  type SettlementFacts,
  settle,
  whyNotAgree,
  whyNotHandOver,
  whyNotMinutes,
} from '@yiqi/shared/session/rules.ts'
import { describe, expect, it } from 'vitest'

const at = (seconds: number) => new Date(Date.parse('2026-11-25T06:00:00.000Z') + seconds * 1000)

describe('the minutes of a session', () => {
  it('go from each segment to the next, the last to the end', () => {
    const starts = [
      { segment: 'preparation' as const, startsAt: at(0) },
      { segment: 'testing' as const, startsAt: at(20 * 60) },
      { segment: 'post_processing' as const, startsAt: at(200 * 60) },
    ]
    expect(minutesOf(starts, at(230 * 60))).toEqual({
      preparation: 20,
      testing: 180,
      post_processing: 30,
    })
  })

  it('never add up to more than the time that passed, however the seconds fall', () => {
    const starts = [
      { segment: 'preparation' as const, startsAt: at(0) },
      { segment: 'testing' as const, startsAt: at(30) },
      { segment: 'post_processing' as const, startsAt: at(60) },
    ]
    for (let end = 60; end < 400; end += 7) {
      const measured = minutesOf(starts, at(end))
      expect(whyNotMinutes(measured, { startsAt: at(0), endsAt: at(end) })).toBeNull()
    }
  })
})

describe('hand-over', () => {
  it.each([
    [{ pcCleared: true, samplesReturned: true }, 3, null],
    [{ pcCleared: true, samplesReturned: false }, 0, null],
    [{ pcCleared: true, samplesReturned: false }, 1, 'session.hand_over_missing'],
    [{ pcCleared: false, samplesReturned: true }, 0, 'session.hand_over_missing'],
  ] as const)('of %o with %i samples: %s', (handOver, samples, expected) => {
    expect(whyNotHandOver(handOver, samples)).toBe(expected)
  })
})

describe('the settlement', () => {
  const tariff = {
    materialFenPerSample: 6000,
    utilitiesFenPerHour: 12000,
    labourFenPerHour: 28000,
    minimumMinutes: 60,
  }
  const facts = (more: Partial<SettlementFacts>): SettlementFacts => ({
    tariff,
    effectiveMinutes: 240,
    samples: 1,
    quotedFen: 166000,
    earmarkedFen: 83000,
    programme: { mode: 'deduct', ratioPermille: 500, bookingCapFen: null },
    ...more,
  })

  it.each([
    ['as quoted', {}, [166000, 83000, 83000, 0]],
    ['an hour less: both shares fall', { effectiveMinutes: 180 }, [126000, 63000, 63000, 0]],
    ['below the minimum: the minimum', { effectiveMinutes: 10 }, [46000, 23000, 23000, 0]],
    [
      'longer: the voucher stays within its earmark',
      { effectiveMinutes: 300 },
      [206000, 83000, 123000, 40000],
    ],
    [
      'refund: the bill is all of it',
      { programme: { mode: 'refund', ratioPermille: 500, bookingCapFen: null } },
      [166000, 83000, 166000, 0],
    ],
    ['no programme', { programme: null, earmarkedFen: 0 }, [166000, 0, 166000, 0]],
    [
      'a cap per booking',
      { programme: { mode: 'deduct', ratioPermille: 500, bookingCapFen: 50000 } },
      [166000, 50000, 116000, 0],
    ],
  ] as const)('%s', (_, more, [totalFen, voucherFen, billFen, aboveQuoteFen]) => {
    expect(settle(facts(more))).toMatchObject({ totalFen, voucherFen, billFen, aboveQuoteFen })
  })

  it('above the quote needs consent', () => {
    const above = settle(facts({ effectiveMinutes: 241 }))
    expect(whyNotAgree(above, false)).toBe('session.above_quote')
    expect(whyNotAgree(above, true)).toBeNull()
    expect(whyNotAgree(settle(facts({})), false)).toBeNull()
  })
})

describe('working days', () => {
  const calendar = readCalendar()

  it.each([
    ['2025-09-12', '2025-10-30'],
    ['2026-01-20', '2026-03-09'],
    ['2026-02-13', '2026-04-02'],
    ['2026-04-20', '2026-06-03'],
    ['2026-06-30', '2026-08-11'],
    ['2026-09-18', '2026-11-05'],
  ])('the 30th after %s is %s', (from, due) => {
    expect(addWorkingDays(from, 30, calendar)).toBe(due)
  })

  it('count adjusted weekends and skip holidays', () => {
    expect(isWorkingDay('2026-10-10', calendar)).toBe(true)
    expect(isWorkingDay('2026-10-01', calendar)).toBe(false)
    expect(isWorkingDay('2026-11-21', calendar)).toBe(false)
    expect(addWorkingDays('2026-11-25', 3, calendar)).toBe('2026-11-30')
    expect(addWorkingDays('2026-11-25', 0, calendar)).toBe('2026-11-25')
  })
})

function readCalendar(): Calendar {
  const file = path.join(repoRoot, 'drizzle', 'reference', 'holidays.csv')
  const rows = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .slice(1)
  const days = rows
    .map((row) => row.split(','))
    .map(([date = '', kind = '']) => [date, kindOf(kind)])
  return Object.fromEntries(days)
}

function kindOf(kind: string): DayKind {
  if (kind === 'holiday' || kind === 'adjusted-workday') return kind
  throw new Error(`unknown kind of day: ${kind}`)
}
