import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Consent } from '@yiqi/shared/identity/endpoints-privacy.ts'
import { accountScopes } from '@yiqi/shared/identity/terms-privacy.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { readConsent } from './queries-consents.ts'

/**
 * Takes a consent back in every version, as easily as it was given (个人信息保护法 15); what was
 * done before stays lawful. Where none is in force nothing changes. Refuses
 * identity.consent_is_account for what the account stands on: that is taken back by closing it.
 */
export async function withdrawConsent(
  ctx: Ctx,
  { scope }: InputOf<typeof identityEndpoints.withdrawConsent>,
): Promise<Consent> {
  const { userId } = allowPerson(ctx)
  if (accountScopes.includes(scope)) refuse('identity.consent_is_account')
  const ended = await ctx.sql`
    update consents set withdrawn_at = ${ctx.now()}
    where user_id = ${userId} and scope = ${scope} and withdrawn_at is null returning id`
  if (ended.length > 0)
    await record(ctx, 'identity.consent_withdrawn', { subjectId: userId, detail: { scope } })
  return readConsent(ctx, userId, scope)
}
