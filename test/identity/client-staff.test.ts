import type { StaffRow } from '@yiqi/shared/identity/endpoints-staff.ts'
import { describe, expect, it } from 'vitest'
import {
  expiryWords,
  hoursWords,
  minuteFrom,
  optionalDay,
  staffWords,
} from '../../client/src/identity/parts/staff-rules.ts'

const TODAY = '2026-11-24'
const row: StaffRow = {
  id: '1',
  userId: '1',
  name: '郝工',
  organisation: { id: '1', name: '示例大学' },
  registered: true,
  post: '分析测试',
  title: null,
  establishment: 'contract',
  establishmentLabel: '合同',
  joinedOn: null,
  leftOn: null,
  atWork: true,
  trainings: 2,
  instruments: 3,
  licences: 1,
  nextExpiry: null,
  validity: 'valid',
}

describe('the page of laboratory staff', () => {
  it.each([
    [null, 'valid', '长期有效'],
    ['2027-01-31', 'valid', '有效期至 2027-01-31'],
    ['2026-12-06', 'expiring', '还有 12 天到期'],
    [TODAY, 'expiring', '今天到期'],
    ['2026-11-21', 'expired', '已过期 3 天'],
  ] as const)('a paper until %s that is %s: %s', (expiresOn, validity, words) => {
    expect(expiryWords(expiresOn, TODAY, validity)).toBe(words)
  })

  it('says of somebody outside the register that they are not in it', () => {
    expect(staffWords(row)).toBe('分析测试 · 3 台仪器 · 2 项培训')
    expect(staffWords({ ...row, registered: false, title: '实验师' })).toBe(
      '实验师 · 3 台仪器 · 尚未登记',
    )
  })

  it('tells a day that is left out from one that is none yet', () => {
    expect([' ', '2026-1', '2026年11月24日'].map(optionalDay)).toEqual([null, undefined, TODAY])
  })

  it.each([
    ['8:30', 510],
    ['0830', 510],
    ['24:00', 1440],
    ['24:01', null],
    ['8:60', null],
    ['', null],
  ])('the clock %j is minute %s', (text, minute) => {
    expect(minuteFrom(text)).toBe(minute)
  })

  it('writes the hours of a shift', () => {
    expect(hoursWords({ startsMinute: 510, endsMinute: 1440 })).toBe('08:30–24:00')
  })
})
