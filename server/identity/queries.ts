import type {
  identityEndpoints,
  Me,
  Membership,
  Organisation,
} from '@yiqi/shared/identity/endpoints.ts'
import { type Role, roleLabels, voucherRoles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, allowMember, type Ctx, found, iso } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import type { IssuedToken } from './tokens.ts'

export async function getMe(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.getMe>,
): Promise<Me> {
  const { userId, membershipId } = allowMember(ctx)
  return readMe(ctx, userId, membershipId)
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
  const actor = allow(ctx, ...voucherRoles)
  const limit = pageLimit(input.limit)
  const [afterName, afterId] = readCursor(input.cursor) ?? []
  const q = (input.q ?? '').trim()
  const cityOnly = actor.role === 'voucher-administrator-city'
  const rows = await ctx.sql<EnterpriseRow[]>`
    select o.id, o.name, o.uscc, o.city, o.size, o.registry_number, o.registry_valid_to
    from organisations o
    where o.kind = 'enterprise'
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

/** The answer to a log-in: the token and who it is for. */
export async function describeLogIn(
  ctx: Ctx,
  owner: { userId: string; membershipId: string },
  issued: IssuedToken,
): Promise<{ token: string; expiresAt: string; me: Me }> {
  const me = await readMe(ctx, owner.userId, owner.membershipId)
  return { token: issued.token, expiresAt: iso(issued.expiresAt), me }
}

type MembershipRow = Organisation & { membershipId: string; role: Role; organisationId: string }

async function readMe(ctx: Ctx, userId: string, membershipId: string): Promise<Me> {
  const [user] = await ctx.sql<Me['user'][]>`
    select id, name, phone, title from users where id = ${userId}`
  const rows = await ctx.sql<MembershipRow[]>`
    select m.id as membership_id, m.role, o.id, o.id as organisation_id,
      o.name, o.uscc, o.kind, o.city_code, o.city
    from memberships m join organisations o on o.id = m.organisation_id
    where m.user_id = ${userId} order by m.id`
  const memberships = rows.map(toMembership)
  const membership = memberships.find((each) => each.id === membershipId)
  return {
    user: found(user, 'identity.no_such_person'),
    membership: found(membership, 'identity.no_such_membership'),
    memberships,
  }
}

function toMembership(row: MembershipRow): Membership {
  const { organisationId: id, name, uscc, kind, cityCode, city, role } = row
  return {
    id: row.membershipId,
    role,
    roleLabel: roleLabels[role],
    organisation: { id, name, uscc, kind, cityCode, city },
  }
}

// What other modules ask, beside `facts.ts`.

export async function findOrganisationsByUscc(
  ctx: Ctx,
  usccs: readonly string[],
): Promise<Organisation[]> {
  return ctx.sql<Organisation[]>`
    select id, name, uscc, kind, city_code, city from organisations
    where uscc = any(${[...usccs]}::text[])`
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
  phone: string
}

export async function techniciansOfOrganisations(
  ctx: Ctx,
  organisationIds: readonly string[],
): Promise<TechnicianContact[]> {
  return ctx.sql<TechnicianContact[]>`
    select m.organisation_id, u.id as user_id, u.name, u.phone
    from memberships m join users u on u.id = m.user_id
    where m.role = 'technician' and m.organisation_id = any(${[...organisationIds]}::uuid[])
    order by u.id`
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
