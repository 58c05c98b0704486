import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { countUnread, partyOf } from './queries.ts'

/**
 * Marks the conversation read for this person, up to now. A trace of reading, no act: it leaves no
 * event. Refuses `message.not_a_party`.
 */
export async function markThreadRead(
  ctx: Ctx,
  input: InputOf<typeof messageEndpoints.markThreadRead>,
): Promise<OutputOf<typeof messageEndpoints.markThreadRead>> {
  const { actor } = await partyOf(ctx, input.bookingId)
  await ctx.sql`
    insert into thread_reads (booking_id, user_id, read_at)
    values (${input.bookingId}, ${actor.userId}, ${ctx.now()})
    on conflict (booking_id, user_id) do update
      set read_at = greatest(thread_reads.read_at, excluded.read_at)`
  return { unread: await countUnread(ctx, actor, input.bookingId) }
}
