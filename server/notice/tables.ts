import { date, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { organisations, users } from '../identity/tables.ts'
import { idColumn, instantColumn } from '../kernel/columns.ts'

export const notices = pgTable(
  'notices',
  {
    id: idColumn(),
    serviceMode: text('service_mode').notNull(),
    version: integer('version').notNull(),
    title: text('title').notNull(),
    ownership: text('ownership').notNull(),
    /** `[{heading, text}]` */
    clauses: jsonb('clauses').notNull(),
    /** The six matters with placeholders, by matter. */
    matters: jsonb('matters').notNull(),
    effectiveFrom: date('effective_from').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [uniqueIndex('notices_version').on(t.serviceMode, t.version)],
)

/** The agreement of one booking, as it was signed. */
export const agreements = pgTable('agreements', {
  bookingId: uuid('booking_id').primaryKey(),
  noticeId: uuid('notice_id')
    .notNull()
    .references(() => notices.id, { onDelete: 'restrict' }),
  matters: jsonb('matters').notNull(),
  hash: text('hash').notNull(),
  createdAt: instantColumn('created_at').notNull(),
})

export const acknowledgements = pgTable(
  'acknowledgements',
  {
    id: idColumn(),
    bookingId: uuid('booking_id').notNull(),
    noticeId: uuid('notice_id')
      .notNull()
      .references(() => notices.id, { onDelete: 'restrict' }),
    stage: text('stage').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    at: instantColumn('at').notNull(),
    /** SHA-256 over agreement hash, user, stage and instant. */
    hash: text('hash').notNull(),
  },
  (t) => [uniqueIndex('acknowledgements_once').on(t.bookingId, t.stage)],
)
