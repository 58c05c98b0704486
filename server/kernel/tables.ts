import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
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

/** The keys that seal fields, each sealed itself under a key of the outside. */
export const dataKeys = pgTable(
  'data_keys',
  {
    /** Short: it is part of every sealed text. */
    kid: text('kid').primaryKey(),
    /** What it seals: a column, or one organisation's secrets. */
    scope: text('scope').notNull(),
    /** The key under `kek`, with nonce and tag; null: destroyed, and what it sealed with it. */
    wrapped: text('wrapped'),
    kek: text('kek').notNull(),
    createdAt: instantColumn('created_at').notNull(),
    /** New texts are sealed with the scope's newest key that is not retired. */
    retiredAt: instantColumn('retired_at'),
  },
  (t) => [uniqueIndex('data_keys_one_in_use').on(t.scope).where(sql`${t.retiredAt} is null`)],
)

/** Who did what to permissions, money and protected data: refused update and delete by trigger. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: idColumn(),
    at: instantColumn('at').notNull(),
    /** The event's kind: permission, money, protected. */
    kind: text('kind').notNull(),
    action: text('action').notNull(),
    actorId: uuid('actor_id'),
    /** A job's name, where nobody acted. */
    job: text('job'),
    role: text('role'),
    organisationId: uuid('organisation_id'),
    logInId: uuid('log_in_id'),
    subjectId: text('subject_id').notNull(),
    detail: jsonb('detail').notNull(),
    address: text('address'),
    requestId: text('request_id').notNull(),
  },
  (t) => [
    index('audit_entries_at').on(t.at, t.id),
    index('audit_entries_subject').on(t.subjectId),
    index('audit_entries_actor').on(t.actorId, t.at),
  ],
)

/** The chain: each link holds the hash of its row and of the link before it in its shard. */
export const auditLinks = pgTable(
  'audit_links',
  {
    shard: integer('shard').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    /** The table of the row: audit_entries or transfers. */
    source: text('source').notNull(),
    rowId: uuid('row_id').notNull(),
    rowHash: text('row_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.shard, t.seq] }),
    uniqueIndex('audit_links_row').on(t.source, t.rowId),
  ],
)

/** The last link of each shard; the lock that keeps its writers in a row. */
export const auditHeads = pgTable('audit_heads', {
  shard: integer('shard').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
})

/** What all heads were at one time, signed; a copy is kept outside the database. */
export const auditSeals = pgTable('audit_seals', {
  id: idColumn(),
  at: instantColumn('at').notNull(),
  heads: jsonb('heads').notNull(),
  signature: text('signature').notNull(),
  kid: text('kid').notNull(),
})

/** Files people bring: content encrypted outside the database, known by its hash. */
export const files = pgTable(
  'files',
  {
    id: idColumn(),
    organisationId: uuid('organisation_id'),
    ownerId: uuid('owner_id').notNull(),
    purpose: text('purpose').notNull(),
    /** Sealed. */
    name: text('name').notNull(),
    type: text('type').notNull(),
    bytes: integer('bytes').notNull(),
    sha256: text('sha256').notNull(),
    state: text('state').notNull(),
    /** What the virus scanner said, that it has not answered yet, or that there is none. */
    scan: text('scan').notNull(),
    /** The content's name on disk; empty: there is none any more. */
    storedAs: text('stored_as').notNull(),
    /** Sealed; null: destroyed, and the content with it. */
    key: text('key'),
    createdAt: instantColumn('created_at').notNull(),
    deleteOn: instantColumn('delete_on'),
    deletedAt: instantColumn('deleted_at'),
  },
  (t) => [
    index('files_organisation').on(t.organisationId, t.createdAt),
    index('files_owner').on(t.ownerId, t.createdAt),
    index('files_deletion').on(t.deleteOn).where(sql`${t.deletedAt} is null`),
    index('files_quarantined').on(t.createdAt).where(sql`${t.state} = 'quarantined'`),
    /** What is left on disk of files whose key is gone. */
    index('files_leftover').on(t.id).where(sql`${t.key} is null and ${t.storedAs} <> ''`),
    uniqueIndex('files_stored_as').on(t.storedAs).where(sql`${t.storedAs} <> ''`),
    check('files_state_known', sql`${t.state} in ('clean', 'quarantined', 'refused')`),
    check('files_not_negative', sql`${t.bytes} >= 0`),
    check(
      'files_key_while_kept',
      sql`(${t.key} is not null) = (${t.deletedAt} is null and ${t.state} <> 'refused')`,
    ),
    check('files_key_needs_content', sql`${t.key} is null or ${t.storedAs} <> ''`),
  ],
)

/** A link to one file: for one log-in, a short time, once where the file is protected. */
export const fileLinks = pgTable(
  'file_links',
  {
    /** Hash of the opaque part of the address. */
    codeHash: text('code_hash').primaryKey(),
    fileId: uuid('file_id')
      .notNull()
      .references(() => files.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull(),
    /** Log-in and role in which they asked; whether both still stand is asked at use. */
    seat: jsonb('seat').notNull(),
    once: boolean('once').notNull(),
    expiresAt: instantColumn('expires_at').notNull(),
    usedAt: instantColumn('used_at'),
  },
  (t) => [index('file_links_expiry').on(t.expiresAt), index('file_links_file').on(t.fileId)],
)
