import { credentialOn, type Span } from '../identity/rules.ts'
import type { RefusalCode } from '../kernel/refusals.ts'
import type { DateText } from '../kernel/time.ts'
import type { Evidence } from './terms.ts'

export type ClaimFacts = {
  mode: 'deduct' | 'refund'
  amountFen: number
  earmarkPostedFen: number | null
  earmarkPendingFen: number | null
  billAmountFen: number
  billPaidFen: number
  totalFen: number
  agreementStages: readonly string[]
  sessionState: string
  sessionStartsAt: Date
  sessionEndsAt: Date | null
  confirmedAt: Date | null
  handedOver: boolean
  effectiveMinutes: number
  bookedMinutes: number
  /** The enterprise's accepted credentials of the kind that vouchers ask for. */
  credentials: readonly Span[]
  serviceOn: string
  related: boolean
  overlapping: boolean
  inOutage: boolean
}

export type Finding = { code: string; level: 'stop' | 'flag'; sentence: string }

/**
 * The automatic checks of a claim: every one that fails, in words. A `stop` keeps the claim from
 * going on, a `flag` asks a person to look.
 */
export function claimFindings(facts: ClaimFacts): Finding[] {
  const findings: Finding[] = []
  const find = (when: boolean, code: string, level: Finding['level'], sentence: string) => {
    if (when) findings.push({ code, level, sentence })
  }
  find(facts.sessionState !== 'agreed', 'session_not_agreed', 'stop', '企业尚未确认机时')
  find(facts.overlapping, 'session_overlaps', 'stop', '同一仪器同一时间另有服务记录')
  find(facts.related, 'related_party', 'stop', '企业与服务机构存在关联关系')
  find(
    credentialOn(facts.credentials, facts.serviceOn) === null,
    'not_eligible',
    'stop',
    '服务日企业入库登记无效',
  )
  find(
    facts.confirmedAt !== null && facts.confirmedAt > facts.sessionStartsAt,
    'date_order',
    'stop',
    '协议签订晚于上机开始',
  )
  find(
    facts.mode === 'deduct' && facts.earmarkPostedFen !== facts.amountFen,
    'not_posted',
    'stop',
    '申报金额与核销金额不一致',
  )
  find(
    facts.mode === 'refund' && facts.amountFen > (facts.earmarkPendingFen ?? 0),
    'above_earmark',
    'stop',
    '申报金额超过预占额度',
  )
  find(
    facts.billPaidFen < facts.billAmountFen,
    'not_paid',
    facts.mode === 'refund' ? 'stop' : 'flag',
    '企业应付款尚未全部到账',
  )
  find(
    facts.mode === 'deduct' && facts.billAmountFen + facts.amountFen !== facts.totalFen,
    'sums_differ',
    'stop',
    '账单与券额之和不等于服务总价',
  )
  find(!facts.handedOver, 'not_handed_over', 'flag', '成果移交未登记')
  find(
    facts.effectiveMinutes > facts.bookedMinutes * 1.5,
    'long_run',
    'flag',
    '有效机时超过预约时长的一半以上',
  )
  find(facts.inOutage, 'in_outage', 'flag', '服务期间仪器有停机记录')
  return findings
}

/** Which of the seven evidences stand; a missing one names who must act. */
export function evidenceOf(
  facts: ClaimFacts,
): Record<Evidence, { met: boolean; actor: string | null }> {
  const item = (met: boolean, actor: string) => ({ met, actor: met ? null : actor })
  return {
    agreement: item(
      ['booking', 'confirmation'].every((stage) => facts.agreementStages.includes(stage)),
      '机组人员',
    ),
    session: item(facts.sessionEndsAt !== null, '机组人员'),
    hours: item(facts.sessionState === 'agreed', '企业'),
    handover: item(facts.handedOver, '机组人员'),
    bill: item(facts.sessionState === 'agreed', '平台'),
    payment: item(facts.billPaidFen >= facts.billAmountFen, '企业付款、单位财务确认'),
    eligibility: item(credentialOn(facts.credentials, facts.serviceOn) !== null, '企业'),
  }
}

/** Where a claim stands on the reconciliation desk; each is in exactly one. */
export type DeskColumn = 'matched' | 'differing' | 'missing' | 'doubtful'

const doubtful = ['related_party', 'session_overlaps', 'date_order', 'long_run', 'in_outage']
const differing = ['not_posted', 'above_earmark', 'sums_differ']

/**
 * Doubt weighs more than a difference, a difference more than a gap; matched is what has none of
 * them.
 */
export function deskColumn(findings: readonly Finding[], evidenceComplete: boolean): DeskColumn {
  if (findings.some((finding) => doubtful.includes(finding.code))) return 'doubtful'
  if (findings.some((finding) => differing.includes(finding.code))) return 'differing'
  return findings.length > 0 || !evidenceComplete ? 'missing' : 'matched'
}

/** green: nothing found and nothing missing; amber: a person should look; red: a stop. */
export function lightOf(
  findings: readonly Finding[],
  evidenceComplete: boolean,
): 'green' | 'amber' | 'red' {
  if (findings.some((finding) => finding.level === 'stop')) return 'red'
  return findings.length > 0 || !evidenceComplete ? 'amber' : 'green'
}

/** A programme with publicity approves only after its last public day; one without, at once. */
export function whyNotApprove(
  batch: { state: string; publicUntil: DateText | null; publicityDays: number },
  today: DateText,
): RefusalCode | null {
  if (batch.state !== 'open' && batch.state !== 'publicised') return 'redemption.batch_wrong_state'
  if (batch.publicityDays === 0) return null
  return batch.publicUntil !== null && today > batch.publicUntil ? null : 'redemption.in_publicity'
}

/** 大额批次: from these days on, a batch above the sum needs a second person's approval. */
export const secondApprovals: readonly { from: DateText; aboveFen: number }[] = [
  { from: '2026-01-01', aboveFen: 10_000_000 },
]

/** How many must approve a batch of this sum (fen) on this day. */
export function approvalsNeeded(claimsFen: number, today: DateText): number {
  const inForce = secondApprovals.findLast(({ from }) => from <= today)
  return inForce !== undefined && claimsFen > inForce.aboveFen ? 2 : 1
}

/** Who did what to a batch, by user. */
export type BatchPeople = {
  openedBy: string | null
  approvers: readonly string[]
  /** Those who explained one of its differences. */
  explainers: readonly string[]
}

/** Nobody approves what they composed, or twice. */
export function whyNotApproveAs(userId: string, batch: BatchPeople): RefusalCode | null {
  if (batch.openedBy === userId) return 'redemption.own_batch'
  return batch.approvers.includes(userId) ? 'redemption.second_approver' : null
}

/** Nobody pays what they approved. */
export function whyNotInstructAs(userId: string, batch: BatchPeople): RefusalCode | null {
  return batch.approvers.includes(userId) ? 'redemption.own_batch' : null
}

/** Nobody closes the books over a difference that they explained. */
export function whyNotReconcileAs(userId: string, batch: BatchPeople): RefusalCode | null {
  return batch.explainers.includes(userId) ? 'redemption.own_explanation' : null
}

export type PaymentLine = {
  reference: string
  instructedFen: number
  returnedFen: number | null
  explainedFen: number
}

/**
 * What is still unexplained on a payment: instructed minus returned minus explained. Null before
 * the return.
 */
export function openDifference(line: PaymentLine): number | null {
  return line.returnedFen === null
    ? null
    : line.instructedFen - line.returnedFen - line.explainedFen
}
