import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type {
  OrganisationDetail,
  OrganisationRow,
} from '@yiqi/shared/identity/endpoints-organisations.ts'
import { isStaff } from '@yiqi/shared/identity/terms.ts'
import { whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { allow, type Ctx, found, isoOrNull, refuse, seatOf } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

/** Organisations by a part of the name or the whole code, for administrators; by name. */
export async function searchOrganisations(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.searchOrganisations>,
): Promise<Page<OrganisationRow>> {
  allow(ctx, 'identity.searchOrganisations')
  const limit = pageLimit(input.limit)
  const [afterName, afterId] = readCursor(input.cursor) ?? []
  const q = (input.q ?? '').trim()
  const rows = await ctx.sql<(Omit<OrganisationRow, 'registeredAt'> & { registeredAt: Date })[]>`
    select id, name, uscc, kind, user_kind, department_kind, verification, city_code, city,
      registered_at
    from organisations
    where (${q} = '' or position(${q} in name) > 0 or uscc = upper(${q}))
      and (${input.kind ?? null}::text is null or kind = ${input.kind ?? null})
      and (${input.verification ?? null}::text is null
        or verification = ${input.verification ?? null})
      and (${afterName ?? null}::text is null
        or (name, id::text) > (${afterName ?? ''}, ${afterId ?? ''}))
    order by name, id::text limit ${limit + 1}`
  return pageBy(
    rows,
    limit,
    (row) => [row.name, row.id],
    (row) => ({ ...row, registeredAt: isoOrNull(row.registeredAt) }),
  )
}

type Inner = NonNullable<OrganisationDetail['inner']>
type DetailRow = Omit<OrganisationDetail, 'inner'> &
  Omit<Inner, 'registeredAt'> & { registeredAt: Date | null }

/**
 * The public part of a verified organisation, and all of any for its own people and administrators.
 * An organisation that is not verified does not exist for others. Refuses
 * identity.no_such_organisation.
 */
export async function getOrganisation(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.getOrganisation>,
): Promise<OrganisationDetail> {
  const [row] = await ctx.sql<DetailRow[]>`
    select o.id, o.name, o.uscc, o.kind, o.user_kind, o.verification, o.city_code, o.city, o.county,
      o.address, o.size, o.department_kind, o.supervising_department, o.legal_representative,
      o.shareholders, o.registered_at,
      (select count(distinct m.user_id) from memberships m
        where m.organisation_id = o.id) as members,
      (select v.id from verifications v where v.organisation_id = o.id
        order by v.submitted_at desc, v.id desc limit 1) as verification_id
    from organisations o where o.id = ${input.id}`
  const known = found(row, 'identity.no_such_organisation')
  const { id, name, uscc, kind, userKind, verification, cityCode, city, ...rest } = known
  const inner = seesInner(ctx, id) ? { ...rest, registeredAt: isoOrNull(rest.registeredAt) } : null
  if (inner === null && verification !== 'verified') refuse('identity.no_such_organisation')
  return { id, name, uscc, kind, userKind, verification, cityCode, city, inner }
}

function seesInner(ctx: Ctx, organisationId: string): boolean {
  const { actor } = ctx
  if (actor.kind !== 'member') return false
  if (isStaff(actor.role) && actor.strongAt === null) return false
  if (actor.organisationId === organisationId) return true
  return whyNotAllowed('identity.searchOrganisations', seatOf(actor)) === null
}
