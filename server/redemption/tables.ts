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
import { bookings } from '../booking/tables.ts'
import { organisations, users } from '../identity/tables.ts'
import { fenColumn, idColumn, instantColumn } from '../kernel/columns.ts'
import { programmes } from '../voucher/tables.ts'

const ofUser = (name: string) => uuid(name).references(() => users.id, { onDelete: 'restrict' })

/**
 * Nobody approves what they compose, or pays what they approve; a trigger keeps what was written.
 */
export const batches = pgTable(
  'batches',
  {
    id: idColumn(),
    number: text('number').notNull().unique('batches_number'),
    programmeId: uuid('programme_id')
      .notNull()
      .references(() => programmes.id, { onDelete: 'restrict' }),
    state: text('state').notNull(),
    openedAt: instantColumn('opened_at').notNull(),
    openedBy: ofUser('opened_by'),
    publicFrom: date('public_from'),
    publicUntil: date('public_until'),
    approvedAt: instantColumn('approved_at'),
    /** Who approved last, if several must. */
    approvedBy: ofUser('approved_by'),
    /** How many had to approve. */
    approvalsNeeded: integer('approvals_needed').notNull().default(1),
    /** The hash of exactly what was approved; any change makes the approval void. */
    approvedHash: text('approved_hash'),
    instructedAt: instantColumn('instructed_at'),
    instructedBy: ofUser('instructed_by'),
    returnedAt: instantColumn('returned_at'),
    reconciledAt: instantColumn('reconciled_at'),
    reconciledBy: ofUser('reconciled_by'),
  },
  (t) => [
    check('batches_approver_apart', sql`${t.approvedBy} <> ${t.openedBy}`),
    check('batches_payer_apart', sql`${t.instructedBy} <> ${t.approvedBy}`),
  ],
)

/** 批准记录: one person's approval of a batch as it was then. */
export const batchApprovals = pgTable(
  'batch_approvals',
  {
    id: idColumn(),
    batchId: uuid('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'restrict' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    at: instantColumn('at').notNull(),
    contentHash: text('content_hash').notNull(),
  },
  (t) => [uniqueIndex('batch_approvals_once').on(t.batchId, t.userId)],
)

export const claims = pgTable(
  'claims',
  {
    id: idColumn(),
    number: text('number').notNull().unique('claims_number'),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'restrict' }),
    programmeId: uuid('programme_id')
      .notNull()
      .references(() => programmes.id, { onDelete: 'restrict' }),
    enterpriseId: uuid('enterprise_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    institutionId: uuid('institution_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    /** Who is paid: the institution in a deduct programme, the enterprise in a refund one. */
    payeeId: uuid('payee_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    state: text('state').notNull(),
    amountFen: fenColumn('amount_fen').notNull(),
    batchId: uuid('batch_id').references(() => batches.id, { onDelete: 'restrict' }),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    createdAt: instantColumn('created_at').notNull(),
    submittedAt: instantColumn('submitted_at'),
    returnReason: text('return_reason'),
    returnNote: text('return_note'),
  },
  (t) => [
    // A booking is claimed at most once; only a withdrawn or rejected claim makes room for another.
    uniqueIndex('claims_once')
      .on(t.bookingId)
      .where(sql`${t.state} not in ('withdrawn', 'rejected')`),
    index('claims_state').on(t.state, t.id),
    index('claims_batch').on(t.batchId),
    check('claims_positive', sql`${t.amountFen} > 0`),
  ],
)

export const claimReviews = pgTable(
  'claim_reviews',
  {
    id: idColumn(),
    claimId: uuid('claim_id')
      .notNull()
      .references(() => claims.id, { onDelete: 'restrict' }),
    review: text('review').notNull(),
    decision: text('decision').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    at: instantColumn('at').notNull(),
    note: text('note'),
  },
  (t) => [index('claim_reviews_claim').on(t.claimId)],
)

/** One line of a payment file: what one funder pays for one claim. */
export const payments = pgTable(
  'payments',
  {
    id: idColumn(),
    reference: text('reference').notNull().unique('payments_reference'),
    batchId: uuid('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'restrict' }),
    claimId: uuid('claim_id')
      .notNull()
      .references(() => claims.id, { onDelete: 'restrict' }),
    funder: text('funder').notNull(),
    cityCode: text('city_code'),
    payeeId: uuid('payee_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    instructedFen: fenColumn('instructed_fen').notNull(),
  },
  (t) => [
    uniqueIndex('payments_once').on(t.claimId, t.funder),
    index('payments_batch').on(t.batchId),
  ],
)

/** What the bank said, row by row, as it came; a later file adds rows, it never edits. */
export const bankReturns = pgTable(
  'bank_returns',
  {
    id: idColumn(),
    paymentId: uuid('payment_id')
      .notNull()
      .references(() => payments.id, { onDelete: 'restrict' }),
    returnedFen: fenColumn('returned_fen').notNull(),
    status: text('status').notNull(),
    bankReference: text('bank_reference').notNull(),
    filename: text('filename').notNull(),
    at: instantColumn('at').notNull(),
    row: integer('row').notNull(),
    raw: jsonb('raw').notNull(),
  },
  (t) => [uniqueIndex('bank_returns_once').on(t.paymentId, t.bankReference)],
)
