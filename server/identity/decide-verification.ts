import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Verification } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { whyNotDecide } from '@yiqi/shared/identity/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { readVerification } from './queries-verifications.ts'

/**
 * The officer's word on an application. Verified: the organisation takes over its representative and
 * shareholders, by which related parties are found. Refuses identity.no_such_verification,
 * identity.own_proposal, identity.reason_missing, identity.findings_unseen,
 * identity.already_decided, and identity.organisation_exists when another one has the code already.
 */
export async function decideVerification(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.decideVerification>,
): Promise<Verification> {
  const { userId } = allow(ctx, 'identity.decideVerification')
  const [row] = await ctx.sql<{ submittedBy: string; findings: string[] }[]>`
    select submitted_by, findings from verifications where id = ${input.id}`
  const { submittedBy, findings } = found(row, 'identity.no_such_verification')
  const { acknowledged, reason } = input
  const passed = input.decision === 'verified'
  refuseIf(whyNotDecide({ submittedBy, decidedBy: userId, passed, reason, findings, acknowledged }))
  const [decided] = await ctx.sql<{ organisationId: string }[]>`
    update verifications set state = ${input.decision}, decided_by = ${userId},
      decided_at = ${ctx.now()}, reason = ${reason || null}
    where id = ${input.id} and state = 'submitted' returning organisation_id`
  const { organisationId } = found(decided, 'identity.already_decided')
  await (passed ? takeOver(ctx, organisationId, input.id) : turnDown(ctx, organisationId))
  await record(ctx, `identity.verification_${input.decision}`, { subjectId: input.id })
  return readVerification(ctx, input.id)
}

async function takeOver(ctx: Ctx, organisationId: string, verificationId: string): Promise<void> {
  await ctx.sql`
    update organisations o set verification = 'verified', shareholders = v.shareholders,
      legal_representative = v.legal_representative
    from verifications v where v.id = ${verificationId} and o.id = ${organisationId}`
}

/** A change that is refused leaves a verified organisation as it is. */
async function turnDown(ctx: Ctx, organisationId: string): Promise<void> {
  await ctx.sql`
    update organisations set verification = 'refused'
    where id = ${organisationId} and verification = 'submitted'`
}
