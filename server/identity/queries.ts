import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Me, Membership, Organisation } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { type FactorKind, maskPhone, type Role, roleLabels } from '@yiqi/shared/identity/terms.ts'
import { VOUCHER_CREDENTIAL } from '@yiqi/shared/identity/terms-organisations.ts'
import type { Duty } from '@yiqi/shared/kernel/access.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { allow, allowPerson, type Ctx, found, iso, isoOrNull, type Member } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

export async function getMe(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.getMe>,
): Promise<Me> {
  return readMe(ctx, allowPerson(ctx))
}

export async function getClock(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.getClock>,
): Promise<OutputOf<typeof identityEndpoints.getClock>> {
  const [row] = await ctx.sql<{ offsetMs: number }[]>`select offset_ms from clock`
  const offsetMinutes = Math.round((row?.offsetMs ?? 0) / 60_000)
  return { now: iso(ctx.now()), demo: ctx.demo, offsetMinutes }
}

type EnterpriseRow = OutputOf<typeof identityEndpoints.listEnterprises>['rows'][number]

/** Enterprises by name or USCC, for voucher administrators; a city's sees its own city's only. */
export async function listEnterprises(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listEnterprises>,
): Promise<OutputOf<typeof identityEndpoints.listEnterprises>> {
  const actor = allow(ctx, 'identity.listEnterprises')
  const limit = pageLimit(input.limit)
  const [afterName, afterId] = readCursor(input.cursor) ?? []
  const q = (input.q ?? '').trim()
  const cityOnly = actor.role === 'voucher-administrator-city'
  const rows = await ctx.sql<EnterpriseRow[]>`
    select o.id, o.name, o.uscc, o.city, o.size,
      (select json_build_object('number', c.number, 'validTo', c.valid_to) from credentials c
        where c.organisation_id = o.id and c.kind = ${VOUCHER_CREDENTIAL} and c.state = 'accepted'
        order by ${dateOf(ctx.now())} between c.valid_from and c.valid_to desc, c.valid_to desc
        limit 1) as credential
    from organisations o
    where o.kind = 'enterprise' and o.verification = 'verified'
      and (${q} = '' or position(${q} in o.name) > 0 or o.uscc = upper(${q}))
      and (not ${cityOnly}::boolean or o.city_code =
        (select city_code from organisations where id = ${actor.organisationId}))
      and (${afterName ?? null}::text is null
        or (o.name, o.id::text) > (${afterName ?? ''}, ${afterId ?? ''}))
    order by o.name, o.id::text limit ${limit + 1}`
  return pageBy(
    rows,
    limit,
    (row) => [row.name, row.id],
    (row) => row,
  )
}

type MembershipRow = Organisation & { membershipId: string; role: Role; organisationId: string }
type PersonRow = {
  id: string
  name: string
  phone: string | null
  title: string | null
  secondFactor: FactorKind | null
  actingAs: string | null
  strongAt: Date | null
  duties: Duty[] | null
}

/** Everything the client knows of who is logged in. Refuses identity.no_such_person. */
export async function readMe(
  ctx: Ctx,
  { userId, logInId }: { userId: string; logInId: string | null },
): Promise<Me> {
  const [row] = await ctx.sql<PersonRow[]>`
    select u.id, u.name, u.phone, u.title,
      (select f.kind from factors f where f.user_id = u.id and f.confirmed_at is not null
        limit 1) as second_factor,
      l.membership_id as acting_as, l.strong_at
    from users u left join log_ins l on l.id = ${logInId} and l.user_id = u.id
    where u.id = ${userId}`
  const person = found(row, 'identity.no_such_person')
  const rows = await ctx.sql<MembershipRow[]>`
    select m.id as membership_id, m.role, o.id, o.id as organisation_id, o.name, o.uscc, o.kind,
      o.user_kind, o.verification, o.city_code, o.city
    from memberships m join organisations o on o.id = m.organisation_id
    where m.user_id = ${userId} order by m.id`
  const memberships = rows.map(toMembership)
  const actingAs = ctx.actor.kind === 'member' ? ctx.actor.membershipId : person.actingAs
  return {
    user: {
      id: person.id,
      name: person.name,
      phone: await phoneOf(ctx, person),
      title: person.title,
    },
    membership: memberships.find((each) => each.id === actingAs) ?? null,
    memberships,
    duties: ctx.actor.kind === 'member' ? dutiesOf(ctx.actor) : null,
    logInId,
    secondFactor: person.secondFactor,
    strongAt: isoOrNull(person.strongAt),
  }
}

function dutiesOf({ duties }: Member): Duty[] | null {
  return duties === null ? null : [...duties]
}

/** A person's number in full; empty once the account was erased. */
export async function phoneOf(
  ctx: Ctx,
  { id, phone }: { id: string; phone: string | null },
): Promise<string> {
  return phone === null
    ? ''
    : ctx.vault.unseal(ctx.sql, { column: 'users.phone', rowId: id }, phone)
}

function toMembership(row: MembershipRow): Membership {
  const { organisationId: id, membershipId, role, ...organisation } = row
  return {
    id: membershipId,
    role,
    roleLabel: roleLabels[role],
    organisation: { ...organisation, id },
  }
}

// What other modules ask, beside `facts.ts`.

export async function findOrganisationsByUscc(
  ctx: Ctx,
  usccs: readonly string[],
): Promise<Organisation[]> {
  return ctx.sql<Organisation[]>`
    select id, name, uscc, kind, user_kind, verification, city_code, city from organisations
    where uscc = any(${[...usccs]}::text[]) and verification = 'verified'`
}

/** The ids of everyone in a role; of one city's organisations, where a city is named. */
export async function membersInRole(
  ctx: Ctx,
  role: Role,
  cityCode: string | null = null,
): Promise<string[]> {
  const rows = await ctx.sql<{ userId: string }[]>`
    select distinct m.user_id from memberships m join organisations o on o.id = m.organisation_id
    where m.role = ${role} and (${cityCode}::text is null or o.city_code = ${cityCode})
    order by m.user_id`
  return rows.map((row) => row.userId)
}

export type TechnicianContact = {
  organisationId: string
  userId: string
  name: string
  /** Masked. */
  phone: string
}

export async function techniciansOfOrganisations(
  ctx: Ctx,
  organisationIds: readonly string[],
): Promise<TechnicianContact[]> {
  const rows = await ctx.sql<(Omit<TechnicianContact, 'phone'> & { phone: string | null })[]>`
    select m.organisation_id, u.id as user_id, u.name, u.phone
    from memberships m join users u on u.id = m.user_id
    where m.role = 'technician' and m.organisation_id = any(${[...organisationIds]}::uuid[])
    order by u.id`
  return Promise.all(
    rows.map(async (row) => ({
      ...row,
      phone: maskPhone(await phoneOf(ctx, { id: row.userId, phone: row.phone })),
    })),
  )
}

export type Seat = {
  userId: string
  membershipId: string
  organisationId: string
  role: Role
  personId: string
  name: string
  organisationName: string
}

/** The seats of demonstration people: their first membership each. */
export async function seatsOfPeople(ctx: Ctx, personIds: readonly string[]): Promise<Seat[]> {
  return ctx.sql<Seat[]>`
    select distinct on (u.person_id) u.person_id, u.id as user_id, u.name,
      m.id as membership_id, m.role, o.id as organisation_id, o.name as organisation_name
    from users u join memberships m on m.user_id = u.id
    join organisations o on o.id = m.organisation_id
    where u.person_id = any(${[...personIds]}::text[])
    order by u.person_id, m.id`
}
