import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Consent } from '@yiqi/shared/identity/endpoints-privacy.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { noticeInForce } from './privacy-notices.ts'
import { readConsent } from './queries-consents.ts'

/**
 * Agrees to one notice in the version that was read (个人信息保护法 14); given already, nothing
 * changes. What was agreed to in an older version stays in the history. Refuses
 * identity.notice_outdated for any version but the one in force.
 */
export async function giveConsent(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.giveConsent>,
): Promise<Consent> {
  const { userId } = allowPerson(ctx)
  const { scope, version, channel } = input
  if (noticeInForce(ctx, scope).version !== version) refuse('identity.notice_outdated')
  const given = await ctx.sql`
    insert into consents (user_id, scope, version, channel, given_at)
    values (${userId}, ${scope}, ${version}, ${channel}, ${ctx.now()})
    on conflict (user_id, scope, version) where withdrawn_at is null do nothing returning id`
  if (given.length > 0)
    await record(ctx, 'identity.consent_given', { subjectId: userId, detail: { scope, version } })
  return readConsent(ctx, userId, scope)
}
