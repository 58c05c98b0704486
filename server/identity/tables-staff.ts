import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { idColumn } from '../kernel/columns.ts'
import { organisations, users } from './tables.ts'

/** The register of laboratory staff: one entry per person and institution. */
export const staffRecords = pgTable(
  'staff_records',
  {
    id: idColumn(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    post: text('post').notNull(),
    title: text('title'),
    establishment: text('establishment').notNull(),
    joinedOn: date('joined_on'),
    leftOn: date('left_on'),
  },
  (t) => [
    uniqueIndex('staff_records_once').on(t.userId, t.organisationId),
    index('staff_records_organisation').on(t.organisationId),
    check('staff_records_left_after_joined', sql`${t.joinedOn} <= ${t.leftOn}`),
    check(
      'staff_records_establishment',
      sql`${t.establishment} in ('establishment', 'contract', 'dispatched', 'part-time')`,
    ),
  ],
)

export const trainings = pgTable(
  'trainings',
  {
    id: idColumn(),
    staffRecordId: uuid('staff_record_id')
      .notNull()
      .references(() => staffRecords.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    hours: integer('hours').notNull(),
    heldOn: date('held_on').notNull(),
    result: text('result').notNull(),
    expiresOn: date('expires_on'),
    recordedBy: uuid('recorded_by').references(() => users.id, { onDelete: 'restrict' }),
  },
  (t) => [
    index('trainings_person').on(t.staffRecordId, t.heldOn),
    check('trainings_expire_later', sql`${t.heldOn} <= ${t.expiresOn}`),
    check('trainings_hours', sql`${t.hours} between 0 and 2000`),
  ],
)

export const experts = pgTable(
  'experts',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** GB/T 13745 codes. */
    fieldCodes: text('field_codes').array().notNull(),
    /** National instrument classes the expert judges. */
    classCodes: text('class_codes').array().notNull().default([]),
    unit: text('unit').notNull(),
    termFrom: date('term_from').notNull(),
    termTo: date('term_to').notNull(),
  },
  (t) => [check('experts_end_after_start', sql`${t.termFrom} <= ${t.termTo}`)],
)
