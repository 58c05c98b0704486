import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import type { QuotaIssue, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { whyNotCheckIssue } from '@yiqi/shared/voucher/rules.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { getQuotaIssue, quotaIssueFacts } from './queries-issues.ts'

/**
 * 发放额度: issues what somebody else proposed, from the programme's budget, at most the enterprise's
 * yearly cap; state and money change together. Refuses `voucher.no_such_issue`,
 * `voucher.issue_checked`, `voucher.own_proposal`, `voucher.programme_closed`,
 * `voucher.quota_over_cap`, `voucher.budget_too_low`.
 */
export async function issueQuota(
  ctx: Ctx,
  input: InputOf<typeof voucherEndpoints.issueQuota>,
): Promise<QuotaIssue> {
  const { userId } = allow(ctx, 'voucher.issueQuota')
  const issue = await quotaIssueFacts(ctx, input.id)
  refuseIf(whyNotCheckIssue(issue, userId))
  await ctx.sql`select check_quota_issue(${issue.id}, 'issued', null, ${ctx.now()}, ${userId})`
  return getQuotaIssue(ctx, issue.id)
}
