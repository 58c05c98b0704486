import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Delegation } from '@yiqi/shared/identity/endpoints-members.ts'
import { duties } from '@yiqi/shared/kernel/access.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, iso, isoOrNull } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

/** All delegations, newest first, also those that have ended. */
export async function listDelegations(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listDelegations>,
): Promise<Page<Delegation>> {
  allow(ctx, 'identity.listDelegations')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const rows = await delegationsWhere(
    ctx,
    ctx.sql`${after}::uuid is null or d.id < ${after}`,
    limit + 1,
  )
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => row,
  )
}

/** Refuses identity.no_such_delegation. */
export async function readDelegation(ctx: Ctx, id: string): Promise<Delegation> {
  const [row] = await delegationsWhere(ctx, ctx.sql`d.id = ${id}`, 1)
  return found(row, 'identity.no_such_delegation')
}

type DelegationRow = Omit<Delegation, 'dutyLabel' | 'grantedAt' | 'revokedAt'> & {
  grantedAt: Date
  revokedAt: Date | null
}

async function delegationsWhere(
  ctx: Ctx,
  condition: Fragment,
  limit: number,
): Promise<Delegation[]> {
  const rows = await ctx.sql<DelegationRow[]>`
    select d.id, d.duty, json_build_object('id', f.id, 'name', f.name) as "from",
      json_build_object('id', t.id, 'name', t.name) as "to", d.document, d.valid_from, d.valid_to,
      u.name as granted_by, d.granted_at, d.revoked_at,
      d.revoked_at is null and ${dateOf(ctx.now())} between d.valid_from
        and coalesce(d.valid_to, 'infinity') as in_force
    from delegations d join organisations f on f.id = d.from_id
      join organisations t on t.id = d.to_id join users u on u.id = d.granted_by
    where ${condition} order by d.id desc limit ${limit}`
  return rows.map((row) => ({
    ...row,
    dutyLabel: duties[row.duty],
    grantedAt: iso(row.grantedAt),
    revokedAt: isoOrNull(row.revokedAt),
  }))
}
