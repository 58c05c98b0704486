import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Expert } from '@yiqi/shared/identity/endpoints-staff.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { subjects } from './subjects.ts'

/** Experts by name, of one subject if asked for; an expert sees the own entry. */
export async function listExperts(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listExperts>,
): Promise<Page<Expert>> {
  const { relation, userId } = allow(ctx, 'identity.listExperts')
  const limit = pageLimit(input.limit)
  const [afterName, afterId] = readCursor(input.cursor) ?? []
  const rows = await expertsWhere(
    ctx,
    ctx.sql`
      (${relation === 'all'}::boolean or x.user_id = ${userId})
      and (${input.fieldCode ?? null}::text is null
        or ${input.fieldCode ?? ''} = any (x.field_codes))
      and (${afterName ?? null}::text is null
        or (u.name, u.id::text) > (${afterName ?? ''}, ${afterId ?? ''}))`,
    limit + 1,
  )
  return pageBy(
    rows,
    limit,
    (row) => [row.name, row.id],
    (row) => row,
  )
}

/** Without asking who reads. Refuses identity.no_such_person. */
export async function readExpert(ctx: Ctx, userId: string): Promise<Expert> {
  const [expert] = await expertsWhere(ctx, ctx.sql`x.user_id = ${userId}`, 1)
  return found(expert, 'identity.no_such_person')
}

type ExpertRow = Omit<Expert, 'fields' | 'inTerm'> & { fieldCodes: string[] }

async function expertsWhere(ctx: Ctx, condition: Fragment, limit: number): Promise<Expert[]> {
  const rows = await ctx.sql<ExpertRow[]>`
    select u.id, u.name, u.title, x.unit, x.field_codes, x.class_codes, x.term_from, x.term_to
    from experts x join users u on u.id = x.user_id
    where ${condition} order by u.name, u.id::text limit ${limit}`
  const today = dateOf(ctx.now())
  const names = subjects()
  return rows.map(({ fieldCodes, ...row }) => ({
    ...row,
    fields: fieldCodes.map((code) => ({ code, name: names.get(code) ?? code })),
    inTerm: row.termFrom <= today && today <= row.termTo,
  }))
}
