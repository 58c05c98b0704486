import { bookingRoles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { slotLabel } from '@yiqi/shared/kernel/time.ts'
import type { InboxEntry, messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import { eventLabels, inboxTexts } from '@yiqi/shared/message/terms.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, iso, type Member, refuse } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

const THREAD_MAX = 200

export type Party = { actor: Member; side: 'enterprise' | 'institution' }

/**
 * Who may read and write a conversation: the enterprise of the booking, the technicians of its
 * instrument and the managers of its institution. To everybody else it does not exist:
 * `message.not_a_party`.
 */
export async function partyOf(ctx: Ctx, bookingId: string): Promise<Party> {
  const actor = allow(ctx, 'message.getThread')
  const [row] = await ctx.sql<{ enterprise: boolean; institution: boolean; tends: boolean }[]>`
    select b.enterprise_id = ${actor.organisationId} as enterprise,
      b.institution_id = ${actor.organisationId} as institution,
      exists (select 1 from instrument_technicians x
        where x.instrument_id = b.instrument_id and x.user_id = ${actor.userId}) as tends
    from bookings b where b.id = ${bookingId}`
  const { enterprise, institution, tends } = found(row, 'message.not_a_party')
  if (enterprise && bookingRoles.some((role) => role === actor.role))
    return { actor, side: 'enterprise' }
  const serves = (actor.role === 'technician' && tends) || actor.role === 'institution-manager'
  if (institution && serves) return { actor, side: 'institution' }
  return found<Party>(null, 'message.not_a_party')
}

type Thread = OutputOf<typeof messageEndpoints.getThread>

type ThreadRow = {
  id: string
  at: Date
  kind: 'message' | 'event'
  authorId: string | null
  authorName: string | null
  enterprise: boolean
  text: string
}

/** The last 200 of messages and events, oldest first. */
export async function getThread(
  ctx: Ctx,
  input: InputOf<typeof messageEndpoints.getThread>,
): Promise<Thread> {
  const { actor } = await partyOf(ctx, input.bookingId)
  const rows = await threadRows(ctx, input.bookingId)
  return {
    rows: (await Promise.all(rows.map((row) => toThreadEntry(ctx, actor, row)))).reverse(),
    unread: await countUnread(ctx, actor, input.bookingId),
  }
}

/** One message as its thread shows it. */
export async function getThreadEntry(
  ctx: Ctx,
  asked: { bookingId: string; messageId: string },
): Promise<Thread['rows'][number]> {
  const { actor } = await partyOf(ctx, asked.bookingId)
  const rows = await threadRows(ctx, asked.bookingId, asked.messageId)
  return toThreadEntry(ctx, actor, found(rows[0], 'message.not_a_party'))
}

async function threadRows(ctx: Ctx, bookingId: string, messageId?: string): Promise<ThreadRow[]> {
  const shown = Object.keys(eventLabels)
  return ctx.sql<ThreadRow[]>`
    with entries as (
      select m.id, m.at, 'message' as kind, m.author_id, m.text, 0::bigint as seq,
        ${ofEnterprise(ctx)} as enterprise
      from messages m join bookings b on b.id = m.booking_id where m.booking_id = ${bookingId}
      union all
      select v.id, v.at, 'event', v.actor_id, v.name, v.seq,
        exists (select 1 from memberships x
          where x.user_id = v.actor_id and x.organisation_id = b.enterprise_id
            and x.role = any (${[...bookingRoles]}::text[]))
      from events v join bookings b on b.id = v.booking_id
      where v.booking_id = ${bookingId} and v.name = any (${shown}))
    select t.id, t.at, t.kind, t.author_id, u.name as author_name, t.enterprise, t.text
    from entries t left join users u on u.id = t.author_id
    where ${messageId === undefined ? ctx.sql`true` : ctx.sql`t.id = ${messageId}`}
    order by t.at desc, t.seq desc, t.id desc limit ${THREAD_MAX}`
}

/**
 * In a query on messages `m` of bookings `b`: written for the enterprise. Where an institution's own
 * people book, both sides are of one organisation, and the author's role decides.
 */
export function ofEnterprise({ sql }: Ctx): Fragment {
  return sql`(m.organisation_id = b.enterprise_id and (b.enterprise_id <> b.institution_id
    or exists (select 1 from memberships x where x.user_id = m.author_id
      and x.organisation_id = b.enterprise_id and x.role = any (${[...bookingRoles]}::text[]))))`
}

async function toThreadEntry(
  ctx: Ctx,
  actor: Member,
  row: ThreadRow,
): Promise<Thread['rows'][number]> {
  const side = row.enterprise ? ('enterprise' as const) : ('institution' as const)
  return {
    id: row.id,
    at: iso(row.at),
    kind: row.kind,
    author: row.authorName === null ? null : { name: row.authorName, side },
    mine: row.authorId === actor.userId,
    text:
      row.kind === 'event'
        ? (eventLabels[row.text] ?? row.text)
        : await ctx.vault.unseal(ctx.sql, textCell(row.id), row.text),
  }
}

/** What a message's sealed text is bound to. */
export function textCell(messageId: string) {
  return { column: 'messages.text', rowId: messageId } as const
}

/** Messages of others since this person last read the conversation. */
export async function countUnread(ctx: Ctx, actor: Member, bookingId: string): Promise<number> {
  const [row] = await ctx.sql<{ unread: number }[]>`
    select count(*) as unread from messages m
    where m.booking_id = ${bookingId} and m.author_id <> ${actor.userId}
      and m.at > coalesce((select r.read_at from thread_reads r
        where r.booking_id = m.booking_id and r.user_id = ${actor.userId}), '-infinity')`
  return row?.unread ?? 0
}

export async function getUnread(ctx: Ctx): Promise<{ unread: number }> {
  const { userId } = allow(ctx, 'message.listInbox')
  const [row] = await ctx.sql<{ unread: number }[]>`
    select count(*) as unread from inbox_entries where user_id = ${userId} and not read`
  return { unread: row?.unread ?? 0 }
}

type InboxRow = {
  id: string
  seq: number
  at: Date
  event: string
  read: boolean
  bookingId: string | null
  claimId: string | null
  claimNumber: string | null
  instrumentName: string | null
  startsAt: Date | null
  endsAt: Date | null
}

/**
 * The entries say which booking or claim they are about; the words are made from it when they are
 * read.
 */
export async function listInbox(
  ctx: Ctx,
  input: InputOf<typeof messageEndpoints.listInbox>,
): Promise<Page<InboxEntry>> {
  const { userId } = allow(ctx, 'message.listInbox')
  const limit = pageLimit(input.limit)
  const cursor = readCursor(input.cursor)
  const after = cursor === null ? null : Number(cursor[0])
  if (after !== null && !Number.isSafeInteger(after)) refuse('kernel.cursor_malformed')
  const rows = await ctx.sql<InboxRow[]>`
    select x.id, v.seq, x.at, v.name as event, x.read, v.booking_id, c.id as claim_id,
      c.number as claim_number,
      n.name as instrument_name, b.starts_at, b.ends_at
    from inbox_entries x join events v on v.id = x.event_id
      left join bookings b on b.id = v.booking_id
      left join instruments n on n.id = coalesce(b.instrument_id, v.subject_id)
      left join claims c on c.id = v.subject_id
    where x.user_id = ${userId} and ${after === null ? ctx.sql`true` : ctx.sql`v.seq < ${after}`}
    order by v.seq desc limit ${limit + 1}`
  return pageBy(rows, limit, (row) => [String(row.seq)], toInboxEntry)
}

function toInboxEntry(row: InboxRow): InboxEntry {
  const words = inboxTexts[row.event]
  return {
    id: row.id,
    at: iso(row.at),
    event: row.event,
    title: words?.title ?? eventLabels[row.event] ?? row.event,
    detail: detailOf(row),
    tone: words?.tone ?? 'info',
    bookingId: row.bookingId,
    claimId: row.claimId,
    read: row.read,
  }
}

function detailOf(row: InboxRow): string {
  const { startsAt, endsAt } = row
  const slot = startsAt !== null && endsAt !== null ? slotLabel({ startsAt, endsAt }) : null
  return [row.claimNumber, row.instrumentName, slot].filter((part) => part !== null).join(' · ')
}
