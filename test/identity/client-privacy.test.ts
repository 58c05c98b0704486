import { describe, expect, it } from 'vitest'
import { consentState } from '../../client/src/identity/privacy/consent-rules.ts'

describe('a consent on the page', () => {
  it.each([
    [true, '2026-11-01', null, '已同意'],
    [false, null, null, '未同意'],
    [false, '2025-01-01', null, '有新版本'],
    [false, '2026-11-01', '2026-11-24T01:00:00.000Z', '已撤回'],
    [false, '2025-01-01', '2026-11-24T01:00:00.000Z', '已撤回'],
  ])('in force %s, version %s, taken back %s: %s', (inForce, givenVersion, withdrawnAt, words) => {
    expect(consentState({ inForce, givenVersion, withdrawnAt }).words).toBe(words)
  })
})
