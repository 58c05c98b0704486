import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import { whyNotCancelDuty } from '@yiqi/shared/catalogue/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { type DateText, dateOf } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'

/**
 * Takes back duty at an own instrument that is not of a day past. Refuses catalogue.no_such_duty,
 * catalogue.duty_in_past.
 */
export async function cancelDuty(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.cancelDuty>,
): Promise<{ id: string }> {
  const { organisationId } = allow(ctx, 'catalogue.cancelDuty')
  const [row] = await ctx.sql<{ onDate: DateText; instrumentId: string; userId: string }[]>`
    select d.on_date, d.instrument_id, d.user_id
    from duty_shifts d join instruments i on i.id = d.instrument_id
    where d.id = ${input.id} and i.institution_id = ${organisationId} for update of d`
  const { onDate, instrumentId, userId } = found(row, 'catalogue.no_such_duty')
  refuseIf(whyNotCancelDuty(onDate, dateOf(ctx.now())))
  await ctx.sql`delete from duty_shifts where id = ${input.id}`
  await record(ctx, 'catalogue.duty_cancelled', {
    subjectId: input.id,
    detail: { instrumentId, userId, onDate },
  })
  return { id: input.id }
}
