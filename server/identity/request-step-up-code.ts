import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, found } from '../kernel/ctx.ts'
import type { DeliverCode } from './deliver-code.ts'
import { phoneOf } from './queries.ts'
import { sendCode } from './request-code.ts'

/**
 * Sends a one-time code to the acting person's own number, for a step-up. Refuses:
 * identity.code_too_soon, identity.code_limit.
 */
export async function requestStepUpCode(
  ctx: Ctx,
  _input: InputOf<typeof identityEndpoints.requestStepUpCode>,
  { deliver }: { deliver: DeliverCode },
): Promise<OutputOf<typeof identityEndpoints.requestStepUpCode>> {
  const { userId } = allowPerson(ctx)
  const [user] = await ctx.sql<{ id: string; phone: string | null }[]>`
    select id, phone from users where id = ${userId}`
  return sendCode(ctx, await phoneOf(ctx, found(user, 'identity.no_such_person')), deliver)
}
