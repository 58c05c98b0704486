import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import type { QuotaIssue, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { whyNotPropose } from '@yiqi/shared/voucher/rules.ts'
import { getOrganisation } from '../identity/facts.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getProgramme } from './queries.ts'
import { getQuotaIssue } from './queries-issues.ts'

/**
 * 提请发放: proposes quota for an enterprise, which somebody else must issue; no money moves. Refuses
 * `voucher.no_such_programme`, `voucher.programme_closed`, `voucher.quota_over_cap` for more than
 * the yearly cap alone, `identity.no_such_organisation`.
 */
export async function proposeQuota(
  ctx: Ctx,
  input: InputOf<typeof voucherEndpoints.proposeQuota>,
): Promise<QuotaIssue> {
  const { userId } = allow(ctx, 'voucher.proposeQuota')
  const programme = await getProgramme(ctx, input.programmeId)
  const enterprise = await getOrganisation(ctx, input.enterpriseId)
  if (enterprise.kind !== 'enterprise') refuse('identity.no_such_organisation')
  refuseIf(whyNotPropose(programme, input.amountFen))
  const [proposed] = await ctx.sql<{ id: string }[]>`
    insert into quota_issues (programme_id, enterprise_id, amount_fen, reason, made_by, made_at)
    values (${programme.id}, ${enterprise.id}, ${input.amountFen}, ${input.reason}, ${userId},
      ${ctx.now()})
    returning id`
  const { id } = must(proposed, 'the proposal')
  await record(ctx, 'quota.proposed', { subjectId: id })
  return getQuotaIssue(ctx, id)
}
