import { type InboxAudience, inboxTexts } from '@yiqi/shared/message/terms.ts'
import type { Fragment } from '../kernel/connect.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { EventRow } from '../kernel/events.ts'

/**
 * Makes the inbox entries of one event, for `drainEvents`: for the audience that `inboxTexts`
 * names, a message for the side that did not write it. Nobody is told of their own act, and nobody
 * twice.
 */
export async function deliverEvent(ctx: Ctx, event: EventRow): Promise<void> {
  const words = inboxTexts[event.name]
  if (words === undefined || event.bookingId === null) return
  const audience = event.name === 'message.sent' ? await otherSide(ctx, event) : words.audience
  await ctx.sql`
    insert into inbox_entries (user_id, event_id, at)
    select distinct r.user_id, ${event.id}::uuid, ${event.at}::timestamptz
    from (${recipients(ctx, event, audience)}) as r
    where r.user_id is distinct from ${event.actorId}
    on conflict (user_id, event_id) do nothing`
}

function recipients(ctx: Ctx, event: EventRow, audience: InboxAudience): Fragment {
  switch (audience) {
    case 'technicians':
      return ctx.sql`
        select x.user_id from bookings b
          join instrument_technicians x on x.instrument_id = b.instrument_id
        where b.id = ${event.bookingId}`
    case 'finance':
      return ctx.sql`
        select m.user_id from bookings b join memberships m on m.organisation_id = b.institution_id
        where b.id = ${event.bookingId} and m.role = 'institution-finance'`
    case 'enterprise':
      return event.name.startsWith('claim.') ? claimants(ctx, event) : requester(ctx, event)
  }
}

function requester(ctx: Ctx, event: EventRow): Fragment {
  return ctx.sql`select requester_id as user_id from bookings where id = ${event.bookingId}`
}

/**
 * What happens to a claim is told to who made it; where the enterprise is paid, to who booked as
 * well.
 */
function claimants(ctx: Ctx, event: EventRow): Fragment {
  return ctx.sql`
    select created_by as user_id from claims where id = ${event.subjectId}
    union
    select b.requester_id from claims c join bookings b on b.id = c.booking_id
    where c.id = ${event.subjectId} and c.payee_id = c.enterprise_id`
}

async function otherSide(ctx: Ctx, event: EventRow): Promise<InboxAudience> {
  const { messageId } = event.detail
  if (typeof messageId !== 'string') return 'enterprise'
  const [message] = await ctx.sql<{ fromEnterprise: boolean }[]>`
    select m.organisation_id = b.enterprise_id as from_enterprise
    from messages m join bookings b on b.id = m.booking_id where m.id = ${messageId}`
  return message?.fromEnterprise ? 'technicians' : 'enterprise'
}
