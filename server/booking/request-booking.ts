import type { BookingStep, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { serviceDirections } from '@yiqi/shared/booking/terms.ts'
import { priceUse } from '@yiqi/shared/charging/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { addMinutes, slotLabel, slotMinutes } from '@yiqi/shared/kernel/time.ts'
import { confidentialityLabels, serviceModeLabels } from '@yiqi/shared/notice/terms.ts'
import { allow, type Ctx, found, iso, refuse } from '../kernel/ctx.ts'
import { keptAnswer } from '../kernel/idempotency.ts'
import { signedAgreement } from '../notice/agreement.ts'
import { type RequestFacts, requestFacts } from './queries-facts.ts'
import { programmeShare } from './quote.ts'

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
export async function requestBooking(ctx: Ctx, input: Input): Promise<BookingStep> {
  const member = allow(ctx, 'booking.requestBooking')
  const now = ctx.now()
  const facts = await requestFacts(ctx, member, input)
  if (facts.state !== 'held') refuse('booking.wrong_state')
  if (facts.holdExpiresAt <= now) refuse('booking.hold_lapsed')
  if (input.noticeId === null) refuse('notice.not_acknowledged')
  const tariff = found(facts.tariff, 'charging.no_tariff')
  const price = priceUse(tariff, { minutes: slotMinutes(facts), samples: input.samples })
  const voucherFen = shareOf(input, facts, price.totalFen)
  if (price.totalFen !== input.expected.totalFen) refuse('booking.quote_changed')
  const agreement = signedAgreement({
    bookingId: input.id,
    noticeId: input.noticeId,
    notice: found(facts.notice, 'notice.no_such_notice'),
    words: wordsOf(input, facts),
    by: member,
    at: now,
  })
  const terms = {
    serviceMode: input.serviceMode,
    samples: input.samples,
    sampleNames: input.sampleNames ?? [],
    purpose: input.purpose,
    preparation: input.preparation || null,
    serviceDirection: input.serviceDirection,
    confidentiality: input.confidentiality,
    tariffId: tariff.id,
    price,
    totalFen: price.totalFen,
    programmeId: voucherFen > 0 ? input.programmeId : null,
    voucherFen,
  }
  const requested: BookingStep = {
    id: input.id,
    number: facts.number,
    state: 'requested',
    startsAt: iso(facts.startsAt),
    endsAt: iso(facts.endsAt),
    holdExpiresAt: null,
  }
  await ctx.sql`
    select request_booking(${input.id}, ${now}, ${member.userId},
      ${addMinutes(now, ANSWER_MINUTES)}, ${ctx.sql.json(terms)}, ${ctx.sql.json(agreement)},
      ${keptAnswer(ctx, requested)})`
  return requested
}

/** The voucher's share as the rules have it now; anything but what the person saw is refused. */
function shareOf(input: Input, facts: RequestFacts, totalFen: number): number {
  const { programme } = facts
  const { expected } = input
  if (input.programmeId === null) {
    if (expected.voucherFen !== 0) refuse('booking.quote_changed')
    return 0
  }
  if (programme?.state !== 'in_force') refuse('voucher.no_such_programme')
  const { shareFen, reason } = programmeShare(programme, {
    ...facts,
    slot: facts,
    serviceMode: input.serviceMode,
    totalFen,
  })
  if (shareFen === expected.voucherFen) return shareFen
  if (shareFen < expected.voucherFen && totalFen === expected.totalFen)
    refuse(reason ?? 'voucher.quota_too_low')
  refuse('booking.quote_changed')
}

function wordsOf(input: Input, facts: RequestFacts): Record<string, string> {
  return {
    institution: facts.institution.name,
    instrument: [facts.instrumentName, facts.instrumentModel].filter(Boolean).join(' '),
    enterprise: facts.enterprise.name,
    slot: slotLabel(facts),
    samples: String(input.samples),
    serviceMode: serviceModeLabels[input.serviceMode],
    direction: serviceDirections[input.serviceDirection],
    confidentiality: confidentialityLabels[input.confidentiality],
  }
}
