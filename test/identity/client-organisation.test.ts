import type { Member } from '@yiqi/shared/identity/endpoints-members.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { describe, expect, it } from 'vitest'
import {
  codeFrom,
  hasLimits,
  limitFrom,
  limitText,
  limitWords,
  roleOptions,
  whyNotRemove,
} from '../../client/src/identity/parts/member-rules.ts'
import {
  dayFrom,
  shareholdersFrom,
  stopsWords,
  usccHints,
  whyNotUscc,
} from '../../client/src/identity/parts/organisation-rules.ts'

describe('the form of an organisation', () => {
  it.each([
    ['', null],
    ['9114010', '须为 18 位，现有 7 位'],
    ['9114010一', '只有数字和大写字母'],
    ['91140100MA0TEXT12Y', null],
  ])('a code %j: %s', (uscc, why) => {
    expect(whyNotUscc(uscc)).toBe(why)
  })

  it('hints at what the officer will ask, only of a whole code', () => {
    expect(usccHints('91140100MA0TEXT12', 'enterprise')).toEqual([])
    expect(usccHints('91140100MA0TEXT12Y', 'enterprise')).toEqual([])
    expect(usccHints('91140100MA0TEXT12X', 'enterprise')).toHaveLength(1)
  })

  it('takes shareholders line by line, empty lines left out, half ones not at all', () => {
    const line = (name: string, percent: string) => ({ name, percent })
    expect(shareholdersFrom([line('甲', '70'), line('', ''), line('乙', '29.5')])).toEqual([
      { name: '甲', percent: 70 },
      { name: '乙', percent: 29.5 },
    ])
    for (const bad of [line('甲', ''), line('', '30'), line('甲', '101'), line('甲', '-1')])
      expect(shareholdersFrom([bad])).toBeNull()
  })

  it.each([
    ['2026-12-31', '2026-12-31'],
    ['20261231', '2026-12-31'],
    ['2026年12月31日', '2026-12-31'],
    ['2026-02-30', null],
    ['2026-1-1', null],
    ['', null],
  ])('a day typed as %j is %s', (text, day) => {
    expect(dayFrom(text)).toBe(day)
  })

  it('says what stops working, from which day', () => {
    const stops = { what: '不能再用创新券预约', from: '2027-01-01', days: 38 }
    expect(stopsWords(stops)).toBe('还有 38 天到期：2027-01-01 起不能再用创新券预约')
    expect(stopsWords({ ...stops, days: -3 })).toContain('已于 2027-01-01 失效')
    expect(stopsWords(null)).toBeNull()
  })
})

describe('members', () => {
  const member = (id: string, role: Role): Member => ({
    id,
    userId: id,
    name: id,
    phone: '',
    role,
    roleLabel: '',
    orderLimitFen: null,
    monthLimitFen: 200_000,
    grantedAt: null,
    mine: false,
  })

  it('limits are for who books, and are typed in yuan', () => {
    expect(hasLimits('unit-member')).toBe(true)
    expect(hasLimits('technician')).toBe(false)
    expect(limitWords(member('a', 'enterprise-member'))).toBe('每单 不限 · 每月 ¥2,000.00')
    expect([limitFrom(''), limitFrom('2,000.50'), limitFrom('abc'), limitFrom('-5')]).toEqual([
      null,
      200_050,
      undefined,
      undefined,
    ])
    expect([limitText(null), limitText(200_050)]).toEqual(['', '2000.5'])
  })

  it('an administrator is offered their own roles, and does not remove the last of them', () => {
    expect(roleOptions('enterprise-admin').map((one) => one.value)).toEqual([
      'enterprise-member',
      'enterprise-admin',
    ])
    expect(roleOptions('technician')).toEqual([])
    const all = [member('a', 'enterprise-admin'), member('b', 'enterprise-member')]
    const why = all.map((one) => whyNotRemove(one, 'enterprise-admin', all))
    expect(why).toEqual(['identity.last_administrator', null])
    expect(whyNotRemove(member('c', 'auditor'), 'enterprise-admin', all)).toBe(
      'identity.role_not_yours',
    )
  })

  it.each([
    'https://yiqi.example/j/0123456789abcdef0123456789abcdef',
    '0123456789abcdef0123456789abcdef',
    '/identity/join/index?code=0123456789abcdef0123456789abcdef',
  ])('the code in %s is found', (text) => {
    expect(codeFrom(text)).toBe('0123456789abcdef0123456789abcdef')
  })

  it('what is no invitation is none', () => {
    expect(codeFrom('0123456789abcdef')).toBeNull()
    expect(codeFrom(`${'0'.repeat(33)}`)).toBeNull()
  })
})
