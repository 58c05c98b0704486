import type { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { caresFor } from './declare-outage.ts'

/** 恢复开放: the time of the outage can be booked again. Refuses `booking.no_such_outage`. */
export async function liftOutage(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.liftOutage>,
): Promise<OutputOf<typeof bookingEndpoints.liftOutage>> {
  allow(ctx, 'booking.liftOutage')
  const [row] = await ctx.sql<{ instrumentId: string }[]>`
    select instrument_id from outages where id = ${input.id} and lifted_at is null`
  const outage = found(row, 'booking.no_such_outage')
  await caresFor(ctx, outage.instrumentId)
  const lifted = await ctx.sql`
    update outages set lifted_at = ${ctx.now()} where id = ${input.id} and lifted_at is null`
  found(lifted.count === 1 ? lifted : null, 'booking.no_such_outage')
  await record(ctx, 'outage.lifted', { subjectId: input.id })
  return { id: input.id }
}
