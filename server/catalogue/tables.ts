import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { organisations, users } from '../identity/tables.ts'
import { fenColumn, idColumn, instantColumn } from '../kernel/columns.ts'

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

export const instrumentClasses = pgTable('instrument_classes', {
  code: text('code').primaryKey(),
  parentCode: text('parent_code'),
  name: text('name').notNull(),
  path: text('path').notNull(),
})

export const instrumentKinds = pgTable('instrument_kinds', {
  kind: text('kind').primaryKey(),
  name: text('name').notNull(),
  otherNames: text('other_names').notNull().default(''),
  englishName: text('english_name').notNull().default(''),
  classCode: text('class_code').notNull(),
})

export const synonyms = pgTable(
  'synonyms',
  {
    term: text('term').notNull(),
    kind: text('kind')
      .notNull()
      .references(() => instrumentKinds.kind, { onDelete: 'cascade' }),
    type: text('type').notNull(),
  },
  (t) => [primaryKey({ columns: [t.term, t.kind] })],
)

/** Statutory holidays and adjusted working weekends; a provisional year says so. */
export const calendarDays = pgTable('calendar_days', {
  date: date('date').primaryKey(),
  kind: text('kind').notNull(),
  name: text('name').notNull(),
  status: text('status').notNull(),
  source: text('source').notNull(),
})

export const instruments = pgTable(
  'instruments',
  {
    id: idColumn(),
    number: text('number').notNull().unique('instruments_number'),
    shortCode: text('short_code').notNull().unique('instruments_short_code'),
    institutionId: uuid('institution_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'restrict' }),
    innerId: text('inner_id').notNull(),
    managementNumber: text('management_number'),
    name: text('name').notNull(),
    englishName: text('english_name'),
    belongsType: text('belongs_type'),
    belongsName: text('belongs_name'),
    department: text('department'),
    classCode: text('class_code').notNull(),
    kind: text('kind').references(() => instrumentKinds.kind, { onDelete: 'set null' }),
    source: text('source'),
    customsSupervised: boolean('customs_supervised').notNull().default(false),
    worthFen: fenColumn('worth_fen'),
    nation: text('nation'),
    manufacturer: text('manufacturer'),
    accountedOn: date('accounted_on'),
    nature: text('nature'),
    model: text('model'),
    technical: text('technical'),
    functions: text('functions'),
    disciplines: text('disciplines').array().notNull().default([]),
    funds: text('funds').array().notNull().default([]),
    serviceContent: text('service_content'),
    image: text('image'),
    runningHours: doublePrecision('running_hours'),
    externalHours: doublePrecision('external_hours'),
    userNotice: text('user_notice'),
    feeText: text('fee_text'),
    serviceUrl: text('service_url'),
    address: text('address').notNull().default(''),
    contactName: text('contact_name'),
    contactPhone: text('contact_phone'),
    contactEmail: text('contact_email'),
    contactAddress: text('contact_address'),
    contactPostcode: text('contact_postcode'),
    customsDeclaration: text('customs_declaration'),
    customsItem: text('customs_item'),
    customsReleasedOn: date('customs_released_on'),
    customsName: text('customs_name'),
    importedAt: instantColumn('imported_at').notNull(),
    /** How many of its team must be able to work on any day. */
    staffMin: integer('staff_min').notNull().default(1),
  },
  (t) => [
    uniqueIndex('instruments_inner_id').on(t.institutionId, t.innerId),
    index('instruments_class').on(t.classCode),
    index('instruments_kind').on(t.kind),
    check('instruments_staff_min', sql`${t.staffMin} between 0 and 50`),
  ],
)

/** The search words of each instrument, apart so that the index stays small. */
export const instrumentSearch = pgTable(
  'instrument_search',
  {
    instrumentId: uuid('instrument_id')
      .primaryKey()
      .references(() => instruments.id, { onDelete: 'cascade' }),
    words: tsvector('words').notNull(),
  },
  (t) => [index('instrument_search_words').using('gin', t.words).with({ fastupdate: false })],
)

/** The team of an instrument: who confirms its bookings and runs its sessions. */
export const instrumentTechnicians = pgTable(
  'instrument_technicians',
  {
    instrumentId: uuid('instrument_id')
      .notNull()
      .references(() => instruments.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    position: text('position').notNull().default('member'),
    licenceNumber: text('licence_number'),
    licensedOn: date('licensed_on'),
    /** The last day it is good for; null: without end, or no licence entered. */
    licenceExpiresOn: date('licence_expires_on'),
  },
  (t) => [
    primaryKey({ columns: [t.instrumentId, t.userId] }),
    index('instrument_technicians_user').on(t.userId),
    uniqueIndex('instrument_technicians_one_lead')
      .on(t.instrumentId)
      .where(sql`${t.position} = 'lead'`),
    check(
      'instrument_technicians_position',
      sql`${t.position} in ('lead', 'member', 'substitute')`,
    ),
    check(
      'instrument_technicians_licence',
      sql`${t.licenceNumber} is not null
        or (${t.licensedOn} is null and ${t.licenceExpiresOn} is null)`,
    ),
    check('instrument_technicians_licensed', sql`${t.licensedOn} <= ${t.licenceExpiresOn}`),
  ],
)

/**
 * Who is on duty when, in minutes of one day, half-open: a night is two shifts. The exclusion
 * constraint of the migration lets nobody be in two places.
 */
export const dutyShifts = pgTable(
  'duty_shifts',
  {
    id: idColumn(),
    instrumentId: uuid('instrument_id')
      .notNull()
      .references(() => instruments.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    onDate: date('on_date').notNull(),
    startsMinute: integer('starts_minute').notNull(),
    endsMinute: integer('ends_minute').notNull(),
    /** Whom the person stands in for. */
    substituteFor: uuid('substitute_for').references(() => users.id, { onDelete: 'set null' }),
  },
  (t) => [
    index('duty_shifts_instrument').on(t.instrumentId, t.onDate),
    index('duty_shifts_day').on(t.onDate, t.id),
    check(
      'duty_shifts_minutes',
      sql`0 <= ${t.startsMinute} and ${t.startsMinute} < ${t.endsMinute} and ${t.endsMinute} <= 1440`,
    ),
    check('duty_shifts_for_another', sql`${t.substituteFor} <> ${t.userId}`),
  ],
)

/** Which alarms of which teams were told, and until when they lasted: none is told twice. */
export const teamAlarms = pgTable(
  'team_alarms',
  {
    id: idColumn(),
    instrumentId: uuid('instrument_id')
      .notNull()
      .references(() => instruments.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    /** What tells two alarms of a kind apart: person and day of a licence; else ''. */
    about: text('about').notNull(),
    toldAt: instantColumn('told_at').notNull(),
    endedAt: instantColumn('ended_at'),
  },
  (t) => [
    uniqueIndex('team_alarms_once')
      .on(t.instrumentId, t.kind, t.about)
      .where(sql`${t.endedAt} is null`),
  ],
)
