import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Membership, Organisation } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { Member } from '@yiqi/shared/identity/endpoints-members.ts'
import { maskPhone, type Role, roleLabels } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import type { Fragment } from '../kernel/connect.ts'
import { actorId, allow, type Ctx, found, isoOrNull, refuse } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { phoneOf } from './queries.ts'

/**
 * The people of the own organisation, one row a role; of any organisation for the security
 * administrator. Refuses identity.no_such_organisation for another's.
 */
export async function listMembers(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listMembers>,
): Promise<Page<Member>> {
  const { relation, organisationId } = allow(ctx, 'identity.listMembers')
  const asked = input.organisationId ?? organisationId
  if (relation !== 'all' && asked !== organisationId) refuse('identity.no_such_organisation')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const ofIt = ctx.sql`
    m.organisation_id = ${asked} and (${after}::uuid is null or m.id > ${after})`
  const rows = await membersWhere(ctx, ofIt, limit + 1)
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => row,
  )
}

/** Without asking who reads. Refuses identity.no_such_membership. */
export async function readMember(ctx: Ctx, id: string): Promise<Member> {
  const [member] = await membersWhere(ctx, ctx.sql`m.id = ${id}`, 1)
  return found(member, 'identity.no_such_membership')
}

type MemberRow = Omit<Member, 'phone' | 'roleLabel' | 'grantedAt' | 'mine'> & {
  phone: string | null
  grantedAt: Date | null
}

async function membersWhere(ctx: Ctx, condition: Fragment, limit: number): Promise<Member[]> {
  const rows = await ctx.sql<MemberRow[]>`
    select m.id, m.user_id, u.name, u.phone, m.role, m.order_limit_fen, m.month_limit_fen,
      m.granted_at
    from memberships m join users u on u.id = m.user_id
    where ${condition} order by m.id limit ${limit}`
  const userId = actorId(ctx)
  return Promise.all(
    rows.map(async (row) => ({
      ...row,
      phone: maskPhone(await phoneOf(ctx, { id: row.userId, phone: row.phone })),
      roleLabel: roleLabels[row.role],
      grantedAt: isoOrNull(row.grantedAt),
      mine: row.userId === userId,
    })),
  )
}

/** One membership as the person themselves sees it. */
export async function getMembership(ctx: Ctx, id: string): Promise<Membership> {
  const [row] = await ctx.sql<{ role: Role; organisation: Organisation }[]>`
    select m.role, json_build_object('id', o.id, 'name', o.name, 'uscc', o.uscc, 'kind', o.kind,
      'userKind', o.user_kind, 'verification', o.verification, 'cityCode', o.city_code,
      'city', o.city) as organisation
    from memberships m join organisations o on o.id = m.organisation_id where m.id = ${id}`
  const { role, organisation } = found(row, 'identity.no_such_membership')
  return { id, role, roleLabel: roleLabels[role], organisation }
}
