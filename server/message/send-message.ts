import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getThreadEntry, partyOf } from './queries.ts'

/** Says something to the other side of the booking. Refuses `message.not_a_party`. */
export async function sendMessage(
  ctx: Ctx,
  input: InputOf<typeof messageEndpoints.sendMessage>,
): Promise<OutputOf<typeof messageEndpoints.sendMessage>> {
  const { actor } = await partyOf(ctx, input.bookingId)
  const { bookingId } = input
  const [sent] = await ctx.sql<{ id: string }[]>`
    insert into messages (booking_id, author_id, organisation_id, text, at)
    values (${bookingId}, ${actor.userId}, ${actor.organisationId}, ${input.text}, ${ctx.now()})
    returning id`
  const { id: messageId } = must(sent, 'the message')
  await record(ctx, 'message.sent', { subjectId: bookingId, bookingId, detail: { messageId } })
  return getThreadEntry(ctx, { bookingId, messageId })
}
