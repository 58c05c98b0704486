import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { bookings } from '../booking/tables.ts'
import { instruments } from '../catalogue/tables.ts'
import { users } from '../identity/tables.ts'
import { fenColumn, idColumn, instantColumn } from '../kernel/columns.ts'

/**
 * Actual times of one instrument never overlap: an exclusion constraint of the custom migration.
 */
export const sessions = pgTable(
  'sessions',
  {
    id: idColumn(),
    bookingId: uuid('booking_id')
      .notNull()
      .unique('sessions_booking')
      .references(() => bookings.id, { onDelete: 'restrict' }),
    instrumentId: uuid('instrument_id')
      .notNull()
      .references(() => instruments.id, { onDelete: 'restrict' }),
    startedBy: uuid('started_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    state: text('state').notNull(),
    startsAt: instantColumn('starts_at').notNull(),
    endsAt: instantColumn('ends_at'),
    preparationMinutes: integer('preparation_minutes').notNull().default(0),
    testingMinutes: integer('testing_minutes').notNull().default(0),
    postProcessingMinutes: integer('post_processing_minutes').notNull().default(0),
    samples: integer('samples').notNull().default(0),
    /** `[{name, quantity}]` */
    consumables: jsonb('consumables').notNull().default([]),
    note: text('note'),
    handedOverTo: text('handed_over_to'),
    pcCleared: boolean('pc_cleared'),
    samplesReturned: boolean('samples_returned'),
    dataHash: text('data_hash'),
    disputeReason: text('dispute_reason'),
    finishedAt: instantColumn('finished_at'),
    agreedAt: instantColumn('agreed_at'),
    agreedBy: uuid('agreed_by').references(() => users.id, { onDelete: 'restrict' }),
    totalFen: fenColumn('total_fen'),
    voucherFen: fenColumn('voucher_fen'),
  },
  (t) => [
    index('sessions_unanswered').on(t.finishedAt).where(sql`${t.state} = 'finished'`),
    check('sessions_state', sql`${t.state} in ('running','finished','disputed','agreed')`),
    check('sessions_end_after_start', sql`${t.endsAt} is null or ${t.startsAt} <= ${t.endsAt}`),
  ],
)

export const sessionSegments = pgTable(
  'session_segments',
  {
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    segment: text('segment').notNull(),
    startsAt: instantColumn('starts_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.segment] })],
)
