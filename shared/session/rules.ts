import { type Price, priceUse, type TariffRates } from '../charging/rules.ts'
import type { RefusalCode } from '../kernel/refusals.ts'
import { addMinutes, MINUTE_MS, type Slot } from '../kernel/time.ts'
import { voucherShare } from '../voucher/rules.ts'
import { CHECK_IN_EARLY_MINUTES, type Segment, segments } from './terms.ts'

/** Check-in opens a quarter of an hour early and stays open until the slot ends. */
export function whyNotCheckIn(slot: Slot, now: Date): RefusalCode | null {
  if (now < addMinutes(slot.startsAt, -CHECK_IN_EARLY_MINUTES)) return 'session.too_early'
  if (now >= slot.endsAt) return 'session.too_late'
  return null
}

export type SegmentStart = { segment: Segment; startsAt: Date }
export type SegmentMinutes = Record<Segment, number>

/**
 * Minutes of each segment: from its start to the next one's, the last to the end. The borders are
 * rounded to the minute, not the lengths, so that the sum is never more than the time that passed.
 */
export function minutesOf(starts: readonly SegmentStart[], endsAt: Date): SegmentMinutes {
  const minutes: SegmentMinutes = { preparation: 0, testing: 0, post_processing: 0 }
  const origin = starts[0]?.startsAt ?? endsAt
  const minuteAt = (at: Date) => Math.round((at.getTime() - origin.getTime()) / MINUTE_MS)
  starts.forEach((start, i) => {
    const passed = minuteAt(starts[i + 1]?.startsAt ?? endsAt) - minuteAt(start.startsAt)
    minutes[start.segment] += Math.max(0, passed) // a clock that was set back
  })
  return minutes
}

/** 有效机时: preparation, testing and post-processing together. */
export function effectiveMinutes(minutes: SegmentMinutes): number {
  return minutes.preparation + minutes.testing + minutes.post_processing
}

/** What may be confirmed is never more than the time that passed, to the started minute. */
export function whyNotMinutes(minutes: SegmentMinutes, actual: Slot): RefusalCode | null {
  const passed = Math.ceil((actual.endsAt.getTime() - actual.startsAt.getTime()) / MINUTE_MS)
  return effectiveMinutes(minutes) > Math.max(1, passed) ? 'session.minutes_impossible' : null
}

/** The segment that the one big button leads to; null when only finishing is left. */
export function nextSegment(current: Segment): Segment | null {
  return segments[segments.indexOf(current) + 1] ?? null
}

/**
 * What must be handed over before a session may end: the computer is cleared, and no sample stays
 * behind.
 */
export function whyNotHandOver(
  handOver: { pcCleared: boolean; samplesReturned: boolean },
  samples: number,
): RefusalCode | null {
  const complete = handOver.pcCleared && (samples === 0 || handOver.samplesReturned)
  return complete ? null : 'session.hand_over_missing'
}

export type SettlementFacts = {
  /** The tariff version that the quote froze. */
  tariff: TariffRates
  effectiveMinutes: number
  samples: number
  quotedFen: number
  /** What the booking earmarked; 0 without a programme. */
  earmarkedFen: number
  programme: {
    mode: 'deduct' | 'refund'
    ratioPermille: number
    bookingCapFen: number | null
  } | null
}

export type Settlement = {
  price: Price
  totalFen: number
  quotedFen: number
  aboveQuoteFen: number
  voucherFen: number
  /** What the enterprise pays the institution: in a refund programme all of it. */
  billFen: number
}

/**
 * Prices the agreed hours by the frozen tariff (at least its minimum) and shares them: the voucher
 * bears its share of the actual total, never more than was earmarked. A deduct programme takes it
 * off the bill.
 */
export function settle(facts: SettlementFacts): Settlement {
  const price = priceUse(facts.tariff, { minutes: facts.effectiveMinutes, samples: facts.samples })
  const { totalFen } = price
  const { programme } = facts
  const voucherFen = programme === null ? 0 : voucherShare(programme, totalFen, facts.earmarkedFen)
  return {
    price,
    totalFen,
    quotedFen: facts.quotedFen,
    aboveQuoteFen: Math.max(0, totalFen - facts.quotedFen),
    voucherFen,
    billFen: programme?.mode === 'deduct' ? totalFen - voucherFen : totalFen,
  }
}

/** More than was quoted needs the payer's consent. */
export function whyNotAgree(
  settlement: Settlement,
  consentAboveQuote: boolean,
): RefusalCode | null {
  return settlement.aboveQuoteFen > 0 && !consentAboveQuote ? 'session.above_quote' : null
}
