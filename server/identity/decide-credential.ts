import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Credential } from '@yiqi/shared/identity/endpoints-organisations.ts'
import { whyNotDecide } from '@yiqi/shared/identity/rules.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { readCredential } from './queries-credentials.ts'

/**
 * Accepts a credential, from then on it makes eligible on the days it covers; or refuses it with a
 * reason. Refuses identity.no_such_credential, identity.own_proposal, identity.reason_missing,
 * identity.already_decided.
 */
export async function decideCredential(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.decideCredential>,
): Promise<Credential> {
  const { userId } = allow(ctx, 'identity.decideCredential')
  const [row] = await ctx.sql<{ submittedBy: string | null }[]>`
    select submitted_by from credentials where id = ${input.id}`
  const { submittedBy } = found(row, 'identity.no_such_credential')
  const { reason } = input
  const passed = input.decision === 'accepted'
  const looked = { findings: [], acknowledged: [] }
  refuseIf(whyNotDecide({ submittedBy, decidedBy: userId, passed, reason, ...looked }))
  const [decided] = await ctx.sql`
    update credentials set state = ${input.decision}, decided_by = ${userId},
      decided_at = ${ctx.now()}, reason = ${reason || null}
    where id = ${input.id} and state = 'submitted' returning id`
  found(decided, 'identity.already_decided')
  await record(ctx, `identity.credential_${input.decision}`, { subjectId: input.id })
  return readCredential(ctx, input.id)
}
