import { maskPhone } from '@yiqi/shared/identity/terms.ts'
import type { ConsentScope } from '@yiqi/shared/identity/terms-privacy.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { phoneOf } from './queries.ts'

// What other modules ask before they use personal data for something that a person may refuse.

/** Whether the person agreed, in any version, and has not taken it back. */
export async function consentInForce(
  ctx: Ctx,
  userId: string,
  scope: ConsentScope,
): Promise<boolean> {
  const [given] = await ctx.sql`
    select from consents
    where user_id = ${userId} and scope = ${scope} and withdrawn_at is null limit 1`
  return given !== undefined
}

/** A person's number as the other side of a booking sees it: masked; '' without their consent. */
export async function sharedPhoneOf(
  ctx: Ctx,
  person: { id: string; phone: string | null },
): Promise<string> {
  return (await consentInForce(ctx, person.id, 'contact-sharing'))
    ? maskPhone(await phoneOf(ctx, person))
    : ''
}
