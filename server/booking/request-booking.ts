import type { BookingStep, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { approvalDueAt, whyNotBook } from '@yiqi/shared/booking/rules.ts'
import { serviceDirections } from '@yiqi/shared/booking/terms.ts'
import { priceUse } from '@yiqi/shared/charging/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
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
export const ANSWER_MINUTES = 240

/**
 * 企业提出预约: freezes price and tariff version, earmarks the voucher's share and signs the
 * agreement, in one act, on the account of the acting membership's organisation: the person's own
 * hold may have been made for another of theirs. The technician still has to confirm; when the
 * total (the voucher's share included) is above the member's limits, their administrator has to
 * approve it before. The limits are those of whoever asks, also where they ask for a colleague.
 * Refuses `booking.hold_lapsed`, `identity.organisation_unverified`, `booking.no_such_beneficiary`,
 * `booking.quote_changed` when price or share differ from what the person saw,
 * `voucher.quota_too_low`, `notice.not_acknowledged`, `notice.version_outdated`.
 */
export async function requestBooking(ctx: Ctx, input: Input): Promise<BookingStep> {
  const member = allow(ctx, 'booking.requestBooking')
  const now = ctx.now()
  // Who books for themselves names nobody.
  const beneficiaryId = input.beneficiaryId === member.userId ? null : (input.beneficiaryId ?? null)
  const facts = await requestFacts(ctx, member, { ...input, beneficiaryId })
  if (facts.state !== 'held') refuse('booking.wrong_state')
  if (facts.holdExpiresAt <= now) refuse('booking.hold_lapsed')
  refuseIf(whyNotBook(facts.enterprise.verification))
  if (beneficiaryId !== null && facts.beneficiaryName === null)
    refuse('booking.no_such_beneficiary')
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
  const terms = { ...useOf(input), beneficiaryId, tariffId: tariff.id, price, voucherFen }
  const requested = stepOf(input.id, 'requested', facts)
  const waiting = stepOf(input.id, 'awaiting_approval', facts)
  const limited = facts.limited ? member.membershipId : null
  const [came] = await ctx.sql<{ to: BookingStep['state'] }[]>`
    select request_booking(${input.id}, ${now}, ${member.userId}, ${member.organisationId},
      ${limited}, ${addMinutes(now, ANSWER_MINUTES)}, ${approvalDueAt(now, facts.startsAt)},
      ${ctx.sql.json(terms)}, ${ctx.sql.json(agreement)}, ${keptAnswer(ctx, waiting)},
      ${keptAnswer(ctx, requested)}) as to`
  if (came?.to !== 'awaiting_approval') return requested
  // The answer given along last is the one that is sent: the function kept the other.
  keptAnswer(ctx, waiting)
  return waiting
}

/** What is asked for, as the booking keeps it. */
function useOf(input: Input) {
  return {
    serviceMode: input.serviceMode,
    samples: input.samples,
    sampleNames: input.sampleNames ?? [],
    purpose: input.purpose,
    preparation: input.preparation || null,
    serviceDirection: input.serviceDirection,
    confidentiality: input.confidentiality,
    totalFen: input.expected.totalFen,
    programmeId: input.expected.voucherFen > 0 ? input.programmeId : null,
  }
}

function stepOf(id: string, state: BookingStep['state'], facts: RequestFacts): BookingStep {
  const { number, startsAt, endsAt } = facts
  return { id, number, state, startsAt: iso(startsAt), endsAt: iso(endsAt), holdExpiresAt: null }
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
    enterprise:
      facts.beneficiaryName === null
        ? facts.enterprise.name
        : `${facts.enterprise.name}（使用人：${facts.beneficiaryName}）`,
    slot: slotLabel(facts),
    samples: String(input.samples),
    serviceMode: serviceModeLabels[input.serviceMode],
    direction: serviceDirections[input.serviceDirection],
    confidentiality: confidentialityLabels[input.confidentiality],
  }
}
