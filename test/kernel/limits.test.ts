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
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

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

  it('count all addresses of one IPv6 line together, and lines apart', () => {
    const limits = makeLimits()
    const ask = (address: string) =>
      limits.check({ action: 'identity.logIn', actor: visitor, address, nowMs: 0 })
    const granted = Array.from({ length: 100 }, (_, i) => ask(`2001:db8:1:2::${i}`))
    expect(granted.filter((wait) => wait === null)).toHaveLength(30)
    expect(ask('2001:db8:1:3::1')).toBeNull()
  })

  it('take nothing from a colleague for what a person was refused', () => {
    const limits = makeLimits()
    const ask = (who: string) =>
      limits.check({ action: 'booking.holdSlot', actor: member(who), address: null, nowMs: 0 })
    for (let i = 0; i < 500; i++) ask('eager')
    for (const colleague of ['a', 'b', 'c'])
      for (let i = 0; i < 30; i++) expect(ask(colleague)).toBeNull()
  })

  it('let twenty files an hour come from one person, beside everything else they do', () => {
    const limits = makeLimits()
    const ask = (action: 'files.keep' | 'booking.getBooking', nowMs: number) =>
      limits.check({ action, actor: member('a'), address: null, nowMs })
    for (let i = 0; i < 20; i++) expect(ask('files.keep', 0)).toBeNull()
    expect(ask('files.keep', 0)).toBe(180)
    expect(ask('booking.getBooking', 0)).toBeNull()
    expect(ask('files.keep', 180_000)).toBeNull()
  })

  it('remember a person through the whole period, while others come and go', () => {
    const limits = makeLimits()
    const ask = (who: string, nowMs: number) =>
      limits.check({ action: 'identity.exportMyData', actor: member(who), address: null, nowMs })
    for (let i = 0; i < 20; i++) expect(ask('a', 0)).toBeNull()
    for (let hour = 0; hour < 72; hour++) {
      ask(`other ${hour}`, hour * HOUR)
      // All of it is granted again after a day, and none of it before.
      for (let i = 0; i < 30; i++) ask('a', hour * HOUR)
    }
    const granted = Array.from({ length: 30 }, () => ask('a', 72 * HOUR))
    expect(granted.filter((wait) => wait === null).length).toBeLessThanOrEqual(1)
    expect(granted.at(-1)).toBeGreaterThan(3_000)
  })

  it('remember it too when the others’ day ends in between', () => {
    const limits = makeLimits()
    const ask = (who: string, nowMs: number) =>
      limits.check({ action: 'identity.exportMyData', actor: member(who), address: null, nowMs })
    for (let i = 0; i < 20; i++) expect(ask('a', 23 * HOUR)).toBeNull()
    ask('b', 24 * HOUR)
    expect(ask('a', 24 * HOUR)).not.toBeNull()
  })

  it('keep nobody waiting for longer when the clock is put back', () => {
    const limits = makeLimits()
    const ask = (nowMs: number) =>
      limits.check({ action: 'booking.holdSlot', actor: member('a'), address: null, nowMs })
    const now = Date.UTC(2026, 10, 24)
    for (let i = 0; i < 30; i++) ask(now)
    expect(ask(now - 30 * DAY)).toBe(2)
    expect(ask(now - 30 * DAY + 2_000)).toBeNull()
  })

  it('can be widened by a factor, as for a demonstration', () => {
    const limits = makeLimits({ factor: 20 })
    const ask = () =>
      limits.check({ action: 'booking.holdSlot', actor: member('a'), address: null, nowMs: 0 })
    expect(Array.from({ length: 700 }, ask).filter((wait) => wait === null)).toHaveLength(600)
  })

  it('forgive an address for a flood of others rather than keep them all', () => {
    const limits = makeLimits()
    const ask = (address: string) =>
      limits.check({ action: 'identity.logIn', actor: visitor, address, nowMs: 0 })
    for (let i = 0; i < 30; i++) ask('10.0.0.1')
    expect(ask('10.0.0.1')).not.toBeNull()
    for (let i = 0; i < 120_000; i++) ask(`a${i}`)
    expect(ask('10.0.0.1')).toBeNull()
  })

  it('stay small and quick under a flood of addresses, and forget no person for it', () => {
    const limits = makeLimits()
    const log = () =>
      limits.check({ action: 'booking.holdSlot', actor: member('a'), address: null, nowMs: 0 })
    for (let i = 0; i < 30; i++) log()
    const { heapUsed } = process.memoryUsage()
    const { user } = process.cpuUsage()
    for (let i = 0; i < 120_000; i++)
      limits.check({ action: 'notice.getNotice', actor: visitor, address: `a${i}`, nowMs: 0 })
    const microseconds = (process.cpuUsage().user - user) / 120_000
    expect((process.memoryUsage().heapUsed - heapUsed) / 2 ** 20).toBeLessThan(100)
    expect(microseconds).toBeLessThan(60)
    expect(log()).not.toBeNull()
  })
})
