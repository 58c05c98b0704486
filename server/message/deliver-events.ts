import { type InboxAudience, inboxTexts } from '@yiqi/shared/message/terms.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { EventRow } from '../kernel/events.ts'
import { ofEnterprise } from './queries.ts'

/**
 * Makes the inbox entries of some events at once, for `drainEvents`: for the audience that
 * `inboxTexts` names, a message for the side that did not write it. Nobody is told of their own
 * act, and nobody twice.
 */
export async function deliverEvents(ctx: Ctx, events: readonly EventRow[]): Promise<void> {
  const told: { id: string; audience: InboxAudience }[] = []
  for (const event of events) {
    const words = inboxTexts[event.name]
    if (words === undefined) continue
    if (event.bookingId === null && words.audience !== 'managers') continue
    const audience = event.name === 'message.sent' ? await otherSide(ctx, event) : words.audience
    told.push({ id: event.id, audience })
  }
  if (told.length === 0) return
  const [ids, audiences] = [told.map(({ id }) => id), told.map(({ audience }) => audience)]
  await ctx.sql`
    insert into inbox_entries (user_id, event_id, at)
    select distinct r.user_id, e.id, e.at
    from unnest(${ids}::uuid[], ${audiences}::text[]) as told (id, audience)
      join events e on e.id = told.id left join bookings b on b.id = e.booking_id
      cross join lateral (
        select x.user_id from instrument_technicians x
          where told.audience = 'technicians' and x.instrument_id = b.instrument_id
        union all
        select m.user_id from memberships m where told.audience = 'finance'
          and m.organisation_id = b.institution_id and m.role = 'institution-finance'
        union all
        select m.user_id from instruments i join memberships m
            on m.organisation_id = i.institution_id and m.role = 'institution-manager'
          where told.audience = 'managers' and i.id = e.subject_id
        union all
        select unnest(array[b.requester_id, b.beneficiary_id])
          where told.audience = 'enterprise' and e.name not like 'claim.%'
        union all
        select m.user_id from memberships m where told.audience = 'administrators'
          and m.organisation_id = b.enterprise_id and m.role in ('enterprise-admin', 'unit-admin')
        union all
        -- Of a claim who made it is told; where the enterprise is paid, who booked as well.
        select unnest(array[c.created_by,
            case when c.payee_id = c.enterprise_id then b.requester_id end])
          from claims c where told.audience = 'enterprise' and e.name like 'claim.%'
            and c.id = e.subject_id) r
    where r.user_id is not null and r.user_id is distinct from e.actor_id
    on conflict (user_id, event_id) do nothing`
}

async function otherSide(ctx: Ctx, event: EventRow): Promise<InboxAudience> {
  const { messageId } = event.detail
  if (typeof messageId !== 'string') return 'enterprise'
  const [message] = await ctx.sql<{ fromEnterprise: boolean }[]>`
    select ${ofEnterprise(ctx)} as from_enterprise
    from messages m join bookings b on b.id = m.booking_id where m.id = ${messageId}`
  return message?.fromEnterprise ? 'technicians' : 'enterprise'
}
