import { createHash } from 'node:crypto'
import type { Ctx } from '../kernel/ctx.ts'
import { allowImport, recordAlone } from '../kernel/imports.ts'
import { readTable } from '../kernel/read-table.ts'
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
 * An office without a USCC becomes a department, known by its name. For jobs and platform
 * administrators. Refuses: identity.role_missing.
 */
export async function importPeople(ctx: Ctx, input: { csv: Buffer }): Promise<{ written: number }> {
  allowImport(ctx)
  const people = readTable(input.csv, columns).map((row) => ({
    ...row,
    org_uscc: row.org_uscc || departmentUscc(row.org_name),
  }))
  await writeDepartments(ctx, people)
  await ctx.sql`
    insert into users (person_id, name, phone, email, title)
    select person_id, name, phone, nullif(email, ''), nullif(title, '')
    from jsonb_to_recordset(${ctx.sql.json(people)})
      as p(person_id text, name text, phone text, email text, title text)
    on conflict (person_id) do update
      set name = excluded.name, phone = excluded.phone, email = excluded.email,
        title = excluded.title`
  await ctx.sql`
    insert into memberships (user_id, organisation_id, role)
    select u.id, o.id, p.role
    from jsonb_to_recordset(${ctx.sql.json(people)}) as p(person_id text, org_uscc text, role text)
    join users u on u.person_id = p.person_id
    join organisations o on o.uscc = p.org_uscc
    on conflict do nothing`
  await recordAlone(ctx, 'identity.people_imported', people.length)
  return { written: people.length }
}

async function writeDepartments(ctx: Ctx, people: readonly PersonRow[]): Promise<void> {
  const departments = people
    .filter((person) => person.org_uscc === departmentUscc(person.org_name))
    .map((person) => ({
      uscc: person.org_uscc,
      name: person.org_name,
      city: person.role.endsWith('-city') ? person.city : '',
      city_code: person.role.endsWith('-city') ? cityCodeOf(person.city) : null,
    }))
  await ctx.sql`
    insert into organisations (uscc, name, kind, city, city_code)
    select distinct uscc, name, 'department', city, city_code
    from jsonb_populate_recordset(null::organisations, ${ctx.sql.json(departments)})
    on conflict (uscc) where verification = 'verified' do nothing`
}

/**
 * In place of a code the file does not have: made of the name, and failing the check digit on
 * purpose.
 */
function departmentUscc(name: string): string {
  return `00${createHash('sha256').update(name).digest('hex').slice(0, 16).toUpperCase()}`
}
