import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { expectSound } from '../support/act.ts'
import { type Cast, newCast } from '../support/cast.ts'
import { explain } from './explain.ts'
import { type History, type HistoryOptions, recordHistory } from './history.ts'
import type { Row } from './parts.ts'

declare module 'vitest' {
  // Vitest merges these declarations with its own, which only an interface can.
  export interface ProvidedContext {
    history?: HistoryOptions
  }
  export interface TaskMeta {
    history?: Row
  }
}

const options = inject('history') ?? { seed: 1, clients: 8, seconds: 5 }
const SLOW = 60_000 + 3_000 * options.seconds

let cast: Cast
let history: History
beforeAll(async () => {
  cast = await newCast({ quotaFen: 400_000 })
})
afterAll(() => cast.drop())

describe('a history of many people at once, while connections are cut', { timeout: SLOW }, () => {
  it('explains the database, and the database keeps every invariant', async ({ task }) => {
    const started = performance.now()
    history = await recordHistory(cast, options)
    const violations = await explain(cast, history)
    task.meta.history = {
      ...{ part: 'history', seeds: 1, steps: history.sent, ms: performance.now() - started },
      ...{ crashes: history.cut, retries: history.retries },
      violations: violations.map((one) => Object.values(one).join(' ')),
    }
    expect(violations).toEqual([])
    await expectSound(cast)
    const outcomes = new Set(history.told.map(({ outcome }) => outcome))
    expect(outcomes).toEqual(new Set(['done', 'refused', 'unknown']))
    expect(history.cut).toBeGreaterThan(10)
    expect(history.retries).toBeGreaterThan(0)
    expect(history.repeats).toBeGreaterThan(0)
  })

  it('notices a key that is gone, and an effect that nobody asked for', async () => {
    const [kept] = await cast.sql<{ key: string; actorId: string }[]>`
      delete from idempotency_keys where key = (
        select key from idempotency_keys order by key limit 1) returning key, actor_id`
    const gone = await explain(cast, history)
    expect(gone.some(({ subject }) => subject.includes(kept?.key ?? 'none'))).toBe(true)
    const { xiaojin } = cast.people
    await cast.sql`select record_event('booking.cancelled', ${cast.world.clock.now()},
      ${xiaojin.userId}, id, id) from bookings order by id limit 1`
    const more = await explain(cast, history)
    expect(more.map(({ subject }) => subject).join()).toContain(
      `booking.cancelled ${xiaojin.userId}`,
    )
    expect(more.map(({ invariant }) => invariant)).toContain('I8')
  })
})
