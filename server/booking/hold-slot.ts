import { randomUUID } from 'node:crypto'
import type { BookingStep, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { whyNotBook, whyNotHold } from '@yiqi/shared/booking/rules.ts'
import { HOLD_MINUTES } from '@yiqi/shared/booking/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx, found, iso } from '../kernel/ctx.ts'
import { keptAnswer } from '../kernel/idempotency.ts'
import { holdFacts } from './queries-facts.ts'
import { slotFrom } from './quote.ts'

const HOLDS_MAX = 5

/**
 * 保留时段: keeps a slot for ten minutes while the sheet is open. Of many at once for one slot
 * exactly one wins; the others get `booking.slot_taken`. Refuses `identity.organisation_unverified`,
 * what `whyNotHold` refuses, and `booking.too_many_holds`.
 */
export async function holdSlot(
  ctx: Ctx,
  input: InputOf<typeof bookingEndpoints.holdSlot>,
): Promise<BookingStep> {
  const member = allow(ctx, 'booking.holdSlot')
  const slot = slotFrom(input)
  const { instrumentId } = input
  const now = ctx.now()
  const facts = await holdFacts(ctx, member, { ...slot, instrumentId })
  refuseIf(whyNotBook(facts.verification))
  const terms = found(facts.terms, 'booking.instrument_closed')
  refuseIf(whyNotHold(slot, terms, facts.calendar, now))
  const held: BookingStep = {
    id: idAt(now),
    number: facts.number,
    state: 'held',
    startsAt: iso(slot.startsAt),
    endsAt: iso(slot.endsAt),
    holdExpiresAt: iso(addMinutes(now, HOLD_MINUTES)),
  }
  await ctx.sql`
    select hold_slot(${held.id}, ${held.number}, ${instrumentId}, ${facts.institutionId},
      ${member.organisationId}, ${member.userId}, ${slot.startsAt}, ${slot.endsAt},
      ${terms.bufferMinutes}, ${HOLD_MINUTES}, ${HOLDS_MAX}, ${now}, ${keptAnswer(ctx, held)})`
  return held
}

/** UUIDv7: ids sort by the time of booking. */
function idAt(now: Date): string {
  const hex = now.getTime().toString(16).padStart(12, '0')
  const random = randomUUID()
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${random.slice(15)}`
}
