import type { Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { serviceDirections } from '@yiqi/shared/booking/terms.ts'
import { enterpriseRoles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { isRefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes, slotLabel } from '@yiqi/shared/kernel/time.ts'
import { confidentialityLabels, serviceModeLabels } from '@yiqi/shared/notice/terms.ts'
import { getInstrumentFacts, type InstrumentFacts } from '../catalogue/facts.ts'
import { getOrganisation } from '../identity/facts.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { currentNotice } from '../notice/queries.ts'
import { signAgreement } from '../notice/sign-agreement.ts'
import { type BookingFacts, getBooking, getBookingFacts } from './queries.ts'
import { offersFor, priceSlot } from './quote.ts'

type Input = InputOf<typeof bookingEndpoints.requestBooking>

/**
 * The institution answers within this time; the working-hours clock comes with the answer clocks.
 */
const ANSWER_MINUTES = 240

/**
 * 企业提出预约: freezes price and tariff version, earmarks the voucher's share and signs the
 * agreement, in one act. The technician still has to confirm. Refuses `booking.hold_lapsed`,
 * `booking.quote_changed` when price or share differ from what the person saw,
 * `voucher.quota_too_low`, `notice.not_acknowledged`, `notice.version_outdated`.
 */
export async function requestBooking(ctx: Ctx, input: Input): Promise<Booking> {
  const { userId } = allow(ctx, ...enterpriseRoles)
  const booking = await getBookingFacts(ctx, input.id)
  if (booking.state !== 'held') refuse('booking.wrong_state')
  if (booking.holdExpiresAt !== null && booking.holdExpiresAt <= ctx.now())
    refuse('booking.hold_lapsed')
  if (input.noticeId === null) refuse('notice.not_acknowledged')
  const instrument = await getInstrumentFacts(ctx, booking.instrumentId)
  const { price, tariff } = await priceSlot(ctx, instrument, booking, input.samples)
  const voucherFen = await shareOf(ctx, { input, booking, instrument, totalFen: price.totalFen })
  if (price.totalFen !== input.expected.totalFen) refuse('booking.quote_changed')
  await ctx.sql`
    select request_booking(${input.id}, ${ctx.now()}, ${userId},
      ${addMinutes(ctx.now(), ANSWER_MINUTES)},
      ${ctx.sql.json({
        serviceMode: input.serviceMode,
        samples: input.samples,
        sampleNames: input.sampleNames ?? [],
        purpose: input.purpose,
        preparation: input.preparation || null,
        serviceDirection: input.serviceDirection,
        confidentiality: input.confidentiality,
        tariffId: tariff.id,
        price: price,
        totalFen: price.totalFen,
        programmeId: voucherFen > 0 ? input.programmeId : null,
        voucherFen,
      })})`
  await sign(ctx, input, booking, instrument)
  return getBooking(ctx, { id: input.id })
}

/** The voucher's share as the engine has it now; anything but what the person saw is refused. */
async function shareOf(
  ctx: Ctx,
  facts: { input: Input; booking: BookingFacts; instrument: InstrumentFacts; totalFen: number },
): Promise<number> {
  const { input } = facts
  if (input.programmeId === null) {
    if (input.expected.voucherFen !== 0) refuse('booking.quote_changed')
    return 0
  }
  const offers = await offersFor(ctx, facts.instrument, {
    slot: facts.booking,
    serviceMode: input.serviceMode,
    totalFen: facts.totalFen,
  })
  const offer = offers.find((one) => one.programmeId === input.programmeId)
  if (!offer) refuse('voucher.no_such_programme')
  if (offer.shareFen === input.expected.voucherFen) return offer.shareFen
  if (offer.shareFen < input.expected.voucherFen && facts.totalFen === input.expected.totalFen)
    refuse(
      offer.reason !== null && isRefusalCode(offer.reason) ? offer.reason : 'voucher.quota_too_low',
    )
  refuse('booking.quote_changed')
}

async function sign(
  ctx: Ctx,
  input: Input,
  booking: BookingFacts,
  instrument: InstrumentFacts,
): Promise<void> {
  const enterprise = await getOrganisation(ctx, booking.enterpriseId)
  await signAgreement(ctx, {
    bookingId: booking.id,
    noticeId: input.noticeId,
    notice: await currentNotice(ctx, input.serviceMode),
    words: {
      institution: instrument.institutionName,
      instrument: [instrument.name, instrument.model].filter(Boolean).join(' '),
      enterprise: enterprise.name,
      slot: slotLabel(booking),
      samples: String(input.samples),
      serviceMode: serviceModeLabels[input.serviceMode],
      direction: serviceDirections[input.serviceDirection],
      confidentiality: confidentialityLabels[input.confidentiality],
    },
  })
}
