import type { Ctx } from './ctx.ts'
import { actorId } from './ctx.ts'

export type EventRow = {
  id: string
  seq: number
  at: Date
  name: string
  actorId: string | null
  subjectId: string
  bookingId: string | null
  detail: Record<string, unknown>
}

/**
 * Records what happened, in the writer's transaction. `detail` holds ids and words of state, never
 * contents.
 */
export async function record(
  ctx: Ctx,
  name: string,
  about: { subjectId: string; bookingId?: string | null; detail?: Record<string, string | number> },
): Promise<void> {
  await ctx.sql`select record_event(${name}, ${ctx.now()}, ${actorId(ctx)}, ${about.subjectId},
    ${about.bookingId ?? null}, ${ctx.sql.json(about.detail ?? {})})`
}

/**
 * Takes up to `limit` waiting events, oldest first, and gives them to `listener` in one
 * transaction: an event leaves the queue only together with what the listener wrote. Several
 * workers share the queue without waiting. Answers how many.
 */
export async function drainEvents(
  ctx: Ctx,
  listener: (ctx: Ctx, events: readonly EventRow[]) => Promise<void>,
  limit = 100,
): Promise<number> {
  const taken = await ctx.sql<EventRow[]>`
    with taken as (
      delete from event_queue where event_id in (
        select event_id from event_queue order by seq limit ${limit} for update skip locked)
      returning event_id
    )
    select e.* from events e join taken t on t.event_id = e.id order by e.seq`
  if (taken.length > 0) await listener(ctx, taken)
  return taken.length
}
