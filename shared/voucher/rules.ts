import { permilleOf } from '../kernel/money.ts'
import type { RefusalCode } from '../kernel/refusals.ts'
import type { DateText } from '../kernel/time.ts'

export type ProgrammeTerms = {
  ratioPermille: number
  bookingCapFen: number | null
  validFrom: DateText
  validTo: DateText
  serviceModes: readonly string[]
}

export type VoucherFacts = {
  programme: ProgrammeTerms
  serviceMode: string
  serviceOn: DateText
  /** Last day of the enterprise's register entry; null when it has none. */
  registryValidTo: DateText | null
  related: boolean
  /** Null when the enterprise was never issued a quota. */
  availableFen: number | null
}

/** Why the voucher pays nothing here, or null. The booking itself may still be made. */
export function whyNotVoucher(facts: VoucherFacts): RefusalCode | null {
  const { programme, serviceOn } = facts
  if (serviceOn < programme.validFrom || serviceOn > programme.validTo)
    return 'voucher.programme_closed'
  if (!programme.serviceModes.includes(facts.serviceMode)) return 'voucher.service_not_eligible'
  if (facts.registryValidTo === null || facts.registryValidTo < serviceOn)
    return 'voucher.enterprise_not_eligible'
  if (facts.related) return 'voucher.related_party'
  if (facts.availableFen === null) return 'voucher.no_quota'
  if (facts.availableFen <= 0) return 'voucher.quota_too_low'
  return null
}

/**
 * ratio of the total, rounded down, then the cap per booking, then what is left of the quota. Fen.
 */
export function voucherShare(
  terms: Pick<ProgrammeTerms, 'ratioPermille' | 'bookingCapFen'>,
  totalFen: number,
  availableFen: number,
): number {
  const byRatio = permilleOf(totalFen, terms.ratioPermille)
  const capped = terms.bookingCapFen === null ? byRatio : Math.min(byRatio, terms.bookingCapFen)
  return Math.max(0, Math.min(capped, availableFen))
}

/** Province first, rounded down; the odd fen is the city's. */
export function splitFunders(
  amountFen: number,
  provincePermille: number,
): { provinceFen: number; cityFen: number } {
  const provinceFen = permilleOf(amountFen, provincePermille)
  return { provinceFen, cityFen: amountFen - provinceFen }
}

export type Party = {
  uscc: string
  legalRepresentative: string | null
  shareholders: readonly Shareholder[]
}
export type Shareholder = { name: string; percent: number }

/**
 * Related parties: the same legal representative, one holding shares of the other, or one
 * shareholder with at least half of both (江苏 2024 rule; a programme's own definition comes with
 * programmes as versioned data).
 */
export function areRelated(
  enterprise: Party & { name: string },
  institution: Party & { name: string },
): boolean {
  const { legalRepresentative } = enterprise
  if (legalRepresentative !== null && legalRepresentative === institution.legalRepresentative)
    return true
  if (enterprise.shareholders.some((holder) => holder.name === institution.name)) return true
  if (institution.shareholders.some((holder) => holder.name === enterprise.name)) return true
  return enterprise.shareholders.some(
    (one) =>
      one.percent >= 50 &&
      institution.shareholders.some((other) => other.name === one.name && other.percent >= 50),
  )
}
