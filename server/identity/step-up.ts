import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Me } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, found, refuse, transact } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { useCode } from './log-in.ts'
import type { LogIns } from './log-ins.ts'
import { phoneOf, readMe } from './queries.ts'
import { matchingStep } from './totp.ts'

export type FactorRow = { id: string; secret: string; confirmedAt: Date | null }

const TRIES_MAX = 5
const BLOCK_MINUTES = 15

/**
 * Gives the second factor for this log-in: what needs a fresh one may be done for five minutes. Who
 * has a code generator uses it; others give the code that `requestStepUpCode` sent. A generator's
 * code works once; five wrong ones in a row block it for a quarter of an hour. Refuses:
 * identity.code_wrong, identity.factor_blocked, identity.second_factor_needed for staff without
 * one.
 */
export async function stepUp(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.stepUp>,
  { logIns }: { logIns: LogIns },
): Promise<Me> {
  const { userId } = allowPerson(ctx)
  const [factor] = await ctx.sql<FactorRow[]>`
    select id, secret, confirmed_at from factors
    where user_id = ${userId} and confirmed_at is not null`
  if (factor) await takeCode(ctx, factor, input.code)
  else await takeTextCode(ctx, userId, input)
  return transact(ctx, (tx) => strengthen(tx, logIns, factor ? 'otp' : 'sms'))
}

/**
 * The try counts whatever comes of it, so this is no part of a transaction that may be taken back.
 * Refuses: identity.code_wrong, identity.factor_blocked.
 */
export async function takeCode(ctx: Ctx, factor: FactorRow, code: string): Promise<void> {
  const cell = { column: 'factors.secret', rowId: factor.id } as const
  const secret = Buffer.from(await ctx.vault.unseal(ctx.sql, cell, factor.secret), 'base64')
  const step = matchingStep(secret, code, Date.now())
  const [row] = await ctx.sql<{ verdict: 'right' | 'wrong' | 'blocked' }[]>`
    select take_step(${factor.id}, ${step}, ${new Date(Date.now())}, ${TRIES_MAX},
      ${BLOCK_MINUTES}) as verdict`
  if (row?.verdict === 'blocked') refuse('identity.factor_blocked')
  if (row?.verdict !== 'right') refuse('identity.code_wrong')
}

async function takeTextCode(
  ctx: Ctx,
  userId: string,
  { codeId, code }: { codeId?: string | undefined; code: string },
): Promise<void> {
  const [user] = await ctx.sql<{ id: string; phone: string | null; staff: boolean }[]>`
    select id, phone, exists (select from memberships m where m.user_id = u.id and m.role not in
      ('enterprise-member', 'enterprise-admin', 'unit-member', 'unit-admin')) as staff
    from users u where id = ${userId}`
  const owner = found(user, 'identity.no_such_person')
  if (owner.staff) refuse('identity.second_factor_needed')
  if (codeId === undefined) refuse('identity.code_wrong')
  await useCode(ctx, { phone: await phoneOf(ctx, owner), codeId, code })
}

/** This log-in has given a second factor now. */
export async function strengthen(ctx: Ctx, logIns: LogIns, method: 'otp' | 'sms'): Promise<Me> {
  const { userId, logInId } = allowPerson(ctx)
  if (logInId === null) refuse('identity.not_logged_in')
  await ctx.sql`
    update log_ins set strong_at = ${new Date(Date.now())},
      methods = array(select distinct unnest(methods || ${method}::text))
    where id = ${logInId}`
  logIns.forget(logInId)
  await record(ctx, 'identity.stepped_up', { subjectId: userId })
  return readMe(ctx, { userId, logInId })
}
