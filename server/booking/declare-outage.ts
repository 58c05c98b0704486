import { randomUUID } from 'node:crypto'
import type { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { getInstrumentFacts, instrumentsOf } from '../catalogue/facts.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { slotFrom } from './quote.ts'

/**
 * 停机: takes the instrument out of service. Requested and confirmed bookings in that time are
 * displaced and their earmarks go back; holds lapse. Refuses `catalogue.no_such_instrument` when it
 * is not in the person's care, `booking.outage_clashes` while a session runs.
 */
export async function declareOutage(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.declareOutage>,
): Promise<OutputOf<typeof bookingEndpoints.declareOutage>> {
  const { userId } = allow(ctx, 'booking.declareOutage')
  await caresFor(ctx, input.instrumentId)
  const span = slotFrom(input)
  const id = randomUUID()
  const [declared] = await ctx.sql<{ displaced: number }[]>`
    select declare_outage(${id}, ${input.instrumentId}, ${span.startsAt}, ${span.endsAt},
      ${input.kind},
      ${input.note}, ${ctx.now()}, ${userId}) as displaced`
  return { id, displaced: declared?.displaced ?? 0 }
}

/**
 * The instrument is one of the technician's, or of the manager's institution; otherwise it is not
 * there.
 */
export async function caresFor(ctx: Ctx, instrumentId: string): Promise<void> {
  const member = allow(ctx, 'booking.declareOutage')
  const instrument = await getInstrumentFacts(ctx, instrumentId)
  if (member.role === 'institution-manager') {
    if (instrument.institutionId !== member.organisationId) refuse('catalogue.no_such_instrument')
  } else if (!(await instrumentsOf(ctx, member.userId)).includes(instrumentId)) {
    refuse('catalogue.no_such_instrument')
  }
}
