import { randomUUID } from 'node:crypto'
import type { Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { whyNotHold } from '@yiqi/shared/booking/rules.ts'
import { HOLD_MINUTES } from '@yiqi/shared/booking/terms.ts'
import { enterpriseRoles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { addDays, dateOf } from '@yiqi/shared/kernel/time.ts'
import { calendarDays, getInstrumentFacts } from '../catalogue/facts.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { getBooking } from './queries.ts'
import { slotFrom } from './quote.ts'
import { getTerms } from './week.ts'

const HOLDS_MAX = 5

/**
 * 保留时段: keeps a slot for ten minutes while the sheet is open. Of many at once for one slot
 * exactly one wins; the others get `booking.slot_taken`. Refuses what `whyNotHold` refuses, and
 * `booking.too_many_holds`.
 */
export async function holdSlot(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.holdSlot>,
): Promise<Booking> {
  const { userId, organisationId } = allow(ctx, ...enterpriseRoles)
  const slot = slotFrom(input)
  const instrument = await getInstrumentFacts(ctx, input.instrumentId)
  const terms = await getTerms(ctx, instrument.id)
  const { days } = await calendarDays(ctx, dateOf(slot.startsAt), addDays(dateOf(slot.endsAt), 1))
  refuseIf(whyNotHold(slot, terms, days, ctx.now()))
  const [open] = await ctx.sql<{ n: number }[]>`
    select count(*) as n from bookings
    where requester_id = ${userId} and state = 'held' and hold_expires_at > ${ctx.now()}`
  if ((open?.n ?? 0) >= HOLDS_MAX) refuse('booking.too_many_holds')
  const id = bookingId(ctx)
  const [held] = await ctx.sql<{ number: string | null }[]>`
    select hold_slot(${id}, ${instrument.id}, ${instrument.institutionId}, ${organisationId},
      ${userId},
      ${slot.startsAt}, ${slot.endsAt}, ${terms.bufferMinutes}, ${HOLD_MINUTES},
        ${ctx.now()}) as number`
  if (held?.number == null) refuse('booking.slot_taken')
  return getBooking(ctx, { id })
}

/** UUIDv7: ids sort by the time of booking. */
function bookingId(ctx: Ctx): string {
  const hex = ctx.now().getTime().toString(16).padStart(12, '0')
  const random = randomUUID()
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${random.slice(15)}`
}
