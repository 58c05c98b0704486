import { randomUUID } from 'node:crypto'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { type Cast, type Person, START } from './cast.ts'
import { testVault } from './vault.ts'

let added = 0

/** One more person of an organisation of the cast. */
export async function addPerson(
  { sql }: Cast,
  { name, organisationId, role }: { name: string; organisationId: string; role: Role },
): Promise<Person> {
  const phone = String(13_700_000_001 + added++)
  const userId = randomUUID()
  const sealed = await testVault.seal(sql, { column: 'users.phone', rowId: userId }, phone)
  await sql`
    insert into users (id, name, phone, phone_index)
    values (${userId}, ${name}, ${sealed}, ${testVault.indexOf('users.phone', phone)})`
  const [membership] = await sql<{ id: string }[]>`
    insert into memberships (user_id, organisation_id, role)
    values (${userId}, ${organisationId}, ${role}) returning id`
  const { id } = must(membership, 'the membership')
  const log = { logInId: null, strongAt: START, duties: null }
  return { userId, membershipId: id, organisationId, role, name, phone, ...log }
}

const seconds = new WeakMap<Cast, Promise<Person>>()

/** The second administrator of the province: who checks what the cast's own one made. */
export function secondOfProvince(cast: Cast): Promise<Person> {
  const { organisationId, role } = cast.people.province
  const person = seconds.get(cast) ?? addPerson(cast, { name: '省券复核', organisationId, role })
  seconds.set(cast, person)
  return person
}
