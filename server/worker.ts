import type { Ctx } from './kernel/ctx.ts'
import { asActor } from './kernel/ctx.ts'
import { drainEvents } from './kernel/events.ts'
import { traceOf } from './kernel/log.ts'
import type { World } from './kernel/serve.ts'
import { deliverEvents } from './message/deliver-events.ts'
import { jobsWith, type Outside } from './schedule.ts'

const EVENT_PAUSE_MS = 300
const CLOCK_PAUSE_MS = 1_000
const BATCH = 100

export type Worker = { stop: () => Promise<void> }

/**
 * Runs what nobody asks for: delivers events, refreshes the clock, does the jobs of `schedule.ts`.
 */
export function startWorker(world: World, outside: Outside): Worker {
  const stops = [
    every(EVENT_PAUSE_MS, () => deliverAll(world), world),
    every(CLOCK_PAUSE_MS, () => world.clock.refresh(world.sql), world),
    ...jobsWith(outside).map(({ name, everyMs, run, byItself }) => {
      const ctx = jobCtx(world, name)
      return every(everyMs, () => (byItself ? run(ctx) : asActor(ctx, run)), world)
    }),
  ]
  return { stop: async () => void (await Promise.all(stops.map((stop) => stop()))) }
}

/** The ctx of a job: no person, the platform's clock. */
export function jobCtx(world: World, name: string): Ctx {
  return {
    sql: world.sql,
    actor: { kind: 'job', name },
    now: world.clock.now,
    demo: world.demo,
    requestId: `job:${name}`,
    address: null,
    log: world.log,
    vault: world.vault,
  }
}

/** Delivers events until the queue is empty. */
export async function deliverAll(world: World): Promise<void> {
  const ctx = jobCtx(world, 'deliver-events')
  while ((await asActor(ctx, (tx) => drainEvents(tx, deliverEvents, BATCH))) === BATCH);
}

/** Calls `work` again and again with a pause between; a failure is logged and tried again. */
function every(pauseMs: number, work: () => Promise<unknown>, world: World): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> = Promise.resolve()
  const round = () => {
    running = work()
      .then(() => {})
      .catch((error: unknown) => world.log('error', 'job_failed', { error: traceOf(error) }))
      .then(() => {
        if (!stopped) timer = setTimeout(round, pauseMs)
      })
  }
  timer = setTimeout(round, 0)
  return async () => {
    stopped = true
    if (timer) clearTimeout(timer)
    await running
  }
}
