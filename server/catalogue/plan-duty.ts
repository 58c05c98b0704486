import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { DutyShift } from '@yiqi/shared/catalogue/endpoints-team.ts'
import { whyNotPlan } from '@yiqi/shared/catalogue/rules.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { readDuty } from './queries-duty.ts'
import { lockOwnInstrument, teammatesOf } from './queries-team.ts'

/**
 * Puts one of the team on duty at an own instrument, minutes of one day, perhaps in place of
 * another. Refuses catalogue.no_such_instrument, catalogue.duty_minutes, catalogue.duty_in_past,
 * catalogue.duty_too_far, catalogue.not_in_team, catalogue.member_left, catalogue.duty_overlaps.
 */
export async function planDuty(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.planDuty>,
): Promise<DutyShift> {
  const { organisationId } = allow(ctx, 'catalogue.planDuty')
  const { instrumentId, userId, onDate, startsMinute, endsMinute, substituteFor } = input
  await lockOwnInstrument(ctx, instrumentId, organisationId)
  refuseIf(whyNotPlan(input, await teammatesOf(ctx, instrumentId), dateOf(ctx.now())))
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into duty_shifts (instrument_id, user_id, on_date, starts_minute, ends_minute,
      substitute_for)
    values (${instrumentId}, ${userId}, ${onDate}, ${startsMinute}, ${endsMinute},
      ${substituteFor}) returning id`
  const { id } = must(row, 'the shift')
  await record(ctx, 'catalogue.duty_planned', { subjectId: id, detail: { instrumentId, userId } })
  return readDuty(ctx, id)
}
