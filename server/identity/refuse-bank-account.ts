import type { BankAccount, bankEndpoints } from '@yiqi/shared/identity/endpoints-bank.ts'
import { whyNotCheckAccount } from '@yiqi/shared/identity/rules-bank.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { bankAccountFacts, shownBankAccount } from './queries-bank.ts'

/**
 * 退回收款账户: somebody else refuses the proposed account with a reason; what is in use stays.
 * Refuses `identity.no_such_account`, `identity.already_decided`, `identity.own_proposal`.
 */
export async function refuseBankAccount(
  ctx: Ctx,
  input: InputOf<typeof bankEndpoints.refuseBankAccount>,
): Promise<BankAccount> {
  const viewer = allow(ctx, 'identity.refuseBankAccount')
  const account = await bankAccountFacts(ctx, 'identity.refuseBankAccount', input.id)
  refuseIf(whyNotCheckAccount(account, viewer))
  await ctx.sql`
    select decide_bank_account(${account.id}, 'refused', ${input.reason}, ${ctx.now()},
      ${viewer.userId})`
  return shownBankAccount(ctx, viewer, account.id)
}
