import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import type { QuotaIssue, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { whyNotCheckIssue } from '@yiqi/shared/voucher/rules.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { getQuotaIssue, quotaIssueFacts } from './queries-issues.ts'

/**
 * 退回发放: refuses what somebody else proposed, with a reason they read; it is never issued any
 * more. Refuses `voucher.no_such_issue`, `voucher.issue_checked`, `voucher.own_proposal`.
 */
export async function refuseQuota(
  ctx: Ctx,
  input: InputOf<typeof voucherEndpoints.refuseQuota>,
): Promise<QuotaIssue> {
  const { userId } = allow(ctx, 'voucher.refuseQuota')
  const issue = await quotaIssueFacts(ctx, input.id)
  refuseIf(whyNotCheckIssue(issue, userId))
  await ctx.sql`
    select check_quota_issue(${issue.id}, 'refused', ${input.reason}, ${ctx.now()}, ${userId})`
  return getQuotaIssue(ctx, issue.id)
}
