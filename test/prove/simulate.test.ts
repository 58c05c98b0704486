import { describe, expect, it } from 'vitest'
import { compareMachines } from './compare.ts'
import { findBug, proveMachines, proveRules, proveSimulator } from './parts.ts'
import { regressions } from './regressions.ts'
import { simulate } from './simulate.ts'
import type { Bug } from './store.ts'

const SLOW = 60_000

describe('the rules and machines', { timeout: SLOW }, () => {
  it('say what the slow way says', () => {
    expect(proveRules(1, 5_000).violations).toEqual([])
    const machines = proveMachines(1, 5_000)
    expect(machines.violations).toEqual([])
    expect(machines.steps).toBeGreaterThanOrEqual(5_000)
  })

  it('are compared for real: a verb that is wrong is told apart at once', () => {
    const seeds = Array.from({ length: 20 }, (_, i) => i + 1)
    for (const bug of ['earmark resolved twice', 'release forgotten', 'holds never lapse'] as const)
      expect(() => seeds.map((seed) => compareMachines(seed, bug)), bug).toThrow(/seed \d+/)
  })
})

describe('the simulator', { timeout: SLOW }, () => {
  it('breaks no invariant in fifty thousand steps, with crashes and retries among them', () => {
    const row = proveSimulator(1, 50_000)
    expect(row.violations).toEqual([])
    expect(row.steps).toBeGreaterThanOrEqual(50_000)
    expect(row.crashes).toBeGreaterThan(500)
    expect(row.retries).toBeGreaterThan(300)
  })

  it('runs the same seed the same way, and another one another way', () => {
    expect(simulate(7)).toEqual(simulate(7))
    expect(simulate(7).events).not.toEqual(simulate(8).events)
  })

  it('tells one of a circle of waiting people to ask again', () => {
    for (const seed of [20_496, 21_921]) expect(simulate(seed).deadlocks).toBe(1)
  })

  it('reaches every part of the life of a voucher', () => {
    const names = new Set<string>()
    for (let seed = 1; seed <= 25; seed++)
      for (const name of simulate(seed).events.keys()) names.add(name)
    for (const name of ['booking.displaced', 'session.agreed', 'claim.paid', 'claim.returned'])
      expect(names).toContain(name)
  })

  it.each(regressions)('holds on seed $seed: $found', ({ seed }) => {
    expect(simulate(seed).violations).toEqual([])
    compareMachines(seed)
  })

  it.each([
    ['slot checked, then inserted', 'I1', 10],
    ['key stored apart from the effect', 'I5', 10],
    ['state checked before the lock', 'I8', 10],
    ['balance read before the lock', 'I2', 60],
    ['earmark resolved twice', 'I4', 60],
    ['release forgotten', 'I4', 30],
    ['event forgotten', 'I7', 20],
    ['event dequeued before its delivery', 'I7', 10],
    ['event delivered before its dequeuing', 'I7', 10],
    ['hold outlives its last moment', 'I10', 100],
    ['holds never lapse', 'I10', 10],
    ['odd fen lost between funders', 'I4', 300],
  ] satisfies [Bug, string, number][])('finds a fault built in: %s', (bug, invariant, seeds) => {
    const found = findBug(bug, seeds)
    expect(found?.invariants).toContain(invariant)
    expect(simulate(found?.seed ?? 0).violations).toEqual([])
  })
})
