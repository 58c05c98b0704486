import {
  agoWords,
  boardOf,
  byDay,
  cardWord,
  dayItems,
  dayWords,
  hoursShort,
  preparationLine,
  timeOn,
} from '@yiqi/client/src/tabs/panels/day.ts'
import { describe, expect, it } from 'vitest'
import { aBooking } from '../support/booking-fixture.ts'

const row = (startsAt: string, endsAt: string) => ({
  booking: aBooking({ id: startsAt, startsAt, endsAt }),
  sessionId: null,
  effectiveMinutes: null,
})
const morning = row('2026-11-24T01:00:00.000Z', '2026-11-24T03:00:00.000Z')
const afternoon = row('2026-11-24T06:00:00.000Z', '2026-11-24T10:00:00.000Z')
const outage = {
  id: 'o',
  instrumentName: '扫描电镜',
  startsAt: '2026-11-24T10:00:00.000Z',
  endsAt: '2026-11-24T11:00:00.000Z',
  kind: '维修',
  note: '灯丝更换',
}
const day = { date: '2026-11-24', rows: [afternoon, morning], outages: [outage] }

describe('the day of a technician', () => {
  it('runs from morning to evening, with now between what has begun and what has not', () => {
    const kinds = dayItems(day, new Date('2026-11-24T05:52:00Z')).map((item) =>
      'label' in item ? `${item.kind} ${item.label}` : item.kind,
    )
    expect(kinds).toEqual([
      'hour 09',
      'booking',
      'now 13:52',
      'hour 14',
      'booking',
      'hour 18',
      'outage',
    ])
  })

  it('has the line below the last thing in the evening, and none on another day or an empty one', () => {
    expect(dayItems(day, new Date('2026-11-24T14:00:00Z')).at(-1)?.kind).toBe('now')
    expect(
      dayItems(day, new Date('2026-11-25T05:00:00Z')).some((item) => item.kind === 'now'),
    ).toBe(false)
    expect(dayItems({ ...day, rows: [], outages: [] }, new Date('2026-11-24T05:00:00Z'))).toEqual(
      [],
    )
  })

  it('puts the requests of the day at their time and those of other days above', () => {
    const here = aBooking({ id: 'here', state: 'requested' })
    const later = aBooking({
      id: 'later',
      state: 'requested',
      startsAt: '2026-11-26T01:00:00.000Z',
      endsAt: '2026-11-26T02:00:00.000Z',
    })
    const board = boardOf({ ...day, toConfirm: 2, bookedMinutes: 0, requests: [here, later] })
    expect(board.rows.map((one) => one.booking.id)).toContain('here')
    expect(board.elsewhere).toEqual([later])
  })

  it('counts down the last hour before a confirmed booking', () => {
    expect(cardWord(aBooking(), new Date('2026-11-24T05:52:00Z')).word).toBe('8 分钟后')
    expect(cardWord(aBooking(), new Date('2026-11-24T06:05:00Z')).word).toBe('已到时间')
    expect(cardWord(aBooking(), new Date('2026-11-24T01:00:00Z')).word).toBe('已确认')
  })

  it('says in one line what has to be ready', () => {
    expect(preparationLine(aBooking())).toBe('送样委托 · 样品 3 件 · 喷金 · EDS')
    expect(
      preparationLine(aBooking({ samples: 0, preparation: null, serviceMode: 'operated' })),
    ).toBe('技术员操作')
  })
})

describe('lists of bookings', () => {
  it('are grouped by the day they start on, soonest first, without days that are over', () => {
    const rows = [
      aBooking({ startsAt: '2026-11-26T01:00:00.000Z' }),
      aBooking(),
      aBooking({ startsAt: '2026-11-20T01:00:00.000Z' }),
    ]
    expect(byDay(rows, '2026-11-24').map((group) => group.label)).toEqual([
      '今天 · 11月24日 周二',
      '后天 · 11月26日 周四',
    ])
    expect(dayWords('2026-11-30', '2026-11-24')).toBe('11月30日 周一')
  })

  it('name the other day where a slot crosses midnight', () => {
    expect(timeOn(aBooking(), '2026-11-24')).toBe('14:00–18:00')
    const long = { startsAt: '2026-11-24T14:00:00.000Z', endsAt: '2026-11-25T01:00:00.000Z' }
    expect(timeOn(long, '2026-11-24')).toBe('22:00–11月25日 周三 09:00')
    expect(timeOn(long, '2026-11-25')).toContain('前日22:00–')
  })

  it('say how long ago something happened', () => {
    const now = new Date('2026-11-24T06:00:00Z')
    expect(agoWords(new Date('2026-11-24T05:59:40Z'), now)).toBe('刚刚')
    expect(agoWords(new Date('2026-11-24T05:52:00Z'), now)).toBe('8 分钟前')
    expect(agoWords(new Date('2026-11-24T02:00:00Z'), now)).toBe('4 小时前')
    expect(agoWords(new Date('2026-11-23T02:00:00Z'), now)).toBe('昨天 10:00')
    expect(agoWords(new Date('2026-11-20T02:00:00Z'), now)).toBe('11-20 10:00')
    expect(hoursShort(390)).toBe('6.5 h')
  })
})
