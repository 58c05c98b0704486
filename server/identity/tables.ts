import {
  date,
  doublePrecision,
  index,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { idColumn, instantColumn } from '../kernel/columns.ts'

export const organisations = pgTable('organisations', {
  id: idColumn(),
  uscc: text('uscc').notNull().unique('organisations_uscc'),
  name: text('name').notNull(),
  kind: text('kind').notNull(),
  institutionKind: text('institution_kind'),
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
  registryNumber: text('registry_number'),
  registryValidTo: date('registry_valid_to'),
  bankName: text('bank_name'),
  bankAccount: text('bank_account'),
})

export const users = pgTable('users', {
  id: idColumn(),
  /** The number of the person in the file that brought them; null for those who registered. */
  personId: text('person_id').unique('users_person_id'),
  name: text('name').notNull(),
  phone: text('phone').notNull().unique('users_phone'),
  email: text('email'),
  title: text('title'),
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
  },
  (t) => [
    uniqueIndex('memberships_once').on(t.userId, t.organisationId, t.role),
    index('memberships_organisation').on(t.organisationId, t.role),
  ],
)

export const logInCodes = pgTable(
  'log_in_codes',
  {
    id: idColumn(),
    phone: text('phone').notNull(),
    codeHash: text('code_hash').notNull(),
    expiresAt: instantColumn('expires_at').notNull(),
    createdAt: instantColumn('created_at').notNull(),
  },
  (t) => [index('log_in_codes_phone').on(t.phone, t.createdAt)],
)
