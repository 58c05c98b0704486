import { credentialOn, type Span } from '../identity/rules.ts'
import { permilleOf } from '../kernel/money.ts'
import type { RefusalCode } from '../kernel/refusals.ts'
import type { DateText } from '../kernel/time.ts'
import type { QuotaIssueState } from './terms.ts'

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
  /** The enterprise's accepted credentials of the kind that vouchers ask for. */
  credentials: readonly Span[]
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
  if (credentialOn(facts.credentials, serviceOn) === null) return 'voucher.enterprise_not_eligible'
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

/**
 * Why this amount cannot be proposed, or null. What is left of budget and cap then, the ledger says
 * when it is issued.
 */
export function whyNotPropose(
  programme: { state: string; enterpriseCapFen: number },
  amountFen: number,
): RefusalCode | null {
  if (programme.state !== 'in_force') return 'voucher.programme_closed'
  return amountFen > programme.enterpriseCapFen ? 'voucher.quota_over_cap' : null
}

/** Why this person may neither issue nor refuse what was proposed, or null. */
export function whyNotCheckIssue(
  issue: { state: QuotaIssueState; madeBy: string },
  userId: string,
): RefusalCode | null {
  if (issue.state !== 'proposed') return 'voucher.issue_checked'
  return issue.madeBy === userId ? 'voucher.own_proposal' : null
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
