import type { Span } from '@yiqi/shared/identity/rules.ts'
import { enterpriseRoles, type Role } from '@yiqi/shared/identity/terms.ts'
import { dateOf, slotMinutes } from '@yiqi/shared/kernel/time.ts'
import type { ClaimCard } from '@yiqi/shared/redemption/endpoints.ts'
import {
  type ClaimFacts,
  claimFindings,
  evidenceOf,
  type Finding,
  lightOf,
} from '@yiqi/shared/redemption/rules.ts'
import {
  type ClaimState,
  claimCan,
  type Evidence,
  evidences,
  type ReturnReason,
  type Review,
} from '@yiqi/shared/redemption/terms.ts'
import { areRelated, type Shareholder } from '@yiqi/shared/voucher/rules.ts'
import { voucherCredentials } from '../identity/facts.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, type Member } from '../kernel/ctx.ts'

/** Who acts for an institution where vouchers are concerned. */
export const institutionClaimRoles = ['institution-finance', 'institution-manager'] as const

/** What is known of the service that a claim is about, whether or not it is claimed yet. */
export type ServiceRow = {
  bookingId: string
  bookingNumber: string
  bookingStartsAt: Date
  bookingEndsAt: Date
  instrumentName: string
  programmeId: string
  programmeName: string
  mode: 'deduct' | 'refund'
  provincePermille: number
  enterpriseId: string
  enterpriseName: string
  enterpriseUscc: string
  enterpriseRepresentative: string | null
  enterpriseShareholders: Shareholder[]
  enterpriseCredentials: (Span & { number: string })[]
  institutionId: string
  institutionName: string
  institutionUscc: string
  institutionRepresentative: string | null
  institutionShareholders: Shareholder[]
  sessionState: string
  sessionStartsAt: Date
  sessionEndsAt: Date | null
  agreedAt: Date | null
  preparationMinutes: number
  testingMinutes: number
  postProcessingMinutes: number
  sessionSamples: number
  handedOverTo: string | null
  pcCleared: boolean | null
  dataHash: string | null
  totalFen: number | null
  voucherFen: number | null
  billNumber: string | null
  billAmountFen: number | null
  billPaidFen: number | null
  receipts: string | null
  earmarkPendingFen: number | null
  earmarkPostedFen: number | null
  stages: string[]
  confirmedAt: Date | null
  overlapping: boolean
  inOutage: boolean
}

export type ClaimRow = ServiceRow & {
  id: string
  number: string
  state: ClaimState
  amountFen: number
  payeeId: string
  batchId: string | null
  createdBy: string
  returnReason: ReturnReason | null
  returnNote: string | null
  /** The review it waits for; null when none. */
  nextReview: Review | null
  fullyReviewed: boolean
}

/**
 * The columns and joins of a service; `b` is its booking, `p` the programme, `e` and `i` the two
 * parties.
 */
const serviceColumns = (ctx: Ctx): Fragment => ctx.sql`
  b.id as booking_id, b.number as booking_number, b.starts_at as booking_starts_at,
  b.ends_at as booking_ends_at, n.name as instrument_name, p.id as programme_id,
  p.name as programme_name, p.mode, p.province_permille, e.id as enterprise_id,
  e.name as enterprise_name, e.uscc as enterprise_uscc,
    e.legal_representative as enterprise_representative,
  e.shareholders as enterprise_shareholders,
  ${voucherCredentials(ctx, 'e')} as enterprise_credentials,
  i.id as institution_id, i.name as institution_name, i.uscc as institution_uscc,
  i.legal_representative as institution_representative, i.shareholders as institution_shareholders,
  s.state as session_state, s.starts_at as session_starts_at, s.ends_at as session_ends_at,
    s.agreed_at,
  s.preparation_minutes, s.testing_minutes, s.post_processing_minutes, s.samples as session_samples,
  s.handed_over_to, s.pc_cleared, s.data_hash, s.total_fen, s.voucher_fen, l.number as bill_number,
  l.amount_fen as bill_amount_fen, l.paid_fen as bill_paid_fen,
  (select string_agg(r.reference, '、' order by r.at) from receipts r
    where r.bill_id = l.id) as receipts,
  case when v.id is null then k.amount_fen end as earmark_pending_fen,
  case when v.kind = 'post' then v.amount_fen end as earmark_posted_fen,
  array(select a.stage from acknowledgements a where a.booking_id = b.id) as stages,
  coalesce((select min(a.at) from acknowledgements a
    where a.booking_id = b.id and a.stage = 'confirmation'), b.confirmed_at) as confirmed_at,
  exists (select 1 from sessions o where o.instrument_id = s.instrument_id and o.id <> s.id
    and tstzrange(o.starts_at, coalesce(o.ends_at, 'infinity'))
      && tstzrange(s.starts_at, coalesce(s.ends_at, 'infinity'))) as overlapping,
  exists (select 1 from outages o where o.instrument_id = s.instrument_id
    and o.starts_at < coalesce(s.ends_at, 'infinity') and least(o.ends_at,
      o.lifted_at) > s.starts_at
    and (o.lifted_at is null or o.lifted_at > o.starts_at)) as in_outage`

const serviceJoins = (ctx: Ctx): Fragment => ctx.sql`
  join sessions s on s.booking_id = b.id join instruments n on n.id = b.instrument_id
  join organisations e on e.id = b.enterprise_id join organisations i on i.id = b.institution_id
  left join bills l on l.booking_id = b.id left join transfers k on k.id = b.earmark_id
  left join transfers v on v.resolves_id = k.id`

/** Claims that fit, newest first. */
export async function claimsWhere(
  ctx: Ctx,
  condition: Fragment,
  limit: number,
): Promise<ClaimRow[]> {
  return ctx.sql<ClaimRow[]>`
    select c.id, c.number, c.state, c.amount_fen, c.payee_id, c.batch_id, c.created_by,
      c.return_reason,
      c.return_note, next_review(p.reviews, c.state) as next_review,
      fully_reviewed(p.reviews, c.state) as fully_reviewed, ${serviceColumns(ctx)}
    from claims c join bookings b on b.id = c.booking_id join programmes p on p.id = c.programme_id
      ${serviceJoins(ctx)}
    where ${condition} order by c.id desc limit ${limit}`
}

/** Agreed services with a voucher share that nobody has claimed yet. */
export async function unclaimedWhere(
  ctx: Ctx,
  condition: Fragment,
  limit: number,
): Promise<ServiceRow[]> {
  return ctx.sql<ServiceRow[]>`
    select ${serviceColumns(ctx)}
    from bookings b join programmes p on p.id = b.programme_id ${serviceJoins(ctx)}
    where s.state = 'agreed' and s.voucher_fen > 0 and ${condition}
      and not exists (select 1 from claims c
        where c.booking_id = b.id and c.state not in ('withdrawn', 'rejected'))
    order by s.starts_at desc, b.id limit ${limit}`
}

/**
 * Which claims a person sees: those of their organisation (a draft only as its payee), of their
 * city, or all. Refuses `identity.role_missing` for roles that have nothing to do with claims.
 */
export function claimScope(ctx: Ctx): { actor: Member; scope: Fragment } {
  const actor = allow(ctx, 'redemption.listClaims')
  const { organisationId } = actor
  const handedIn = ctx.sql`c.state <> 'draft'`
  if (isOneOf(enterpriseRoles, actor.role) || isOneOf(institutionClaimRoles, actor.role)) {
    const party = isOneOf(enterpriseRoles, actor.role)
      ? ctx.sql`c.enterprise_id = ${organisationId}`
      : ctx.sql`c.institution_id = ${organisationId}`
    return { actor, scope: ctx.sql`(${party} and (c.payee_id = ${organisationId} or ${handedIn}))` }
  }
  if (actor.role === 'voucher-administrator-city') {
    const city = ctx.sql`(select city_code from organisations where id = ${organisationId})`
    return { actor, scope: ctx.sql`(${handedIn} and e.city_code = ${city})` }
  }
  return { actor, scope: handedIn }
}

/** One claim of the viewer's scope. Refuses `redemption.no_such_claim`. */
export async function claimOf(ctx: Ctx, id: string): Promise<ClaimRow> {
  const { scope } = claimScope(ctx)
  const [row] = await claimsWhere(ctx, ctx.sql`c.id = ${id} and ${scope}`, 1)
  return found(row, 'redemption.no_such_claim')
}

/** The same, kept from changing until the transaction ends. */
export async function lockClaim(ctx: Ctx, id: string): Promise<ClaimRow> {
  await ctx.sql`select 1 from claims where id = ${id} for no key update`
  return claimOf(ctx, id)
}

/**
 * The claimant is whoever will be paid: the institution in a deduct programme, the enterprise in a
 * refund one.
 */
export function isClaimant(actor: Member, row: ClaimRow): boolean {
  const roles: readonly Role[] = row.mode === 'deduct' ? institutionClaimRoles : enterpriseRoles
  return row.payeeId === actor.organisationId && roles.includes(actor.role)
}

/** The claim waits for this person's review; the row is within their scope already. */
export function isDueTo(actor: Member, row: ClaimRow): boolean {
  switch (row.nextReview) {
    case 'binding':
      return (
        isOneOf(institutionClaimRoles, actor.role) && row.institutionId === actor.organisationId
      )
    case 'city':
      return actor.role === 'voucher-administrator-city'
    case 'province':
      return actor.role === 'voucher-administrator-province'
    case null:
      return false
  }
}

/**
 * The facts that the automatic checks read; the amount of an unopened claim is its agreed share.
 */
export function factsOf(row: ServiceRow, amountFen: number): ClaimFacts {
  const enterprise = {
    name: row.enterpriseName,
    uscc: row.enterpriseUscc,
    legalRepresentative: row.enterpriseRepresentative,
    shareholders: row.enterpriseShareholders,
  }
  const institution = {
    name: row.institutionName,
    uscc: row.institutionUscc,
    legalRepresentative: row.institutionRepresentative,
    shareholders: row.institutionShareholders,
  }
  return {
    mode: row.mode,
    amountFen,
    earmarkPostedFen: row.earmarkPostedFen,
    // Once the approval has posted it, the posting says what the earmark was good for.
    earmarkPendingFen: row.earmarkPendingFen ?? row.earmarkPostedFen,
    billAmountFen: row.billAmountFen ?? 0,
    billPaidFen: row.billPaidFen ?? 0,
    totalFen: row.totalFen ?? 0,
    agreementStages: row.stages,
    sessionState: row.sessionState,
    sessionStartsAt: row.sessionStartsAt,
    sessionEndsAt: row.sessionEndsAt,
    confirmedAt: row.confirmedAt,
    handedOver: row.handedOverTo !== null && row.pcCleared === true,
    effectiveMinutes: effectiveOf(row),
    bookedMinutes: slotMinutes({ startsAt: row.bookingStartsAt, endsAt: row.bookingEndsAt }),
    credentials: row.enterpriseCredentials,
    serviceOn: dateOf(row.sessionStartsAt),
    related: areRelated(enterprise, institution),
    overlapping: row.overlapping,
    inOutage: row.inOutage,
  }
}

export function effectiveOf(row: ServiceRow): number {
  return row.preparationMinutes + row.testingMinutes + row.postProcessingMinutes
}

export type Checked = {
  findings: Finding[]
  evidence: Record<Evidence, { met: boolean; actor: string | null }>
  evidenceMet: number
  complete: boolean
}

/** The automatic checks of a claim and the evidence that stands. */
export function checkClaim(row: ClaimRow): Checked {
  const facts = factsOf(row, row.amountFen)
  const evidence = evidenceOf(facts)
  const evidenceMet = evidences.filter((one) => evidence[one].met).length
  return {
    findings: claimFindings(facts),
    evidence,
    evidenceMet,
    complete: evidenceMet === evidences.length,
  }
}

export function toClaimCard(actor: Member, row: ClaimRow, checked: Checked): ClaimCard {
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    mode: row.mode,
    programmeId: row.programmeId,
    programmeName: row.programmeName,
    bookingId: row.bookingId,
    bookingNumber: row.bookingNumber,
    enterprise: { id: row.enterpriseId, name: row.enterpriseName },
    institution: { id: row.institutionId, name: row.institutionName },
    instrumentName: row.instrumentName,
    servedOn: dateOf(row.sessionStartsAt),
    totalFen: row.totalFen ?? 0,
    billFen: row.billAmountFen ?? 0,
    paidFen: row.billPaidFen ?? 0,
    amountFen: row.amountFen,
    evidenceMet: checked.evidenceMet,
    evidenceTotal: evidences.length,
    light: lightOf(checked.findings, checked.complete),
    actions: actionsOf(actor, row),
  }
}

function actionsOf(actor: Member, row: ClaimRow): ClaimCard['actions'] {
  const claimant = isClaimant(actor, row)
  const actions: ClaimCard['actions'] = []
  if (claimant && isOneOf(claimCan.submit.states, row.state)) actions.push('submit')
  if (claimant && isOneOf(claimCan.withdraw.states, row.state)) actions.push('withdraw')
  if (row.batchId === null && row.createdBy !== actor.userId && isDueTo(actor, row)) {
    if (row.nextReview === 'binding') actions.push('bind')
    else actions.push('review', 'return')
  }
  return actions
}

export function isOneOf<T extends string>(list: readonly T[], value: string): boolean {
  return list.some((one) => one === value)
}
