import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Quota, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { getOrganisation } from '../identity/facts.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { getProgramme, getQuota } from './queries.ts'

/**
 * 发放额度: a provincial officer issues quota from the programme budget, at most the enterprise's
 * yearly cap. Refuses `voucher.programme_closed`, `voucher.quota_over_cap`,
 * `voucher.budget_too_low`, `identity.no_such_organisation`.
 */
export async function issueQuota(
  ctx: Ctx,
  input: InputOf<typeof voucherEndpoints.issueQuota>,
): Promise<Quota> {
  const { userId } = allow(ctx, 'voucher-administrator-province')
  await getProgramme(ctx, input.programmeId)
  const enterprise = await getOrganisation(ctx, input.enterpriseId)
  if (enterprise.kind !== 'enterprise') refuse('identity.no_such_organisation')
  const [issued] = await ctx.sql<{ id: string }[]>`
    select issue_quota(${input.programmeId}, ${input.enterpriseId}, ${input.amountFen},
      ${ctx.now()},
      ${userId}, ${input.reason}) as id`
  return getQuota(ctx, issued?.id ?? '')
}
