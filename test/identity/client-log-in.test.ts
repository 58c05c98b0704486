import { describe, expect, it } from 'vitest'
import { secondsLeft, whyNotPhone } from '../../client/src/tabs/log-in/log-in-rules.ts'

describe('log-in', () => {
  it('waits a minute between codes', () => {
    const asked = new Date('2026-11-24T01:00:00.000Z')
    expect(secondsLeft(null, asked)).toBe(0)
    expect(secondsLeft(asked, asked)).toBe(60)
    expect(secondsLeft(asked, new Date('2026-11-24T01:00:59.500Z'))).toBe(1)
    expect(secondsLeft(asked, new Date('2026-11-24T01:01:00.000Z'))).toBe(0)
    expect(secondsLeft(asked, new Date('2026-11-24T00:59:00.000Z'))).toBe(60)
  })

  it('knows a mobile number', () => {
    expect(whyNotPhone('13800138000')).toBeNull()
    expect(whyNotPhone('1380013800')).not.toBeNull()
    expect(whyNotPhone('02812345678')).not.toBeNull()
  })
})
