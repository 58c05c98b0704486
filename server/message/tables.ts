import { boolean, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bookings } from '../booking/tables.ts'
import { organisations, users } from '../identity/tables.ts'
import { idColumn, instantColumn } from '../kernel/columns.ts'
import { events } from '../kernel/tables.ts'

export const messages = pgTable(
  'messages',
  {
    id: idColumn(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    authorId: uuid('author_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    text: text('text').notNull(),
    at: instantColumn('at').notNull(),
  },
  (t) => [index('messages_booking').on(t.bookingId, t.id)],
)

export const threadReads = pgTable(
  'thread_reads',
  {
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    readAt: instantColumn('read_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.bookingId, t.userId] })],
)

export const inboxEntries = pgTable(
  'inbox_entries',
  {
    id: idColumn(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    eventId: uuid('event_id')
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    at: instantColumn('at').notNull(),
    read: boolean('read').notNull().default(false),
  },
  (t) => [
    uniqueIndex('inbox_entries_once').on(t.userId, t.eventId),
    index('inbox_entries_user').on(t.userId, t.at),
  ],
)
