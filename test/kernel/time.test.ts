import {
  addDays,
  clock,
  dateOf,
  dayLabel,
  instantAt,
  minuteOfDay,
  mondayOf,
  overlaps,
  slotLabel,
  weekdayOf,
} from '@yiqi/shared/kernel/time.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'

it('reads times in full, in one zone', () => {
  const slot = {
    startsAt: instantAt('2026-11-24', 14 * 60),
    endsAt: instantAt('2026-11-24', 18 * 60),
  }
  expect(slot.startsAt.toISOString()).toBe('2026-11-24T06:00:00.000Z')
  expect(slotLabel(slot)).toBe('11月24日 周二 下午 14:00–18:00（4小时）')
  expect(
    slotLabel({ startsAt: instantAt('2026-11-24', 1320), endsAt: instantAt('2026-11-25', 0) }),
  ).toBe('11月24日 周二 夜间 22:00–24:00（2小时）')
  expect(dayLabel('2026-11-29')).toBe('11月29日 周日')
})

it('days and minutes come back from the instant they make', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 0, max: 1439 }),
      (offset, minute) => {
        const day = addDays('1999-01-01', offset)
        const at = instantAt(day, minute)
        expect(dateOf(at)).toBe(day)
        expect(minuteOfDay(at)).toBe(minute)
        expect(weekdayOf(mondayOf(day))).toBe(0)
      },
    ),
  )
})

it('just before midnight in Taiyuan is still that day', () => {
  expect(dateOf(new Date('2026-12-31T15:59:59.999Z'))).toBe('2026-12-31')
  expect(dateOf(new Date('2026-12-31T16:00:00.000Z'))).toBe('2027-01-01')
  expect(clock(new Date('2026-12-31T15:59:59.999Z'))).toBe('23:59')
})

it('slots that touch do not overlap', () => {
  const at = (minute: number) => instantAt('2026-11-24', minute)
  expect(overlaps({ startsAt: at(0), endsAt: at(60) }, { startsAt: at(60), endsAt: at(120) })).toBe(
    false,
  )
  expect(overlaps({ startsAt: at(0), endsAt: at(61) }, { startsAt: at(60), endsAt: at(120) })).toBe(
    true,
  )
})
