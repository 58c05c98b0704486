import { randomUUID } from 'node:crypto'
import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { act, at, slotInput } from '../support/act.ts'
import type { House, Twins } from '../support/twins.ts'

export type Objects = Record<string, string[]>

/** The columns that say whose a row is, by table; rows of no house are the province's. */
const ownersOf: Record<string, string[]> = {
  bookings: ['enterprise_id', 'institution_id'],
  bills: ['booking_id'],
  sessions: ['booking_id'],
  claims: ['enterprise_id', 'institution_id'],
  outages: ['instrument_id'],
  quotas: ['enterprise_id'],
  memberships: ['organisation_id'],
  invitations: ['organisation_id'],
  verifications: ['organisation_id'],
  credentials: ['organisation_id'],
  bank_accounts: ['organisation_id'],
}

/** Ids of every kind of thing, by how near they are to the people of the own house. */
export async function objectsOf(twins: Twins): Promise<{
  objects: Record<'own' | 'same' | 'other' | 'absent' | 'deleted', Objects>
  /** The organisations that a thing is of; nothing of what is of none. */
  organisationsOf: ReadonlyMap<string, string[]>
}> {
  const { cast, own, other } = twins
  const { sql } = cast
  const same = await ofColleagues(twins)
  const kinds = [...Object.keys(ownersOf), 'log_ins', 'instruments', 'organisations', 'batches']
  const absent: Objects = Object.fromEntries(kinds.map((kind) => [kind, [randomUUID()]]))
  const deleted: Objects = Object.fromEntries(kinds.map((kind) => [kind, [randomUUID()]]))
  const [gone] = await sql<{ id: string }[]>`
    insert into outages (instrument_id, starts_at, ends_at, kind, note)
    values (${own.instrumentId}, now(), now() + interval '1 hour', 'fault', '') returning id`
  await sql`delete from outages where id = ${gone?.id ?? null}`
  deleted.outages = [gone?.id ?? '']
  const objects = {
    own: without(await ofHouse(sql, own), same),
    same,
    other: await ofHouse(sql, other),
    absent,
    deleted,
  }
  return { objects, organisationsOf: await readOrganisations(sql) }
}

async function readOrganisations(sql: Sql): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const [table, columns] of Object.entries(ownersOf)) {
    const of = columns.filter((column) => /^(enterprise|institution|organisation)_id$/.test(column))
    const rows =
      columns[0] === 'booking_id'
        ? await sql<{ id: string; organisations: string[] }[]>`
            select x.id, array[b.enterprise_id, b.institution_id] as organisations
            from ${sql(table)} x join bookings b on b.id = x.booking_id`
        : of.length === 0
          ? []
          : await sql<{ id: string; organisations: string[] }[]>`
              select id, array[${of
                .map((column) => sql`${sql(column)}`)
                .reduce((all, one) => sql`${all}, ${one}`)}] as organisations
              from ${sql(table)}`
    for (const { id, organisations } of rows) found.set(id, organisations)
  }
  return found
}

async function ofHouse(sql: Sql, house: House): Promise<Objects> {
  const owners = [house.enterpriseId, house.labId, house.instrumentId]
  const found: Objects = {
    instruments: [house.instrumentId],
    organisations: [house.enterpriseId, house.labId],
  }
  for (const [table, columns] of Object.entries(ownersOf)) {
    const through =
      columns[0] === 'booking_id'
        ? sql`booking_id in (select b.id from bookings b where b.enterprise_id = any(${owners}::uuid[]))`
        : columns
            .map((column) => sql`${sql(column)} = any(${owners}::uuid[])`)
            .reduce((all, one) => sql`${all} or ${one}`)
    const rows = await sql<{ id: string }[]>`select id from ${sql(table)} where ${through}`
    found[table] = rows.map((row) => row.id)
  }
  // Not those of the people who ask: who is removed asks no more.
  const { enterprise, lab } = house.colleagues
  found.memberships = [enterprise.membershipId, lab.membershipId]
  return found
}

/** What is of the same organisations, but neither one's own nor assigned to one's technician. */
async function ofColleagues({ cast, own }: Twins): Promise<Objects> {
  const [startsAt, endsAt] = [at(27, 14), at(27, 15)]
  const slot = slotInput(cast.secondInstrumentId, startsAt, endsAt)
  const held = await act(cast.ctx(own.colleagues.enterprise), holdSlot, slot)
  return { bookings: [held.id] }
}

function without(all: Objects, some: Objects): Objects {
  return Object.fromEntries(
    Object.entries(all).map(([kind, ids]) => [
      kind,
      ids.filter((id) => !(some[kind] ?? []).includes(id)),
    ]),
  )
}
