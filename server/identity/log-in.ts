import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { LogIn } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Ctx, refuse, transact } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { type LogIns, openLogIn } from './log-ins.ts'
import { personOfPhone } from './open-person.ts'
import { reopenAccount } from './reopen-account.ts'
import { codeHash } from './request-code.ts'

const TRIES_MAX = 5

/**
 * Logs in with phone and one-time code, in the person's first role; a number nobody had becomes a
 * person without one, and a closed account is open again. A code works once, within five minutes
 * and five tries; whichever of these fails, the answer is the same. Staff go on to their second
 * factor. Refuses: identity.code_wrong.
 */
export async function logIn(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.logIn>,
  { logIns }: { logIns: LogIns },
): Promise<LogIn> {
  await useCode(ctx, input)
  return transact(ctx, async (tx) => {
    const owner = await personOfPhone(tx, input.phone)
    await reopenAccount(tx, owner.userId)
    await record(tx, 'identity.logged_in', { subjectId: owner.userId })
    return openLogIn(tx, logIns, {
      ...owner,
      channel: input.channel ?? 'h5',
      device: input.device ?? '浏览器',
      methods: ['sms'],
      strong: false,
    })
  })
}

/**
 * Uses a code up; the try counts whatever comes of it, so this is never part of a transaction that
 * may be taken back. Refuses: identity.code_wrong.
 */
export async function useCode(
  ctx: Ctx,
  given: { phone: string; codeId: string; code: string },
): Promise<void> {
  const [row] = await ctx.sql<{ right: boolean }[]>`
    select use_code(${given.codeId}, ${ctx.vault.indexOf('users.phone', given.phone)},
      ${codeHash(ctx, given)}, ${ctx.now()}, ${TRIES_MAX}) as right`
  if (row?.right !== true) refuse('identity.code_wrong')
}
