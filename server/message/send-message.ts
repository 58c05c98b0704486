import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getThreadEntry, partyOf, textCell } from './queries.ts'

/** Says something to the other side of the booking. Refuses `message.not_a_party`. */
export async function sendMessage(
  ctx: Ctx,
  input: InputOf<typeof messageEndpoints.sendMessage>,
): Promise<OutputOf<typeof messageEndpoints.sendMessage>> {
  const { actor } = await partyOf(ctx, input.bookingId)
  const { bookingId } = input
  const [fresh] = await ctx.sql<{ id: string }[]>`select new_id() as id`
  const { id: messageId } = must(fresh, 'an id')
  const text = await ctx.vault.seal(ctx.sql, textCell(messageId), input.text)
  await ctx.sql`
    insert into messages (id, booking_id, author_id, organisation_id, text, at)
    values (${messageId}, ${bookingId}, ${actor.userId}, ${actor.organisationId}, ${text},
      ${ctx.now()})`
  await record(ctx, 'message.sent', { subjectId: bookingId, bookingId, detail: { messageId } })
  return getThreadEntry(ctx, { bookingId, messageId })
}
