import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { idColumn, instantColumn } from './columns.ts'

/** What happened, for ever: refused update and delete by trigger. Ids only, no contents. */
export const events = pgTable(
  'events',
  {
    id: idColumn(),
    seq: bigint('seq', { mode: 'number' }).generatedAlwaysAsIdentity(),
    at: instantColumn('at').notNull(),
    name: text('name').notNull(),
    actorId: uuid('actor_id'),
    subjectId: uuid('subject_id').notNull(),
    bookingId: uuid('booking_id'),
    detail: jsonb('detail').notNull().default({}),
  },
  (t) => [
    index('events_booking').on(t.bookingId, t.seq),
    index('events_subject').on(t.subjectId, t.seq),
  ],
)

/** Events that listeners have not seen yet: filled by trigger, emptied by the worker. */
export const eventQueue = pgTable('event_queue', {
  /** Written by the trigger of events only, which nothing deletes: no foreign key to check. */
  eventId: uuid('event_id').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
})

/** One row per write that carried a key, committed together with its effect. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    actorId: text('actor_id').notNull(),
    key: text('key').notNull(),
    endpoint: text('endpoint').notNull(),
    contentHash: text('content_hash').notNull(),
    status: integer('status').notNull(),
    body: text('body').notNull(),
    createdAt: instantColumn('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.actorId, t.key] }),
    index('idempotency_keys_created').on(t.createdAt),
  ],
)

/** The demonstration's forward-only offset; one row. */
export const clock = pgTable(
  'clock',
  {
    one: integer('one').primaryKey().default(1),
    offsetMs: bigint('offset_ms', { mode: 'number' }).notNull(),
  },
  (t) => [
    check('clock_is_one_row', sql`${t.one} = 1`),
    check('clock_never_behind', sql`${t.offsetMs} >= 0`),
  ],
)

/**
 * Files of reference data that are in the database already, by content: an unchanged one is not
 * read again.
 */
export const loadedFiles = pgTable('loaded_files', {
  name: text('name').primaryKey(),
  hash: text('hash').notNull(),
  loadedAt: instantColumn('loaded_at').notNull(),
})
