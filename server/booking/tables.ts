import { sql } from 'drizzle-orm'
import { check, customType, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instruments } from '../catalogue/tables.ts'
import { tariffs } from '../charging/tables.ts'
import { organisations, users } from '../identity/tables.ts'
import { fenColumn, idColumn, instantColumn } from '../kernel/columns.ts'
import { programmes, transfers } from '../voucher/tables.ts'

const tstzrange = customType<{ data: string }>({ dataType: () => 'tstzrange' })

export const openHours = pgTable('open_hours', {
  instrumentId: uuid('instrument_id')
    .primaryKey()
    .references(() => instruments.id, { onDelete: 'cascade' }),
  /** OpenWeek of the rules: minutes of the day, half-open. */
  week: jsonb('week').notNull(),
  slotMinutes: integer('slot_minutes').notNull(),
  minMinutes: integer('min_minutes').notNull(),
  maxMinutes: integer('max_minutes').notNull(),
  leadMinutes: integer('lead_minutes').notNull(),
  horizonDays: integer('horizon_days').notNull(),
  bufferMinutes: integer('buffer_minutes').notNull(),
  note: text('note'),
})

export const bookings = pgTable(
  'bookings',
  {
    id: idColumn(),
    number: text('number').notNull().unique('bookings_number'),
    state: text('state').notNull(),
    instrumentId: uuid('instrument_id')
      .notNull()
      .references(() => instruments.id, { onDelete: 'restrict' }),
    institutionId: uuid('institution_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    enterpriseId: uuid('enterprise_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    requesterId: uuid('requester_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    /** The colleague whom the requester booked for; null: for themselves. */
    beneficiaryId: uuid('beneficiary_id').references(() => users.id, { onDelete: 'restrict' }),
    startsAt: instantColumn('starts_at').notNull(),
    endsAt: instantColumn('ends_at').notNull(),
    bufferMinutes: integer('buffer_minutes').notNull(),
    createdAt: instantColumn('created_at').notNull(),
    holdExpiresAt: instantColumn('hold_expires_at'),
    answerDueAt: instantColumn('answer_due_at'),
    /** Until then an administrator of the payer approves the spending, or it lapses. */
    approvalDueAt: instantColumn('approval_due_at'),
    approvedBy: uuid('approved_by').references(() => users.id, { onDelete: 'restrict' }),
    approvedAt: instantColumn('approved_at'),
    requestedAt: instantColumn('requested_at'),
    confirmedAt: instantColumn('confirmed_at'),
    confirmedBy: uuid('confirmed_by').references(() => users.id, { onDelete: 'restrict' }),
    serviceMode: text('service_mode'),
    samples: integer('samples').notNull().default(0),
    sampleNames: text('sample_names').array().notNull().default([]),
    purpose: text('purpose'),
    preparation: text('preparation'),
    serviceDirection: text('service_direction'),
    confidentiality: text('confidentiality'),
    tariffId: uuid('tariff_id').references(() => tariffs.id, { onDelete: 'restrict' }),
    /** The price as it was quoted, frozen. */
    price: jsonb('price'),
    totalFen: fenColumn('total_fen'),
    programmeId: uuid('programme_id').references(() => programmes.id, { onDelete: 'restrict' }),
    voucherFen: fenColumn('voucher_fen').notNull().default(0),
    earmarkId: uuid('earmark_id').references(() => transfers.id, { onDelete: 'restrict' }),
    reason: text('reason'),
    reasonNote: text('reason_note'),
  },
  (t) => [
    check('bookings_end_after_start', sql`${t.startsAt} < ${t.endsAt}`),
    check(
      'bookings_state',
      sql`${t.state} in ('held','awaiting_approval','requested','confirmed','running','finished','closed','lapsed','declined','cancelled','displaced','no_show')`,
    ),
    index('bookings_enterprise').on(t.enterpriseId, t.startsAt),
    index('bookings_instrument').on(t.instrumentId, t.startsAt),
    // The few that wait for somebody: a person's holds are counted here, and lapse from here.
    index('bookings_waiting')
      .on(t.requesterId)
      .where(sql`${t.state} in ('held', 'awaiting_approval', 'requested')`),
    check('bookings_approved_by_another', sql`${t.approvedBy} <> ${t.requesterId}`),
    check(
      'bookings_approval_due',
      sql`${t.state} <> 'awaiting_approval' or ${t.approvalDueAt} is not null`,
    ),
    check('bookings_for_another', sql`${t.beneficiaryId} <> ${t.requesterId}`),
  ],
)

export const outages = pgTable(
  'outages',
  {
    id: idColumn(),
    instrumentId: uuid('instrument_id')
      .notNull()
      .references(() => instruments.id, { onDelete: 'cascade' }),
    startsAt: instantColumn('starts_at').notNull(),
    endsAt: instantColumn('ends_at').notNull(),
    kind: text('kind').notNull(),
    note: text('note').notNull(),
    declaredBy: uuid('declared_by').references(() => users.id, { onDelete: 'restrict' }),
    liftedAt: instantColumn('lifted_at'),
  },
  (t) => [
    check('outages_end_after_start', sql`${t.startsAt} < ${t.endsAt}`),
    index('outages_instrument').on(t.instrumentId),
  ],
)

/**
 * What an instrument is taken by: one row per live booking (slot plus buffer) and per outage in
 * force. The exclusion constraint of the custom migration lets no two overlap; a trigger keeps rows
 * and states together.
 */
export const occupancies = pgTable(
  'occupancies',
  {
    id: idColumn(),
    instrumentId: uuid('instrument_id').notNull(),
    occupied: tstzrange('occupied').notNull(),
    bookingId: uuid('booking_id').unique('occupancies_booking'),
    outageId: uuid('outage_id').unique('occupancies_outage'),
  },
  (t) => [
    check('occupancies_one_cause', sql`num_nonnulls(${t.bookingId}, ${t.outageId}) = 1`),
    check(
      'occupancies_half_open',
      sql`lower_inc(${t.occupied}) and not upper_inc(${t.occupied}) and not isempty(${t.occupied})`,
    ),
  ],
)
