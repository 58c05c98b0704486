import { describe, expect, it } from 'vitest'
import {
  answerWords,
  hoursWords,
  nextSlotWords,
  priceWords,
  recommended,
  stripOf,
  worthWords,
} from '../../client/src/catalogue/offer-words.ts'
import { pictogramOf } from '../../client/src/catalogue/pictograms.ts'
import {
  anySearch,
  listInput,
  paramsOf,
  relaxations,
  searchFrom,
} from '../../client/src/catalogue/search-state.ts'
import { tariffAge, tariffsFor } from '../../client/src/catalogue/tariff-versions.ts'

const now = new Date('2026-11-24T10:00:00+08:00')

describe('the words on a result card', () => {
  it.each([
    ['2026-11-24T14:00:00+08:00', '今天 14:00'],
    ['2026-11-25T09:00:00+08:00', '明天 09:00'],
    ['2026-11-26T09:00:00+08:00', '后天 09:00'],
    ['2026-11-28T13:30:00+08:00', '周六 13:30'],
    ['2026-12-03T09:00:00+08:00', '12月3日 09:00'],
  ])('the next slot at %s is %s', (startsAt, words) => {
    expect(nextSlotWords(startsAt, now)).toBe(words)
  })

  it('say how long an answer takes by its size', () => {
    expect([null, 0, 18, 90, 4000].map(answerWords)).toEqual([
      null,
      '答复约 1 分钟',
      '答复约 18 分钟',
      '答复约 2 小时',
      '答复约 3 天',
    ])
  })

  it('write price, hours and worth without a false precision', () => {
    expect([priceWords(40_000), priceWords(null)]).toEqual(['¥400/小时', '未公布收费'])
    expect([hoursWords(1611.5), hoursWords(null)]).toEqual(['1,612 h', '—'])
    expect([worthWords(368_000_000), worthWords(49_780_000), worthWords(null)]).toEqual([
      '368 万元',
      '49.8 万元',
      '—',
    ])
  })

  it('draw seven bars with their weekdays', () => {
    const days = [
      { date: '2026-11-24', freeMinutes: 210 },
      { date: '2026-11-25', freeMinutes: 0 },
    ]
    expect(stripOf(days)).toEqual({ freeHours: [3.5, 0], labels: ['二', '三'] })
  })

  it('have a picture for every class, also one that is not known', () => {
    expect([pictogramOf('010102'), pictogramOf('029900'), pictogramOf('990000')]).toEqual([
      'microscope',
      'gauge',
      'flask-conical',
    ])
  })
})

describe('recommendations', () => {
  const card = (id: string, kind: string) => ({
    id,
    kind,
    number: id,
    name: id,
    englishName: null,
    model: null,
    kindName: null,
    classCode: '010102',
    className: '',
    institution: {
      id: 'i',
      name: '',
      city: '',
      cityCode: null,
      county: null,
      latitude: null,
      longitude: null,
    },
  })
  const offer = (instrumentId: string, startsAt: string | null) => ({
    instrumentId,
    pricePerHourFen: null,
    materialFenPerSample: null,
    nextSlot: startsAt === null ? null : { startsAt, endsAt: startsAt },
    days: [],
    answerMinutesMedian: null,
    voucherEligible: false,
  })

  it('show what is free soonest, one of each kind before a second of any, and nothing that is full', () => {
    const cards = [card('a', 'sem'), card('b', 'sem'), card('c', 'xrd'), card('d', 'tem')]
    const offers = new Map(
      [
        offer('a', '2026-11-25'),
        offer('b', '2026-11-24'),
        offer('c', '2026-11-26'),
        offer('d', null),
      ].map((one) => [one.instrumentId, one]),
    )
    expect(recommended(cards, offers, 3).map((one) => one.id)).toEqual(['b', 'c', 'a'])
  })
})

describe('the search in the address', () => {
  it('comes back as it was written', () => {
    const search = { ...anySearch, q: '扫描 电镜', cityCode: '140100', free: true }
    const params = Object.fromEntries(
      Object.entries(paramsOf(search)).map(([name, value]) => [name, String(value)]),
    )
    expect(searchFrom(params)).toEqual(search)
  })

  it('leaves out what does not look like its kind', () => {
    expect(searchFrom({ q: '90%', cityCode: '110000', classCode: 'x', kind: 'A B' })).toEqual({
      ...anySearch,
      q: '90%',
    })
  })

  it('asks the server only for what it can filter by', () => {
    expect(listInput({ ...anySearch, q: ' sem ', free: true, voucher: true }, 20)).toEqual({
      q: 'sem',
      limit: 20,
    })
  })

  it('offers one way out for each condition when nothing was found', () => {
    const search = { ...anySearch, q: 'sem', cityCode: '140100', free: true }
    const names = { city: '太原市', className: '', kind: '' }
    const ways = relaxations(search, names)
    expect(ways.map((way) => way.words)).toEqual(['不限本周有空', '不限太原市', '清空搜索词'])
    expect(ways[1]?.search).toEqual({ ...search, cityCode: '' })
  })
})

describe('tariff versions', () => {
  const tariff = (id: string, effectiveFrom: string, effectiveTo: string | null) => ({
    id,
    tier: 'external' as const,
    effectiveFrom,
    effectiveTo,
    materialFenPerSample: 0,
    utilitiesFenPerHour: 0,
    labourFenPerHour: 0,
    minimumMinutes: 60,
    basis: null,
  })

  it('count both days of their range', () => {
    const version = tariff('a', '2026-01-01', '2026-12-31')
    expect(
      ['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'].map((day) =>
        tariffAge(version, day),
      ),
    ).toEqual(['future', 'current', 'current', 'past'])
  })

  it('are shown newest first, with the one in force', () => {
    const rows = [
      tariff('old', '2024-01-01', '2025-12-31'),
      tariff('next', '2027-01-01', null),
      tariff('now', '2026-01-01', '2026-12-31'),
      { ...tariff('internal', '2026-01-01', null), tier: 'internal' as const },
    ]
    const { current, versions } = tariffsFor(rows, '2026-11-24')
    expect(current?.id).toBe('now')
    expect(versions.map((one) => one.id)).toEqual(['next', 'now', 'old'])
  })
})
