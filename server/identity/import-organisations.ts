import { cities } from '@yiqi/shared/identity/terms.ts'
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
const ofEnterprises = [...shared, 'size', 'registry_number', 'registry_valid_to'] as const

type OrganisationRow = {
  uscc: string
  name: string
  kind: string
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
  registry_number: string | null
  registry_valid_to: string | null
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
    insert into organisations (uscc, name, kind, institution_kind, city_code, city, county, address,
      supervising_department, latitude, longitude, legal_representative, shareholders, size,
      registry_number, registry_valid_to)
    select uscc, name, kind, institution_kind, city_code, city, county, address,
      supervising_department, latitude, longitude, legal_representative, shareholders, size,
      registry_number, registry_valid_to
    from jsonb_populate_recordset(null::organisations, ${ctx.sql.json(rows)})
    on conflict (uscc) where verification = 'verified' do update set
      name = excluded.name, institution_kind = excluded.institution_kind,
      city_code = excluded.city_code, city = excluded.city, county = excluded.county,
      address = excluded.address, supervising_department = excluded.supervising_department,
      latitude = excluded.latitude, longitude = excluded.longitude,
      legal_representative = excluded.legal_representative, shareholders = excluded.shareholders,
      size = excluded.size, registry_number = excluded.registry_number,
      registry_valid_to = excluded.registry_valid_to`
  await recordAlone(ctx, 'identity.organisations_imported', rows.length)
  return { written: rows.length }
}

export function cityCodeOf(city: string): string | null {
  return Object.entries(cities).find(([, name]) => name === city)?.[0] ?? null
}

function institutions(csv: Buffer): OrganisationRow[] {
  return readTable(csv, ofInstitutions).map((row) => ({
    ...sharedOf(row),
    kind: 'institution',
    institution_kind: row.kind,
    supervising_department: row.supervising_department || null,
    latitude: numberOrNull(row.latitude),
    longitude: numberOrNull(row.longitude),
    size: null,
    registry_number: null,
    registry_valid_to: null,
  }))
}

function enterprises(csv: Buffer): OrganisationRow[] {
  return readTable(csv, ofEnterprises).map((row) => ({
    ...sharedOf(row),
    kind: 'enterprise',
    institution_kind: null,
    supervising_department: null,
    latitude: null,
    longitude: null,
    size: row.size || null,
    registry_number: row.registry_number || null,
    registry_valid_to: row.registry_valid_to || null,
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
