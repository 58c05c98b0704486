import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { id, instant, pageInput, pageOf, text } from '../kernel/schema.ts'

const ThreadEntry = z.object({
  id,
  at: instant,
  kind: z.enum(['message', 'event']),
  author: z.nullable(z.object({ name: z.string(), side: z.enum(['enterprise', 'institution']) })),
  mine: z.boolean(),
  text: z.string(),
})

const InboxEntry = z.object({
  id,
  at: instant,
  event: z.string(),
  title: z.string(),
  detail: z.string(),
  tone: z.enum(['info', 'ok', 'warn', 'bad']),
  bookingId: z.nullable(id),
  claimId: z.nullable(id),
  read: z.boolean(),
})
export type InboxEntry = z.output<typeof InboxEntry>

export const messageEndpoints = {
  getThread: endpoint({
    method: 'GET',
    path: '/bookings/:bookingId/thread',
    summary:
      'The conversation of a booking, messages and system events in one thread, oldest first.',
    input: z.strictObject({ bookingId: id }),
    output: z.object({ rows: z.array(ThreadEntry), unread: z.int() }),
  }),
  sendMessage: endpoint({
    method: 'POST',
    path: '/bookings/:bookingId/messages',
    summary: 'Says something to the other side of the booking.',
    input: z.strictObject({ bookingId: id, text: text(1000) }),
    output: ThreadEntry,
  }),
  markThreadRead: endpoint({
    method: 'PUT',
    path: '/bookings/:bookingId/thread/read',
    summary: 'Marks the conversation read for this person.',
    input: z.strictObject({ bookingId: id }),
    output: z.object({ unread: z.int() }),
  }),
  listInbox: endpoint({
    method: 'GET',
    path: '/inbox',
    summary: "The person's inbox, newest first.",
    input: z.strictObject({ ...pageInput }),
    output: pageOf(InboxEntry),
  }),
  getUnread: endpoint({
    method: 'GET',
    path: '/inbox/unread',
    summary: 'How many inbox entries are unread; cheap to poll with If-None-Match.',
    input: z.strictObject({}),
    output: z.object({ unread: z.int() }),
  }),
  markInboxRead: endpoint({
    method: 'PUT',
    path: '/inbox/read',
    summary: 'Marks entries read; without ids, all of them.',
    input: z.strictObject({ ids: z.optional(z.array(id).check(z.maxLength(100))) }),
    output: z.object({ unread: z.int() }),
  }),
}
