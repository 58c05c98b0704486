import {
  boolean,
  customType,
  date,
  doublePrecision,
  index,
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
  },
  (t) => [
    uniqueIndex('instruments_inner_id').on(t.institutionId, t.innerId),
    index('instruments_class').on(t.classCode),
    index('instruments_kind').on(t.kind),
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

export const instrumentTechnicians = pgTable(
  'instrument_technicians',
  {
    instrumentId: uuid('instrument_id')
      .notNull()
      .references(() => instruments.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.instrumentId, t.userId] }),
    index('instrument_technicians_user').on(t.userId),
  ],
)
