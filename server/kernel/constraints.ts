import { isRefusalCode, Refusal, type RefusalCode } from '@yiqi/shared/kernel/refusals.ts'

/**
 * What a violated constraint means to the person: the database says no in the same words as the
 * program.
 */
const codeByConstraint: Record<string, RefusalCode> = {
  idempotency_keys_actor_id_key_pk: 'kernel.in_progress',
  occupancies_no_overlap: 'booking.slot_taken',
  sessions_no_overlap: 'session.instrument_busy',
  sessions_booking: 'session.wrong_state',
  quota_never_negative: 'voucher.quota_too_low',
  programme_never_negative: 'voucher.budget_too_low',
  transfers_resolve_once: 'voucher.earmark_resolved',
  receipts_reference: 'charging.receipt_duplicate',
  bills_paid_within_amount: 'charging.amount_over_bill',
  claims_once: 'redemption.already_claimed',
  acknowledgements_once: 'booking.wrong_state',
  bank_returns_once: 'redemption.file_malformed',
  quota_issues_two_people: 'voucher.own_proposal',
  batches_approver_apart: 'redemption.own_batch',
  batches_payer_apart: 'redemption.own_batch',
  batch_approvals_once: 'redemption.second_approver',
  bank_accounts_two_people: 'identity.own_proposal',
  bank_accounts_one_proposed: 'identity.proposal_waiting',
  organisations_uscc: 'identity.organisation_exists',
  verifications_one_open: 'identity.verification_open',
  verifications_two_people: 'identity.own_proposal',
  credentials_once: 'identity.credential_exists',
  credentials_two_people: 'identity.own_proposal',
  credentials_end_after_start: 'identity.dates_reversed',
  invitations_not_oneself: 'identity.own_invitation',
  memberships_once: 'identity.already_member',
  memberships_one_administrator: 'identity.administrators_apart',
  memberships_not_by_oneself: 'identity.own_proposal',
  delegations_once: 'identity.delegation_exists',
  staff_records_left_after_joined: 'identity.dates_reversed',
  trainings_expire_later: 'identity.dates_reversed',
  experts_end_after_start: 'identity.dates_reversed',
  instrument_technicians_one_lead: 'catalogue.lead_exists',
  instrument_technicians_licensed: 'identity.dates_reversed',
  instrument_technicians_licence: 'catalogue.licence_without_number',
  duty_shifts_no_overlap: 'catalogue.duty_overlaps',
}

/** The refusal behind a database error, or null when it is none. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null
  if (error instanceof Refusal) return error
  const {
    code,
    constraint_name: constraint,
    message,
  } = error as Error & { code?: string; constraint_name?: string }
  if ((code === 'YQ001' || code === 'YQ002') && isRefusalCode(message)) return new Refusal(message)
  if (constraint !== undefined) {
    const known = codeByConstraint[constraint]
    if (known) return new Refusal(known)
  }
  if (code === '22003') return new Refusal('kernel.value_out_of_range')
  // Only a cursor brings words to the database that no schema has read.
  if (code === '22P02' || code === '22007') return new Refusal('kernel.cursor_malformed')
  return error.cause === undefined ? null : refusalOf(error.cause)
}
