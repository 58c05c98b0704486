import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { DutyShift } from '@yiqi/shared/catalogue/endpoints-team.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

/** Duty between two days, both included, by time: the institution's; a technician's own. */
export async function listDuty(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.listDuty>,
): Promise<Page<DutyShift>> {
  const { relation, organisationId, userId } = allow(ctx, 'catalogue.listDuty')
  const limit = pageLimit(input.limit)
  const [day, minute, id] = readCursor(input.cursor) ?? []
  const whose =
    relation === 'own'
      ? ctx.sql`d.user_id = ${userId} and i.institution_id = ${organisationId}`
      : ctx.sql`i.institution_id = ${organisationId}`
  const rows = await dutyWhere(
    ctx,
    ctx.sql`
      ${whose} and d.on_date between ${input.from} and ${input.to}
      and (${input.instrumentId ?? null}::uuid is null
        or d.instrument_id = ${input.instrumentId ?? null})
      and (${day ?? null}::date is null or (d.on_date, d.starts_minute, d.id)
        > (${day ?? null}::date, ${minute ?? null}::integer, ${id ?? null}::uuid))`,
    limit + 1,
  )
  return pageBy(
    rows,
    limit,
    (row) => [row.onDate, String(row.startsMinute), row.id],
    (row) => row,
  )
}

/** Without asking who reads. Refuses catalogue.no_such_duty. */
export async function readDuty(ctx: Ctx, id: string): Promise<DutyShift> {
  const [row] = await dutyWhere(ctx, ctx.sql`d.id = ${id}`, 1)
  return found(row, 'catalogue.no_such_duty')
}

async function dutyWhere(ctx: Ctx, condition: Fragment, limit: number): Promise<DutyShift[]> {
  return ctx.sql<DutyShift[]>`
    select d.id, d.user_id, u.name, d.on_date, d.starts_minute, d.ends_minute,
      json_build_object('id', i.id, 'number', i.number, 'name', i.name) as instrument,
      case when r.id is not null then json_build_object('userId', r.id, 'name', r.name) end
        as substitute_for
    from duty_shifts d join instruments i on i.id = d.instrument_id
      join users u on u.id = d.user_id left join users r on r.id = d.substitute_for
    where ${condition} order by d.on_date, d.starts_minute, d.id limit ${limit}`
}
