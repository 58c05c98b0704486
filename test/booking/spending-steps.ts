import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Slot } from '@yiqi/shared/kernel/time.ts'
import { act, requestInput, slotInput } from '../support/act.ts'
import type { Cast, Person } from '../support/cast.ts'
import { addPerson } from '../support/second-person.ts'

export const HOUR_FEN = 40_000
/** One sample's material. */
export const SAMPLE_FEN = 6_000

/** Sets what a member may spend without being asked. Fen; left out: no limit. */
export async function limit(
  { sql }: Cast,
  person: Person,
  { orderFen = null, monthFen = null }: { orderFen?: number | null; monthFen?: number | null },
): Promise<void> {
  await sql`update memberships set order_limit_fen = ${orderFen}, month_limit_fen = ${monthFen}
    where id = ${person.membershipId}`
}

/** A slot held by this person, and what requesting it takes. */
export async function held(cast: Cast, person: Person, { startsAt, endsAt }: Slot) {
  const ctx = cast.ctx(person)
  const slot = slotInput(cast.instrumentId, startsAt, endsAt)
  const { id } = await act(ctx, holdSlot, slot)
  return { ctx, id, slot, input: await requestInput(cast, ctx, id, slot) }
}

/** The same person in another organisation. */
export async function alsoIn(
  { sql }: Cast,
  person: Person,
  { organisationId, role }: Pick<Person, 'organisationId' | 'role'>,
): Promise<Person> {
  const [row] = await sql<{ id: string }[]>`
    insert into memberships (user_id, organisation_id, role)
    values (${person.userId}, ${organisationId}, ${role}) returning id`
  return { ...person, organisationId, role, membershipId: must(row, 'a membership').id }
}

/** A person of the cast's laboratory who books for it, and its administrator. */
export async function unitPeople(cast: Cast): Promise<{ member: Person; admin: Person }> {
  const { organisationId } = cast.people.hao
  return {
    member: await addPerson(cast, { name: '校内用户', organisationId, role: 'unit-member' }),
    admin: await addPerson(cast, { name: '校内管理员', organisationId, role: 'unit-admin' }),
  }
}

export async function inboxOf({ sql }: Cast, person: Person, event: string): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from inbox_entries i join events e on e.id = i.event_id
    where i.user_id = ${person.userId} and e.name = ${event}`
  return row?.n ?? 0
}
