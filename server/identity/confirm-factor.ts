import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Me } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { audit } from '../kernel/audit.ts'
import { allowPerson, type Ctx, found, transact } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { LogIns } from './log-ins.ts'
import { type FactorRow, strengthen, takeCode } from './step-up.ts'

/**
 * Takes a second factor into use with its first code; this log-in is then stepped up as well.
 * Refuses: identity.no_such_factor, identity.code_wrong, identity.factor_blocked.
 */
export async function confirmFactor(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.confirmFactor>,
  { logIns }: { logIns: LogIns },
): Promise<Me> {
  const { userId } = allowPerson(ctx)
  const [row] = await ctx.sql<FactorRow[]>`
    select id, secret, confirmed_at from factors
    where id = ${input.id} and user_id = ${userId} and confirmed_at is null`
  const factor = found(row, 'identity.no_such_factor')
  await takeCode(ctx, factor, input.code)
  return transact(ctx, async (tx) => {
    await tx.sql`
      delete from factors where user_id = ${userId} and kind = 'totp' and id <> ${factor.id}`
    await tx.sql`update factors set confirmed_at = ${tx.now()} where id = ${factor.id}`
    await record(tx, 'identity.factor_confirmed', { subjectId: userId })
    await audit(tx, {
      kind: 'permission',
      action: 'identity.confirmFactor',
      subjectId: userId,
    })
    return strengthen(tx, logIns, 'otp')
  })
}
