import type { BankAccount, bankEndpoints } from '@yiqi/shared/identity/endpoints-bank.ts'
import { whyNotCheckAccount } from '@yiqi/shared/identity/rules-bank.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { bankAccountFacts, shownBankAccount } from './queries-bank.ts'

/**
 * 启用收款账户: somebody else puts the proposed account in use; the one before ends in the same act.
 * The province does so only for an organisation that has nobody else. Refuses
 * `identity.no_such_account`, `identity.already_decided`, `identity.own_proposal`.
 */
export async function putBankAccountInUse(
  ctx: Ctx,
  input: InputOf<typeof bankEndpoints.putBankAccountInUse>,
): Promise<BankAccount> {
  const viewer = allow(ctx, 'identity.putBankAccountInUse')
  const account = await bankAccountFacts(ctx, 'identity.putBankAccountInUse', input.id)
  refuseIf(whyNotCheckAccount(account, viewer))
  await ctx.sql`
    select decide_bank_account(${account.id}, 'in_use', null, ${ctx.now()}, ${viewer.userId})`
  return shownBankAccount(ctx, viewer, account.id)
}
