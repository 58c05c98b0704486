import type { Actor } from '@yiqi/server/kernel/ctx.ts'
import { makeLimits } from '@yiqi/server/kernel/limits.ts'
import { describe, expect, it } from 'vitest'

const visitor: Actor = { kind: 'visitor' }
const member = (userId: string, organisationId = 'o'): Actor => ({
  kind: 'member',
  userId,
  organisationId,
  membershipId: 'm',
  role: 'enterprise-member',
  logInId: null,
  strongAt: null,
  duties: null,
})
const MINUTE = 60_000

describe('limits', () => {
  it('let so many through in a minute, then say how long to wait, then again', () => {
    const limits = makeLimits()
    const ask = (nowMs: number) =>
      limits.check({ action: 'booking.holdSlot', actor: member('a'), address: null, nowMs })
    for (let i = 0; i < 30; i++) expect(ask(0)).toBeNull()
    expect(ask(0)).toBe(2)
    expect(ask(1_000)).toBe(1)
    expect(ask(2_000)).toBeNull()
    expect(ask(2_000)).toBe(2)
    for (let i = 0; i < 30; i++) expect(ask(5 * MINUTE)).toBeNull()
    expect(ask(5 * MINUTE)).not.toBeNull()
  })

  it('count persons apart, and all of one organisation together', () => {
    const limits = makeLimits()
    const ask = (who: string) =>
      limits.check({ action: 'booking.holdSlot', actor: member(who), address: null, nowMs: 0 })
    let granted = 0
    for (let person = 0; person < 10; person++)
      for (let i = 0; i < 30; i++) if (ask(`p${person}`) === null) granted++
    expect(granted).toBe(120)
  })

  it('count a visitor by the address, and log-ins by far fewer', () => {
    const limits = makeLimits()
    const ask = (address: string) =>
      limits.check({ action: 'identity.logIn', actor: visitor, address, nowMs: 0 })
    const granted = (address: string) =>
      Array.from({ length: 100 }, () => ask(address)).filter((wait) => wait === null).length
    expect(granted('10.0.0.1')).toBe(30)
    expect(granted('10.0.0.2')).toBe(30)
  })

  it('keep two hundred thousand keys at most, and forgive what they forget', () => {
    const limits = makeLimits()
    const begun = process.memoryUsage().heapUsed
    for (let i = 0; i < 250_000; i++)
      limits.check({ action: 'notice.getNotice', actor: visitor, address: `a${i}`, nowMs: 0 })
    expect((process.memoryUsage().heapUsed - begun) / 2 ** 20).toBeLessThan(200)
  })
})
