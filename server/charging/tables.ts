import { sql } from 'drizzle-orm'
import {
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { instruments } from '../catalogue/tables.ts'
import { organisations, users } from '../identity/tables.ts'
import { fenColumn, idColumn, instantColumn } from '../kernel/columns.ts'

/** Versions of one tier never overlap: an exclusion constraint of the custom migration. */
export const tariffs = pgTable(
  'tariffs',
  {
    id: idColumn(),
    instrumentId: uuid('instrument_id')
      .notNull()
      .references(() => instruments.id, { onDelete: 'cascade' }),
    tier: text('tier').notNull(),
    effectiveFrom: date('effective_from').notNull(),
    /** Last day in force; null while open. */
    effectiveTo: date('effective_to'),
    materialFenPerSample: fenColumn('material_fen_per_sample').notNull(),
    utilitiesFenPerHour: fenColumn('utilities_fen_per_hour').notNull(),
    labourFenPerHour: fenColumn('labour_fen_per_hour').notNull(),
    minimumMinutes: integer('minimum_minutes').notNull(),
    basis: text('basis'),
  },
  (t) => [
    check(
      'tariffs_not_negative',
      sql`${t.materialFenPerSample} >= 0 and ${t.utilitiesFenPerHour} >= 0 and ${t.labourFenPerHour} >= 0 and ${t.minimumMinutes} >= 0`,
    ),
  ],
)

export const bills = pgTable(
  'bills',
  {
    id: idColumn(),
    number: text('number').notNull().unique('bills_number'),
    /** Foreign key in the custom migration: bookings stand to the right. */
    bookingId: uuid('booking_id').notNull().unique('bills_booking'),
    enterpriseId: uuid('enterprise_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    institutionId: uuid('institution_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    state: text('state').notNull(),
    amountFen: fenColumn('amount_fen').notNull(),
    paidFen: fenColumn('paid_fen').notNull().default(0),
    /** The priced lines the amount comes from. */
    price: jsonb('price').notNull(),
    issuedAt: instantColumn('issued_at').notNull(),
    transferReference: text('transfer_reference'),
    transferredOn: date('transferred_on'),
  },
  (t) => [
    index('bills_enterprise').on(t.enterpriseId, t.id),
    index('bills_institution').on(t.institutionId, t.id),
    check('bills_paid_within_amount', sql`${t.paidFen} >= 0 and ${t.paidFen} <= ${t.amountFen}`),
  ],
)

export const receipts = pgTable(
  'receipts',
  {
    id: idColumn(),
    billId: uuid('bill_id')
      .notNull()
      .references(() => bills.id, { onDelete: 'restrict' }),
    institutionId: uuid('institution_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    amountFen: fenColumn('amount_fen').notNull(),
    reference: text('reference').notNull(),
    receivedOn: date('received_on').notNull(),
    confirmedBy: uuid('confirmed_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    at: instantColumn('at').notNull(),
  },
  (t) => [
    uniqueIndex('receipts_reference').on(t.institutionId, t.reference),
    index('receipts_bill').on(t.billId),
    check('receipts_positive', sql`${t.amountFen} > 0`),
  ],
)
