import { describe, expect, it } from 'vitest'
import {
  byPartOfDay,
  chooseSlot,
  dayMarks,
  firstFreeDay,
  minutesOf,
  type Span,
  stillFree,
} from '../../client/src/catalogue/slot-choice.ts'

type State = 'free' | 'busy' | 'outage' | 'past'
const DAY = '2026-11-24'

/** Hour cells of one day from the clock hours given, in Taiyuan. */
function cells(states: Record<number, State>, day = DAY) {
  return Object.entries(states).map(([hour, state]) => ({
    startsAt: at(Number(hour), day),
    endsAt: at(Number(hour) + 1, day),
    state,
  }))
}

function at(hour: number, day = DAY): string {
  return new Date(Date.parse(`${day}T00:00:00+08:00`) + hour * 3_600_000).toISOString()
}

function span(from: number, to: number): Span {
  return { startsAt: at(from), endsAt: at(to) }
}

function tap(day: ReturnType<typeof cells>, hour: number) {
  const cell = day.find((one) => one.startsAt === at(hour))
  if (cell === undefined) throw new Error(`no cell at ${hour}`)
  return cell
}

const terms = { minMinutes: 120, maxMinutes: 240 }
const open = cells({ 8: 'free', 9: 'free', 10: 'free', 11: 'free', 12: 'free', 13: 'free' })
const broken = cells({ 8: 'free', 9: 'free', 10: 'busy', 11: 'free', 12: 'free', 14: 'free' })

describe('a tap on a slot chip', () => {
  it.each<[string, ReturnType<typeof cells>, Span | null, number, Span | null, string | null]>([
    ['the first tap chooses the minimum length', open, null, 8, span(8, 10), null],
    ['a later chip stretches the end to it', open, span(8, 10), 10, span(8, 11), null],
    ['… as far as the maximum', open, span(8, 10), 11, span(8, 12), null],
    [
      'beyond the maximum it starts anew and says so',
      open,
      span(8, 10),
      12,
      span(12, 14),
      '单次最长4小时，已改从 12:00 开始',
    ],
    ['a chip inside shortens to it', open, span(8, 12), 9, span(8, 10), null],
    ['an earlier chip starts anew', open, span(10, 12), 8, span(8, 10), null],
    ['the start goes back to the minimum', open, span(8, 12), 8, span(8, 10), null],
    ['the start at the minimum is let go', open, span(8, 10), 8, null, null],
    ['a chip behind a taken one starts anew', broken, span(8, 10), 11, span(11, 13), null],
  ])('%s', (_, day, current, hour, slot, note) => {
    expect(chooseSlot(day, terms, current, tap(day, hour))).toEqual({ slot, note })
  })

  it('keeps what is chosen and says why where no slot of the minimum length begins', () => {
    const choice = chooseSlot(broken, terms, span(8, 10), tap(broken, 14))
    expect(choice.slot).toEqual(span(8, 10))
    expect(choice.note).toBe('从 14:00 起连续空闲不足最短2小时，请选更早的时段')
  })

  it('runs over midnight where both days are open', () => {
    const days = [
      ...cells({ 22: 'free', 23: 'free' }),
      ...cells({ 0: 'free', 1: 'free' }, '2026-11-25'),
    ]
    const { slot } = chooseSlot(days, { minMinutes: 240, maxMinutes: 480 }, null, tap(days, 22))
    expect(slot).toEqual({ startsAt: at(22), endsAt: at(26) })
    expect(slot === null ? 0 : minutesOf(slot)).toBe(240)
  })
})

describe('the week around a slot', () => {
  it('lets a slot go that somebody else took, and keeps one that is not on screen', () => {
    expect(stillFree(open, span(8, 10))).toBe(true)
    expect(stillFree(broken, span(9, 11))).toBe(false)
    expect(stillFree(open, span(32, 34))).toBe(true)
  })

  it('marks days by what can be had', () => {
    const days = [
      { date: '2026-11-24', cells: cells({ 8: 'busy' }) },
      { date: '2026-11-25', cells: cells({ 8: 'free' }, '2026-11-25') },
      { date: '2026-11-28', cells: [] },
    ]
    expect(dayMarks(days)).toEqual({
      '2026-11-24': 'full',
      '2026-11-25': 'free',
      '2026-11-28': 'closed',
    })
    expect(firstFreeDay(days)).toBe('2026-11-25')
    expect(firstFreeDay([])).toBeNull()
  })

  it('groups chips by part of the day, night before morning and after evening apart', () => {
    const parts = byPartOfDay(
      cells({ 5: 'free', 8: 'free', 11: 'busy', 14: 'free', 18: 'free', 19: 'free' }),
    )
    expect(parts.map(({ part, cells: own }) => `${part}${own.length}`)).toEqual([
      '夜间1',
      '上午2',
      '下午1',
      '夜间2',
    ])
  })
})
