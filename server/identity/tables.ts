import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { fenColumn, idColumn, instantColumn } from '../kernel/columns.ts'

const ofUser = (name: string) => uuid(name).references(() => users.id, { onDelete: 'restrict' })

export const organisations = pgTable(
  'organisations',
  {
    id: idColumn(),
    uscc: text('uscc').notNull(),
    name: text('name').notNull(),
    kind: text('kind').notNull(),
    institutionKind: text('institution_kind'),
    /** The policy's kind of user: enterprise, university, institute, social-organisation. */
    userKind: text('user_kind'),
    departmentKind: text('department_kind'),
    verification: text('verification').notNull().default('verified'),
    registeredBy: uuid('registered_by'),
    registeredAt: instantColumn('registered_at'),
    cityCode: text('city_code'),
    city: text('city').notNull().default(''),
    county: text('county'),
    address: text('address'),
    supervisingDepartment: text('supervising_department'),
    latitude: doublePrecision('latitude'),
    longitude: doublePrecision('longitude'),
    legalRepresentative: text('legal_representative'),
    /** `[{name, percent}]` */
    shareholders: jsonb('shareholders').notNull().default([]),
    size: text('size'),
  },
  (t) => [
    // Anybody may claim a code; only one of them is found to be its owner.
    uniqueIndex('organisations_uscc').on(t.uscc).where(sql`${t.verification} = 'verified'`),
    index('organisations_waiting').on(t.verification).where(sql`${t.verification} <> 'verified'`),
  ],
)

export const users = pgTable('users', {
  id: idColumn(),
  /** The number of the person in the file that brought them; null for those who registered. */
  personId: text('person_id').unique('users_person_id'),
  name: text('name').notNull(),
  /** Sealed; null when the account was erased. */
  phone: text('phone'),
  /** The blind index of the phone number. */
  phoneIndex: text('phone_index').unique('users_phone'),
  email: text('email'),
  title: text('title'),
  createdAt: instantColumn('created_at'),
  closedAt: instantColumn('closed_at'),
  erasedAt: instantColumn('erased_at'),
})

export const memberships = pgTable(
  'memberships',
  {
    id: idColumn(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    role: text('role').notNull(),
    /** Above these the enterprise's administrator approves; null: no limit. */
    orderLimitFen: fenColumn('order_limit_fen'),
    monthLimitFen: fenColumn('month_limit_fen'),
    grantedBy: ofUser('granted_by'),
    grantedAt: instantColumn('granted_at'),
  },
  (t) => [
    // The three administrators cannot stand in for each other: nobody is two of them.
    uniqueIndex('memberships_one_administrator')
      .on(t.userId)
      .where(sql`${t.role} in ('platform-administrator', 'security-administrator', 'auditor')`),
    uniqueIndex('memberships_once').on(t.userId, t.organisationId, t.role),
    index('memberships_organisation').on(t.organisationId, t.role),
    check('memberships_not_by_oneself', sql`${t.grantedBy} <> ${t.userId}`),
  ],
)

/** One-time codes by text message. A row is kept for a day, because the limits count them. */
export const logInCodes = pgTable(
  'log_in_codes',
  {
    id: idColumn(),
    phoneIndex: text('phone_index').notNull(),
    codeHash: text('code_hash').notNull(),
    expiresAt: instantColumn('expires_at').notNull(),
    createdAt: instantColumn('created_at').notNull(),
    address: text('address'),
    tries: integer('tries').notNull().default(0),
    usedAt: instantColumn('used_at'),
  },
  (t) => [
    index('log_in_codes_phone').on(t.phoneIndex, t.createdAt),
    index('log_in_codes_address').on(t.address, t.createdAt),
    index('log_in_codes_created').on(t.createdAt),
  ],
)

/**
 * An authenticated period of a person on one device. Its refresh tokens are generations of it: only
 * the current one works.
 */
export const logIns = pgTable(
  'log_ins',
  {
    id: idColumn(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    membershipId: uuid('membership_id').references(() => memberships.id, { onDelete: 'set null' }),
    channel: text('channel').notNull(),
    device: text('device').notNull(),
    address: text('address'),
    methods: text('methods').array().notNull(),
    createdAt: instantColumn('created_at').notNull(),
    seenAt: instantColumn('seen_at').notNull(),
    /** The end at the latest, however busy. */
    expiresAt: instantColumn('expires_at').notNull(),
    /** When a second factor was last given. */
    strongAt: instantColumn('strong_at'),
    generation: integer('generation').notNull().default(0),
    rotatedAt: instantColumn('rotated_at').notNull(),
    revokedAt: instantColumn('revoked_at'),
    revokedReason: text('revoked_reason'),
  },
  (t) => [index('log_ins_user').on(t.userId, t.createdAt), index('log_ins_expiry').on(t.expiresAt)],
)

/** A second factor: a time-based code generator, or a passkey. */
export const factors = pgTable(
  'factors',
  {
    id: idColumn(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    label: text('label').notNull(),
    /** Sealed. */
    secret: text('secret').notNull(),
    createdAt: instantColumn('created_at').notNull(),
    confirmedAt: instantColumn('confirmed_at'),
    /** The time step of the last code taken: no code works twice. */
    lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
    tries: integer('tries').notNull().default(0),
    blockedUntil: instantColumn('blocked_until'),
  },
  (t) => [
    index('factors_user').on(t.userId),
    uniqueIndex('factors_one_generator')
      .on(t.userId)
      .where(sql`${t.kind} = 'totp' and ${t.confirmedAt} is not null`),
  ],
)

export const wechatBindings = pgTable('wechat_bindings', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Blind index of the openid. */
  openidIndex: text('openid_index').notNull().unique('wechat_bindings_openid'),
  openid: text('openid').notNull(),
  /** Sealed; never leaves the server. */
  sessionKey: text('session_key').notNull(),
  boundAt: instantColumn('bound_at').notNull(),
})

export const invitations = pgTable(
  'invitations',
  {
    id: idColumn(),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    role: text('role').notNull(),
    codeHash: text('code_hash').notNull().unique('invitations_code'),
    orderLimitFen: fenColumn('order_limit_fen'),
    monthLimitFen: fenColumn('month_limit_fen'),
    invitedBy: ofUser('invited_by').notNull(),
    createdAt: instantColumn('created_at').notNull(),
    expiresAt: instantColumn('expires_at').notNull(),
    acceptedBy: ofUser('accepted_by'),
    acceptedAt: instantColumn('accepted_at'),
    revokedAt: instantColumn('revoked_at'),
  },
  (t) => [
    index('invitations_organisation').on(t.organisationId, t.createdAt),
    check('invitations_not_oneself', sql`${t.acceptedBy} <> ${t.invitedBy}`),
  ],
)

/** What an organisation says it is, and what an officer decided. */
export const verifications = pgTable(
  'verifications',
  {
    id: idColumn(),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    state: text('state').notNull(),
    /** Warnings of the automatic checks, by code. */
    findings: text('findings').array().notNull(),
    legalRepresentative: text('legal_representative'),
    /** `[{name, percent}]` */
    shareholders: jsonb('shareholders').notNull().default([]),
    licenceFileId: uuid('licence_file_id'),
    submittedBy: ofUser('submitted_by').notNull(),
    submittedAt: instantColumn('submitted_at').notNull(),
    decidedBy: ofUser('decided_by'),
    decidedAt: instantColumn('decided_at'),
    reason: text('reason'),
  },
  (t) => [
    uniqueIndex('verifications_one_open').on(t.organisationId).where(sql`${t.state} = 'submitted'`),
    index('verifications_state').on(t.state, t.submittedAt),
    check('verifications_two_people', sql`${t.decidedBy} <> ${t.submittedBy}`),
  ],
)

/** What makes an organisation eligible, for some time: judged on the day of the service. */
export const credentials = pgTable(
  'credentials',
  {
    id: idColumn(),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    kind: text('kind').notNull(),
    number: text('number').notNull(),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to').notNull(),
    fileId: uuid('file_id'),
    state: text('state').notNull(),
    submittedBy: ofUser('submitted_by'),
    submittedAt: instantColumn('submitted_at').notNull(),
    decidedBy: ofUser('decided_by'),
    decidedAt: instantColumn('decided_at'),
    reason: text('reason'),
  },
  (t) => [
    uniqueIndex('credentials_once').on(t.organisationId, t.kind, t.number, t.validFrom),
    index('credentials_organisation').on(t.organisationId, t.kind, t.validTo),
    index('credentials_waiting').on(t.validTo).where(sql`${t.state} = 'submitted'`),
    check('credentials_two_people', sql`${t.decidedBy} <> ${t.submittedBy}`),
    check('credentials_end_after_start', sql`${t.validFrom} <= ${t.validTo}`),
  ],
)

/** A duty the department's office leaves to another body, by a document and for a time. */
export const delegations = pgTable(
  'delegations',
  {
    id: idColumn(),
    duty: text('duty').notNull(),
    fromId: uuid('from_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    toId: uuid('to_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    document: text('document').notNull(),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
    grantedBy: ofUser('granted_by').notNull(),
    grantedAt: instantColumn('granted_at').notNull(),
    revokedBy: ofUser('revoked_by'),
    revokedAt: instantColumn('revoked_at'),
  },
  (t) => [
    uniqueIndex('delegations_once').on(t.duty, t.toId).where(sql`${t.revokedAt} is null`),
    check('delegations_two_bodies', sql`${t.fromId} <> ${t.toId}`),
  ],
)

/** Where an organisation is paid: proposed by one person, put in use by another. */
export const bankAccounts = pgTable(
  'bank_accounts',
  {
    id: idColumn(),
    organisationId: uuid('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    bankName: text('bank_name').notNull(),
    /** Sealed. */
    account: text('account').notNull(),
    /** The last four digits, for people to recognise it by. */
    accountTail: text('account_tail').notNull(),
    state: text('state').notNull(),
    proposedBy: ofUser('proposed_by'),
    proposedAt: instantColumn('proposed_at').notNull(),
    decidedBy: ofUser('decided_by'),
    decidedAt: instantColumn('decided_at'),
    reason: text('reason'),
  },
  (t) => [
    uniqueIndex('bank_accounts_one_in_use').on(t.organisationId).where(sql`${t.state} = 'in_use'`),
    uniqueIndex('bank_accounts_one_proposed')
      .on(t.organisationId)
      .where(sql`${t.state} = 'proposed'`),
    check('bank_accounts_two_people', sql`${t.decidedBy} <> ${t.proposedBy}`),
    // Without a proposer are only those that were there before anybody proposed.
    check(
      'bank_accounts_checked',
      sql`${t.state} = 'proposed' or ${t.decidedBy} is not null or ${t.proposedBy} is null`,
    ),
  ],
)

export const consents = pgTable(
  'consents',
  {
    id: idColumn(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    scope: text('scope').notNull(),
    version: text('version').notNull(),
    channel: text('channel').notNull(),
    givenAt: instantColumn('given_at').notNull(),
    withdrawnAt: instantColumn('withdrawn_at'),
  },
  (t) => [
    uniqueIndex('consents_one_in_force')
      .on(t.userId, t.scope, t.version)
      .where(sql`${t.withdrawnAt} is null`),
  ],
)

/**
 * Whose personal data were erased, for ever: a restored back-up is brought to this list. It
 * outlives the rows it names, so it refers to none.
 */
export const erasures = pgTable('erasures', {
  userId: uuid('user_id').primaryKey(),
  erasedAt: instantColumn('erased_at').notNull(),
  /** How many rows of which table, the last time it was done. */
  done: jsonb('done').notNull(),
  /** When the copy outside the database was written. */
  copiedAt: instantColumn('copied_at'),
})
