import { createHash } from 'node:crypto'
import type { DepartmentKind } from '@yiqi/shared/identity/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { allowImport, recordAlone } from '../kernel/imports.ts'
import { readTable } from '../kernel/read-table.ts'
import { importExperts } from './import-experts.ts'
import { cityCodeOf } from './import-organisations.ts'

const columns = [
  'person_id',
  'name',
  'role',
  'org_name',
  'org_uscc',
  'city',
  'title',
  'phone',
  'email',
] as const
type PersonRow = Record<(typeof columns)[number], string>

/**
 * Brings people and their memberships up to a register's file (CSV), by the file's person number.
 * An office without a USCC becomes a department, known by its name. Experts come with their
 * subjects and term, where the file has them. For jobs and platform administrators. Refuses
 * identity.role_missing, identity.no_such_field.
 */
export async function importPeople(ctx: Ctx, input: { csv: Buffer }): Promise<{ written: number }> {
  allowImport(ctx)
  const people = readTable(input.csv, columns).map((row) => ({
    ...row,
    org_uscc: row.org_uscc || departmentUscc(row.org_name),
  }))
  await writeDepartments(ctx, people)
  await ctx.sql`
    insert into users (id, person_id, name, phone, phone_index, email, title, created_at)
    select id, person_id, name, phone, phone_index, nullif(email, ''), nullif(title, ''),
      ${ctx.now()}
    from jsonb_to_recordset(${ctx.sql.json(await sealed(ctx, people))})
      as p(id uuid, person_id text, name text, phone text, phone_index text, email text, title text)
    on conflict (person_id) do update
      set name = excluded.name, phone = excluded.phone, phone_index = excluded.phone_index,
        email = excluded.email, title = excluded.title`
  await ctx.sql`
    insert into memberships (user_id, organisation_id, role)
    select u.id, o.id, p.role
    from jsonb_to_recordset(${ctx.sql.json(people)}) as p(person_id text, org_uscc text, role text)
    join users u on u.person_id = p.person_id
    join organisations o on o.uscc = p.org_uscc and o.verification = 'verified'
    on conflict do nothing`
  await importExperts(ctx, input.csv)
  await recordAlone(ctx, 'identity.people_imported', people.length)
  return { written: people.length }
}

/** The rows with their ids, known or new, and with the phone sealed for that id. */
async function sealed(ctx: Ctx, people: readonly PersonRow[]) {
  const ids = await ctx.sql<{ personId: string; id: string }[]>`
    select p.person_id, coalesce(u.id, new_id()) as id
    from unnest(${people.map((person) => person.person_id)}::text[]) as p(person_id)
      left join users u on u.person_id = p.person_id`
  const idOf = new Map(ids.map((row) => [row.personId, row.id]))
  return Promise.all(
    people.map(async (person) => {
      const id = must(idOf.get(person.person_id), 'an id for every person')
      const cell = { column: 'users.phone', rowId: id } as const
      return {
        ...person,
        id,
        phone: await ctx.vault.seal(ctx.sql, cell, person.phone),
        phone_index: ctx.vault.indexOf('users.phone', person.phone),
      }
    }),
  )
}

async function writeDepartments(ctx: Ctx, people: readonly PersonRow[]): Promise<void> {
  const departments = people
    .filter((person) => person.org_uscc === departmentUscc(person.org_name))
    .map((person) => ({
      uscc: person.org_uscc,
      name: person.org_name,
      city: person.role.endsWith('-city') ? person.city : '',
      city_code: person.role.endsWith('-city') ? cityCodeOf(person.city) : null,
      department_kind: departmentKindBy[person.role] ?? null,
    }))
  await ctx.sql`
    insert into organisations (uscc, name, kind, city, city_code, department_kind)
    select distinct on (uscc) uscc, name, 'department', city, city_code, department_kind
    from jsonb_populate_recordset(null::organisations, ${ctx.sql.json(departments)})
    on conflict (uscc) where verification = 'verified' do nothing`
}

/** What an office is, by the role of the person who came with it. */
const departmentKindBy: Partial<Record<string, DepartmentKind>> = {
  'platform-administrator': 'province-office',
  'security-administrator': 'province-office',
  'supervising-department': 'supervising-department',
  'finance-department': 'finance-department',
  'voucher-administrator-city': 'voucher-office-city',
  'voucher-administrator-province': 'voucher-office-province',
  'third-party-assessor': 'third-party-assessor',
  auditor: 'audit',
}

/**
 * In place of a code the file does not have: made of the name, and failing the check digit on
 * purpose.
 */
function departmentUscc(name: string): string {
  return `00${createHash('sha256').update(name).digest('hex').slice(0, 16).toUpperCase()}`
}
