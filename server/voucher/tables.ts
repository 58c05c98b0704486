import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { organisations, users } from '../identity/tables.ts'
import { fenColumn, idColumn, instantColumn } from '../kernel/columns.ts'

export const programmes = pgTable('programmes', {
  id: idColumn(),
  code: text('code').notNull().unique('programmes_code'),
  name: text('name').notNull(),
  year: integer('year').notNull(),
  mode: text('mode').notNull(),
  state: text('state').notNull(),
  ratioPermille: integer('ratio_permille').notNull(),
  bookingCapFen: fenColumn('booking_cap_fen'),
  enterpriseCapFen: fenColumn('enterprise_cap_fen').notNull(),
  provincePermille: integer('province_permille').notNull(),
  publicityDays: integer('publicity_days').notNull(),
  serviceModes: text('service_modes').array().notNull(),
  /** Reviews a claim passes, in order. */
  reviews: text('reviews').array().notNull(),
  validFrom: date('valid_from').notNull(),
  validTo: date('valid_to').notNull(),
})

/** A ledger account. Only the trigger on transfers changes its sums. */
export const accounts = pgTable(
  'accounts',
  {
    id: idColumn(),
    code: text('code').notNull().unique('accounts_code'),
    kind: text('kind').notNull(),
    organisationId: uuid('organisation_id').references(() => organisations.id, {
      onDelete: 'restrict',
    }),
    programmeId: uuid('programme_id').references(() => programmes.id, { onDelete: 'restrict' }),
    debitsPosted: fenColumn('debits_posted').notNull().default(0),
    creditsPosted: fenColumn('credits_posted').notNull().default(0),
    debitsPending: fenColumn('debits_pending').notNull().default(0),
  },
  (t) => [
    check('accounts_pending_not_negative', sql`${t.debitsPending} >= 0`),
    check(
      'quota_never_negative',
      sql`${t.kind} <> 'quota' or ${t.creditsPosted} - ${t.debitsPosted} - ${t.debitsPending} >= 0`,
    ),
    check(
      'programme_never_negative',
      sql`${t.kind} <> 'programme' or ${t.creditsPosted} - ${t.debitsPosted} - ${t.debitsPending} >= 0`,
    ),
    check(
      'accounts_never_negative',
      sql`${t.kind} in ('treasury', 'quota', 'programme') or ${t.creditsPosted} - ${t.debitsPosted} - ${t.debitsPending} >= 0`,
    ),
  ],
)

/**
 * Movements between two accounts, for ever. An earmark is pending until one transfer resolves it.
 */
export const transfers = pgTable(
  'transfers',
  {
    id: idColumn(),
    at: instantColumn('at').notNull(),
    kind: text('kind').notNull(),
    debitAccountId: uuid('debit_account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'restrict' }),
    creditAccountId: uuid('credit_account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'restrict' }),
    amountFen: fenColumn('amount_fen').notNull(),
    pending: boolean('pending').notNull().default(false),
    /** The earmark that this posting or release resolves. */
    resolvesId: uuid('resolves_id').unique('transfers_resolve_once'),
    reason: text('reason'),
    bookingId: uuid('booking_id'),
    claimId: uuid('claim_id'),
    paymentId: uuid('payment_id'),
    actorId: uuid('actor_id'),
  },
  (t) => [
    check('transfers_positive', sql`${t.amountFen} > 0`),
    check('transfers_two_accounts', sql`${t.debitAccountId} <> ${t.creditAccountId}`),
    index('transfers_debit').on(t.debitAccountId, t.id),
    index('transfers_credit').on(t.creditAccountId, t.id),
    index('transfers_booking').on(t.bookingId),
    index('transfers_payment').on(t.paymentId),
  ],
)

export const quotas = pgTable(
  'quotas',
  {
    id: idColumn(),
    programmeId: uuid('programme_id')
      .notNull()
      .references(() => programmes.id, { onDelete: 'restrict' }),
    enterpriseId: uuid('enterprise_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'restrict' }),
  },
  (t) => [
    uniqueIndex('quotas_once').on(t.programmeId, t.enterpriseId),
    index('quotas_enterprise').on(t.enterpriseId),
  ],
)

/** 额度发放单: quota that one person proposes and another issues; the money moves with its state. */
export const quotaIssues = pgTable(
  'quota_issues',
  {
    id: idColumn(),
    programmeId: uuid('programme_id')
      .notNull()
      .references(() => programmes.id, { onDelete: 'restrict' }),
    enterpriseId: uuid('enterprise_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    amountFen: fenColumn('amount_fen').notNull(),
    reason: text('reason').notNull(),
    state: text('state').notNull().default('proposed'),
    madeBy: uuid('made_by')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    madeAt: instantColumn('made_at').notNull(),
    checkedBy: uuid('checked_by').references(() => users.id, { onDelete: 'restrict' }),
    checkedAt: instantColumn('checked_at'),
    /** Why it was refused. */
    note: text('note'),
  },
  (t) => [
    check('quota_issues_two_people', sql`${t.madeBy} <> ${t.checkedBy}`),
    check('quota_issues_positive', sql`${t.amountFen} > 0`),
    check('quota_issues_checked', sql`(${t.state} = 'proposed') = (${t.checkedBy} is null)`),
    index('quota_issues_state').on(t.state, t.id),
  ],
)
