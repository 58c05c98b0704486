import {
  applicationFindings,
  credentialOn,
  rolesGrantedIn,
  stateOnSubmission,
  usccFindings,
  whatStops,
  whyNotDecide,
  whyNotGive,
  whyNotGrant,
} from '@yiqi/shared/identity/rules.ts'
import { type Role, roles } from '@yiqi/shared/identity/terms.ts'
import { describe, expect, it } from 'vitest'

describe('usccFindings', () => {
  it.each([
    ['91140100MA0TEXT12Y', 'enterprise', []],
    ['91141100MA0TEXT393', 'enterprise', []],
    ['12140000TEXT00017H', 'university', []],
    ['12140000TEXT00017H', 'enterprise', ['uscc-registrar']],
    ['91350200776049653A', 'enterprise', ['uscc-region']],
    ['91440101MA5CJQ4N59', 'institute', ['uscc-region']],
    ['91140100MA0TEXT12X', 'enterprise', ['uscc-check']],
    ['91140100MA0TEXT11Y', 'enterprise', ['uscc-check', 'uscc-body']],
    ['91140100MAOTEXT12Y', 'enterprise', ['uscc-charset', 'uscc-check', 'uscc-body']],
    ['52140000TEXT00017H', 'social-organisation', ['uscc-check']],
  ] as const)('%s as %s: %j', (uscc, kind, findings) => {
    expect(usccFindings(uscc, kind)).toEqual(findings)
  })

  it.each(['91350100M0001TGQXM', '91350211M0000XUF46', '91350203M0001FUE2P'])(
    'a genuine early code that fails is a warning: %s',
    (uscc) => {
      expect(usccFindings(uscc, 'enterprise')).toContain('uscc-check')
    },
  )
})

describe('applicationFindings', () => {
  const clean = {
    userKind: 'enterprise',
    shareholders: [{ percent: 100 }],
    licenceFileId: 'x',
    claims: 0,
    namesakes: 0,
  } as const
  it.each([
    [{}, []],
    [{ claims: 1 }, ['uscc-claimed']],
    [{ namesakes: 2 }, ['name-taken']],
    [{ licenceFileId: null }, ['licence-missing']],
    [{ shareholders: [] }, ['shareholders-missing']],
    [{ shareholders: [], userKind: 'university' }, []],
    [{ shareholders: [{ percent: 60 }, { percent: 40.04 }] }, []],
    [{ shareholders: [{ percent: 60 }, { percent: 41 }] }, ['shares-over-whole']],
  ] as const)('%j: %j', (change, findings) => {
    expect(applicationFindings({ ...clean, ...change })).toEqual(findings)
  })
})

it.each([
  ['unverified', 'submitted'],
  ['refused', 'submitted'],
  ['submitted', 'submitted'],
  ['verified', 'verified'],
] as const)('an application of one that is %s makes it %s', (state, next) => {
  expect(stateOnSubmission(state)).toBe(next)
})

describe('whyNotDecide', () => {
  const facts = {
    submittedBy: 'a',
    decidedBy: 'b',
    passed: true,
    reason: '',
    findings: ['x', 'y'],
    acknowledged: ['y', 'x'],
  }
  it.each([
    ['all looked at', {}, null],
    ['one warning not looked at', { acknowledged: ['x'] }, 'identity.findings_unseen'],
    ['refused without a reason', { passed: false }, 'identity.reason_missing'],
    ['refused with one', { passed: false, reason: '不清' }, null],
    ['by who submitted', { decidedBy: 'a' }, 'identity.own_proposal'],
    ['by who submitted, to refuse', { decidedBy: 'a', passed: false }, 'identity.own_proposal'],
    ['a register entry that nobody submitted', { submittedBy: null }, null],
  ])('%s', (_, change, code) => {
    expect(whyNotDecide({ ...facts, ...change })).toBe(code)
  })
})

describe('credentialOn', () => {
  const year = { validFrom: '2026-01-01', validTo: '2026-12-31' }
  const next = { validFrom: '2026-12-01', validTo: '2027-12-31' }
  it.each([
    ['2025-12-31', null],
    ['2026-01-01', year],
    ['2026-12-01', next],
    ['2026-12-31', next],
    ['2027-12-31', next],
    ['2028-01-01', null],
  ])('on %s', (on, credential) => {
    expect(credentialOn([year, next], on)).toBe(credential)
  })
})

describe('whatStops', () => {
  const entry = { kind: 'tech-sme', validFrom: '2026-01-01', validTo: '2026-12-31' } as const
  const next = { kind: 'tech-sme', validFrom: '2027-01-01', validTo: '2027-12-31' } as const
  it('says from which day, 60 days ahead and after it has ended', () => {
    expect(whatStops(entry, [entry], '2026-11-01')).toBeNull()
    expect(whatStops(entry, [entry], '2026-11-02')).toMatchObject({ from: '2027-01-01', days: 60 })
    expect(whatStops(entry, [entry], '2027-02-01')).toMatchObject({ days: -31 })
  })

  it('says nothing when another goes on, nor for what nothing depends on', () => {
    expect(whatStops(entry, [entry, next], '2026-12-20')).toBeNull()
    expect(whatStops(entry, [entry, next], '2027-02-01')).toBeNull()
    expect(whatStops({ ...entry, kind: 'high-tech' }, [], '2026-12-20')).toBeNull()
  })
})

describe('who gives which role', () => {
  const given: Partial<Record<Role, readonly Role[]>> = {
    'enterprise-admin': ['enterprise-member', 'enterprise-admin'],
    'unit-admin': ['unit-member', 'unit-admin'],
    'institution-manager': [
      'technician',
      'institution-finance',
      'institution-manager',
      'unit-member',
    ],
  }
  it.each(roles)('%s gives its own and nothing else', (by) => {
    const allowed = roles.filter((role) => whyNotGive(role, by) === null)
    expect(new Set(allowed)).toEqual(new Set(given[by] ?? []))
  })

  it('no organisation of those who book is granted a role by the security administrator', () => {
    expect(rolesGrantedIn({ kind: 'enterprise', departmentKind: null })).toEqual([])
  })

  it.each([
    ['voucher-administrator-city', 'voucher-office-city', null],
    ['voucher-administrator-province', 'voucher-office-city', 'identity.role_not_here'],
    ['platform-administrator', 'service-centre', null],
    ['security-administrator', 'service-centre', 'identity.role_not_here'],
    ['auditor', 'audit', null],
    ['finance-department', 'finance-department', null],
    ['expert', 'service-centre', null],
    ['enterprise-admin', 'province-office', 'identity.role_not_here'],
  ] as const)('%s in a %s: %s', (role, departmentKind, code) => {
    const to = { kind: 'department', departmentKind, userId: 'a' } as const
    expect(whyNotGrant(role, to, { userId: 'b' })).toBe(code)
  })

  it('nobody grants a role to themselves', () => {
    const to = { kind: 'department', departmentKind: 'audit', userId: 'a' } as const
    expect(whyNotGrant('auditor', to, { userId: 'a' })).toBe('identity.own_proposal')
  })
})
