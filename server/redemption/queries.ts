import { credentialOn } from '@yiqi/shared/identity/rules.ts'
import { enterpriseRoles } from '@yiqi/shared/identity/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { dateOf, durationLabel, stamp } from '@yiqi/shared/kernel/time.ts'
import type { Claim, ClaimCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { claimFindings, deskColumn } from '@yiqi/shared/redemption/rules.ts'
import {
  type BatchState,
  claimEventLabels,
  closedClaimStates,
  type Evidence,
  evidenceLabels,
  evidences,
  returnReasons,
  underReviewStates,
} from '@yiqi/shared/redemption/terms.ts'
import { splitFunders } from '@yiqi/shared/voucher/rules.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, iso, type Member } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import {
  type Checked,
  type ClaimRow,
  checkClaim,
  claimOf,
  claimScope,
  claimsWhere,
  effectiveOf,
  factsOf,
  institutionClaimRoles,
  isDueTo,
  isOneOf,
  type ServiceRow,
  toClaimCard,
  unclaimedWhere,
} from './queries-facts.ts'

const CLAIMABLE_MAX = 200
const DESK_MAX = 5_000

export async function listClaimable(
  ctx: Ctx,
): Promise<OutputOf<typeof redemptionEndpoints.listClaimable>> {
  const rows = await unclaimedWhere(ctx, claimableScope(ctx), CLAIMABLE_MAX)
  return { rows: rows.map(toClaimable) }
}

/** The services whose share the viewer's organisation may claim. */
export function claimableScope(ctx: Ctx): Fragment {
  const actor = allow(ctx, 'redemption.listClaimable')
  return isOneOf(enterpriseRoles, actor.role)
    ? ctx.sql`p.mode = 'refund' and b.enterprise_id = ${actor.organisationId}`
    : ctx.sql`p.mode = 'deduct' and b.institution_id = ${actor.organisationId}`
}

export async function listClaims(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.listClaims>,
): Promise<Page<ClaimCard>> {
  const { actor, scope } = claimScope(ctx)
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const condition = ctx.sql`${scope} and ${stateCondition(ctx, actor, input.state)}
    and ${input.programmeId ? ctx.sql`c.programme_id = ${input.programmeId}` : ctx.sql`true`}
    and ${after ? ctx.sql`c.id < ${after}` : ctx.sql`true`}`
  const rows = await claimsWhere(ctx, condition, limit + 1)
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => toClaimCard(actor, row, checkClaim(row)),
  )
}

/** Claims whose next review is the viewer's, and that no batch holds. */
export function dueCondition(ctx: Ctx, actor: Member): Fragment {
  const review =
    actor.role === 'voucher-administrator-city'
      ? 'city'
      : actor.role === 'voucher-administrator-province'
        ? 'province'
        : isOneOf(institutionClaimRoles, actor.role)
          ? 'binding'
          : null
  return ctx.sql`(c.batch_id is null and c.state = any (${[...underReviewStates]})
    and next_review(p.reviews, c.state) = ${review})`
}

function stateCondition(
  ctx: Ctx,
  actor: Member,
  state: InputOf<typeof redemptionEndpoints.listClaims>['state'],
): Fragment {
  if (state === undefined) return ctx.sql`true`
  if (state === 'to-review') return dueCondition(ctx, actor)
  if (state === 'open') return ctx.sql`c.state <> all (${[...closedClaimStates]})`
  return ctx.sql`c.state = ${state}`
}

export async function getClaim(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.getClaim>,
): Promise<Claim> {
  const { actor } = claimScope(ctx)
  const row = await claimOf(ctx, input.id)
  const checked = checkClaim(row)
  const [batch] = await ctx.sql<{ id: string; number: string; state: BatchState }[]>`
    select id, number, state from batches where id = ${row.batchId}`
  return {
    ...toClaimCard(actor, row, checked),
    findings: checked.findings,
    evidence: evidences.map((evidence) => ({
      evidence,
      label: evidenceLabels[evidence],
      ...checked.evidence[evidence],
      detail: evidenceDetail(evidence, row),
    })),
    history: await historyOf(ctx, row.id),
    batch: batch ?? null,
    returnReason: returnReasonOf(row),
  }
}

async function historyOf(ctx: Ctx, claimId: string): Promise<Claim['history']> {
  const rows = await ctx.sql<
    { at: Date; name: string; actor: string | null; note: string | null }[]
  >`
    select v.at, v.name, u.name as actor, r.note
    from events v left join users u on u.id = v.actor_id
      left join claim_reviews r on r.id = (v.detail ->> 'reviewId')::uuid
    where v.subject_id = ${claimId} order by v.seq`
  return rows.map(({ at, name, actor, note }) => ({
    at: iso(at),
    label: claimEventLabels[name] ?? name,
    actor,
    note,
  }))
}

function returnReasonOf(row: ClaimRow): string | null {
  if (row.state !== 'returned' || row.returnReason === null) return null
  const reason = returnReasons[row.returnReason]
  return row.returnNote ? `${reason}：${row.returnNote}` : reason
}

/** What a reviewer checks at a glance, in one line. */
function evidenceDetail(evidence: Evidence, row: ClaimRow): string {
  switch (evidence) {
    case 'agreement':
      return row.confirmedAt === null ? '机组尚未签收' : `机组签收于 ${stamp(row.confirmedAt)}`
    case 'session': {
      const end = row.sessionEndsAt === null ? '进行中' : stamp(row.sessionEndsAt)
      return `${stamp(row.sessionStartsAt)} 至 ${end}，${row.bookingNumber}`
    }
    case 'hours':
      return `准备 ${row.preparationMinutes} + 测试 ${row.testingMinutes} + 后处理 ${row.postProcessingMinutes} 分钟，共 ${durationLabel(effectiveOf(row))}`
    case 'handover': {
      if (row.handedOverTo === null) return '未登记'
      const hash = row.dataHash === null ? '' : `，数据指纹 ${row.dataHash.slice(0, 12)}…`
      return `已交 ${row.handedOverTo}，样品 ${row.sessionSamples} 件${hash}`
    }
    case 'bill':
      return row.billNumber === null
        ? '尚未出账'
        : `${row.billNumber}，应付 ${yuan(row.billAmountFen ?? 0)}，服务总价 ${yuan(row.totalFen ?? 0)}`
    case 'payment': {
      const arrived = `到账 ${yuan(row.billPaidFen ?? 0)} / ${yuan(row.billAmountFen ?? 0)}`
      return row.receipts === null ? arrived : `${arrived}，流水号 ${row.receipts}`
    }
    case 'eligibility': {
      const valid = credentialOn(row.enterpriseCredentials, dateOf(row.sessionStartsAt))
      return valid === null
        ? '服务日无有效的入库登记'
        : `${valid.number}，有效期 ${valid.validFrom} 至 ${valid.validTo}`
    }
  }
}

export async function getDesk(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.getDesk>,
): Promise<OutputOf<typeof redemptionEndpoints.getDesk>> {
  allow(ctx, 'redemption.getDesk')
  const { actor, scope } = claimScope(ctx)
  const condition = ctx.sql`${scope} and c.batch_id is null and c.state = any (${[...underReviewStates]})
    and ${input.programmeId ? ctx.sql`c.programme_id = ${input.programmeId}` : ctx.sql`true`}`
  const rows = await claimsWhere(ctx, condition, DESK_MAX)
  const sums = {
    claimed: 0,
    matched: 0,
    differing: 0,
    missing: 0,
    doubtful: 0,
    province: 0,
    city: 0,
  }
  let cleanClaims = 0
  for (const row of rows) {
    const column = columnOf(checkClaim(row))
    sums.claimed += row.amountFen
    sums[column] += row.amountFen
    if (column !== 'matched') continue
    const { provinceFen, cityFen } = splitFunders(row.amountFen, row.provincePermille)
    sums.province += provinceFen
    sums.city += cityFen
    if (isDueTo(actor, row) && row.createdBy !== actor.userId) cleanClaims++
  }
  return {
    claimedFen: sums.claimed,
    matchedFen: sums.matched,
    differingFen: sums.differing,
    missingFen: sums.missing,
    doubtfulFen: sums.doubtful,
    payableFen: sums.matched,
    provinceFen: sums.province,
    cityFen: sums.city,
    cleanClaims,
  }
}

function columnOf(checked: Checked) {
  return deskColumn(checked.findings, checked.complete)
}

function toClaimable(row: ServiceRow) {
  const amountFen = must(row.voucherFen, 'the share of an agreed session')
  const findings = claimFindings(factsOf(row, amountFen))
  return {
    bookingId: row.bookingId,
    bookingNumber: row.bookingNumber,
    instrumentName: row.instrumentName,
    counterparty: row.mode === 'deduct' ? row.enterpriseName : row.institutionName,
    servedOn: dateOf(row.sessionStartsAt),
    programmeName: row.programmeName,
    mode: row.mode,
    totalFen: row.totalFen ?? 0,
    amountFen,
    blockers: findings
      .filter((finding) => finding.level === 'stop')
      .map((finding) => finding.sentence),
  }
}
