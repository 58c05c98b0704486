import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import type { QuotaIssue, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { whyNotCheckIssue } from '@yiqi/shared/voucher/rules.ts'
import type { QuotaIssueState } from '@yiqi/shared/voucher/terms.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, iso, isoOrNull, type Member } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

export async function listQuotaIssues(
  ctx: Ctx,
  input: InputOf<typeof voucherEndpoints.listQuotaIssues>,
): Promise<Page<QuotaIssue>> {
  const viewer = allow(ctx, 'voucher.listQuotaIssues')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const condition = ctx.sql`
    ${input.state ? ctx.sql`q.state = ${input.state}` : ctx.sql`true`}
    and ${input.programmeId ? ctx.sql`q.programme_id = ${input.programmeId}` : ctx.sql`true`}
    and ${after ? ctx.sql`q.id < ${after}` : ctx.sql`true`}`
  const rows = await quotaIssuesWhere(ctx, condition, limit + 1)
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => toQuotaIssue(row, viewer),
  )
}

/** One proposal as the verbs need it. Refuses `voucher.no_such_issue`. */
export async function quotaIssueFacts(ctx: Ctx, id: string): Promise<QuotaIssueRow> {
  const [row] = await quotaIssuesWhere(ctx, ctx.sql`q.id = ${id}`, 1)
  return found(row, 'voucher.no_such_issue')
}

/** One proposal as the endpoints show it. Refuses `voucher.no_such_issue`. */
export async function getQuotaIssue(ctx: Ctx, id: string): Promise<QuotaIssue> {
  return toQuotaIssue(await quotaIssueFacts(ctx, id), allow(ctx, 'voucher.listQuotaIssues'))
}

export type QuotaIssueRow = {
  id: string
  programmeId: string
  programmeName: string
  enterpriseId: string
  enterpriseName: string
  amountFen: number
  reason: string
  state: QuotaIssueState
  madeBy: string
  madeByName: string
  madeAt: Date
  checkedBy: string | null
  checkedByName: string | null
  checkedAt: Date | null
  note: string | null
}

function quotaIssuesWhere(ctx: Ctx, condition: Fragment, limit: number): Promise<QuotaIssueRow[]> {
  return ctx.sql<QuotaIssueRow[]>`
    select q.id, q.programme_id, p.name as programme_name, q.enterprise_id,
      e.name as enterprise_name, q.amount_fen, q.reason, q.state, q.made_by,
      m.name as made_by_name, q.made_at, q.checked_by, c.name as checked_by_name, q.checked_at,
      q.note
    from quota_issues q join programmes p on p.id = q.programme_id
      join organisations e on e.id = q.enterprise_id
      join users m on m.id = q.made_by left join users c on c.id = q.checked_by
    where ${condition} order by q.id desc limit ${limit}`
}

function toQuotaIssue(row: QuotaIssueRow, viewer: Member): QuotaIssue {
  return {
    id: row.id,
    programme: { id: row.programmeId, name: row.programmeName },
    enterprise: { id: row.enterpriseId, name: row.enterpriseName },
    amountFen: row.amountFen,
    reason: row.reason,
    state: row.state,
    madeBy: { id: row.madeBy, name: row.madeByName },
    madeAt: iso(row.madeAt),
    checkedBy: row.checkedBy === null ? null : { id: row.checkedBy, name: row.checkedByName ?? '' },
    checkedAt: isoOrNull(row.checkedAt),
    note: row.note,
    whyNotCheck:
      viewer.role === 'auditor' ? 'identity.role_missing' : whyNotCheckIssue(row, viewer.userId),
  }
}
