import { cities, type UserKind } from '@yiqi/shared/identity/terms.ts'
import { VOUCHER_CREDENTIAL } from '@yiqi/shared/identity/terms-organisations.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { allowImport, recordAlone } from '../kernel/imports.ts'
import { readTable } from '../kernel/read-table.ts'

export type ImportOrganisationsInput = { kind: 'institution' | 'enterprise'; csv: Buffer }

const shared = [
  'name',
  'uscc',
  'city',
  'county',
  'address',
  'legal_representative',
  'shareholders',
] as const
const ofInstitutions = [
  ...shared,
  'kind',
  'supervising_department',
  'latitude',
  'longitude',
] as const
const ofEnterprises = [
  ...shared,
  'size',
  'registry_number',
  'registry_year',
  'registry_valid_to',
] as const

type OrganisationRow = {
  uscc: string
  name: string
  kind: string
  user_kind: UserKind
  institution_kind: string | null
  city_code: string | null
  city: string
  county: string | null
  address: string | null
  supervising_department: string | null
  latitude: number | null
  longitude: number | null
  legal_representative: string | null
  shareholders: { name: string; percent: number }[]
  size: string | null
}

/**
 * Brings institutions or enterprises up to a register's file (CSV), by USCC. Organisations that are
 * not in it stay as they are. For jobs and platform administrators. Refuses: identity.role_missing.
 */
export async function importOrganisations(
  ctx: Ctx,
  input: ImportOrganisationsInput,
): Promise<{ written: number }> {
  allowImport(ctx)
  const rows = input.kind === 'institution' ? institutions(input.csv) : enterprises(input.csv)
  await ctx.sql`
    insert into organisations (uscc, name, kind, user_kind, institution_kind, city_code, city,
      county, address, supervising_department, latitude, longitude, legal_representative,
      shareholders, size)
    select uscc, name, kind, user_kind, institution_kind, city_code, city, county, address,
      supervising_department, latitude, longitude, legal_representative, shareholders, size
    from jsonb_populate_recordset(null::organisations, ${ctx.sql.json(rows)})
    on conflict (uscc) where verification = 'verified' do update set
      name = excluded.name, user_kind = excluded.user_kind,
      institution_kind = excluded.institution_kind,
      city_code = excluded.city_code, city = excluded.city, county = excluded.county,
      address = excluded.address, supervising_department = excluded.supervising_department,
      latitude = excluded.latitude, longitude = excluded.longitude,
      legal_representative = excluded.legal_representative, shareholders = excluded.shareholders,
      size = excluded.size`
  if (input.kind === 'enterprise') await writeRegisterEntries(ctx, input.csv)
  await recordAlone(ctx, 'identity.organisations_imported', rows.length)
  return { written: rows.length }
}

/** 入库登记: good for the year of the entry; the register is an authority, nobody decides on it. */
async function writeRegisterEntries(ctx: Ctx, csv: Buffer): Promise<void> {
  const entries = readTable(csv, ofEnterprises)
    .filter((row) => row.registry_number !== '' && row.registry_valid_to !== '')
    .map((row) => ({
      uscc: row.uscc,
      number: row.registry_number,
      valid_from: `${row.registry_year || row.registry_valid_to.slice(0, 4)}-01-01`,
      valid_to: row.registry_valid_to,
    }))
  await ctx.sql`
    insert into credentials (organisation_id, kind, number, valid_from, valid_to, state,
      submitted_at, decided_at)
    select o.id, ${VOUCHER_CREDENTIAL}, e.number, e.valid_from, e.valid_to, 'accepted',
      ${ctx.now()}, ${ctx.now()}
    from jsonb_to_recordset(${ctx.sql.json(entries)})
      as e(uscc text, number text, valid_from date, valid_to date)
    join organisations o on o.uscc = e.uscc and o.verification = 'verified'
    on conflict (organisation_id, kind, number, valid_from) do update
      set valid_to = excluded.valid_to, state = 'accepted'`
}

export function cityCodeOf(city: string): string | null {
  return Object.entries(cities).find(([, name]) => name === city)?.[0] ?? null
}

const userKindBy: Partial<Record<string, UserKind>> = {
  university: 'university',
  'private-lab': 'social-organisation',
}

function institutions(csv: Buffer): OrganisationRow[] {
  return readTable(csv, ofInstitutions).map((row) => ({
    ...sharedOf(row),
    kind: 'institution',
    user_kind: userKindBy[row.kind] ?? 'institute',
    institution_kind: row.kind,
    supervising_department: row.supervising_department || null,
    latitude: numberOrNull(row.latitude),
    longitude: numberOrNull(row.longitude),
    size: null,
  }))
}

function enterprises(csv: Buffer): OrganisationRow[] {
  return readTable(csv, ofEnterprises).map((row) => ({
    ...sharedOf(row),
    kind: 'enterprise',
    user_kind: 'enterprise',
    institution_kind: null,
    supervising_department: null,
    latitude: null,
    longitude: null,
    size: row.size || null,
  }))
}

function sharedOf(row: Record<(typeof shared)[number], string>) {
  return {
    uscc: row.uscc,
    name: row.name,
    city_code: cityCodeOf(row.city),
    city: row.city,
    county: row.county || null,
    address: row.address || null,
    legal_representative: row.legal_representative || null,
    shareholders: shareholdersOf(row.shareholders),
  }
}

/** `甲:70%；乙:30%` */
function shareholdersOf(text: string): { name: string; percent: number }[] {
  const parts = text.split('；').filter((part) => part !== '')
  return parts.map((part) => {
    const [name = '', percent = ''] = part.split(':')
    return { name, percent: Number(percent.replace('%', '')) }
  })
}

function numberOrNull(text: string): number | null {
  return text === '' ? null : Number(text)
}
