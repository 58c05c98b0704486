import type { RefusalCode } from '../kernel/refusals.ts'
import type { BankAccountState, Role } from './terms.ts'

export type AccountFacts = {
  state: BankAccountState
  organisationId: string
  proposedBy: string | null
  /** How many people of the organisation, beside the proposer, may check it. */
  otherCheckers: number
}

/**
 * Why this person may neither put the account in use nor refuse it, or null. The province checks
 * only for an organisation that has nobody else.
 */
export function whyNotCheckAccount(
  account: AccountFacts,
  viewer: { userId: string; role: Role },
): RefusalCode | null {
  if (account.state !== 'proposed') return 'identity.already_decided'
  if (account.proposedBy === viewer.userId) return 'identity.own_proposal'
  const outside = viewer.role === 'voucher-administrator-province'
  return outside && account.otherCheckers > 0 ? 'identity.checked_inside' : null
}
