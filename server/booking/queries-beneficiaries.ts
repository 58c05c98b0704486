import type { Beneficiary, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { bookersOf } from './queries-facts.ts'

/** Whom one may book for: the others of one's own organisation who book, by name. */
export async function listBeneficiaries(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.listBeneficiaries>,
): Promise<Page<Beneficiary>> {
  const { organisationId, userId } = allow(ctx, 'booking.listBeneficiaries')
  const limit = pageLimit(input.limit)
  const [afterName, afterId] = readCursor(input.cursor) ?? []
  const rows = await ctx.sql<Beneficiary[]>`
    select u.id, u.name from users u
    where u.id <> ${userId} and ${bookersOf(ctx, organisationId)}
      and position(${(input.q ?? '').trim()} in u.name) > 0
      and (${afterName ?? null}::text is null
        or (u.name, u.id::text) > (${afterName ?? ''}, ${afterId ?? ''}))
    order by u.name, u.id::text limit ${limit + 1}`
  return pageBy(
    rows,
    limit,
    (row) => [row.name, row.id],
    (row) => row,
  )
}
