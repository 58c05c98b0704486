import type { BankAccount, bankEndpoints } from '@yiqi/shared/identity/endpoints-bank.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { accountCell } from './facts-accounts.ts'
import { shownBankAccount } from './queries-bank.ts'

const TAIL_DIGITS = 4

/**
 * 提请收款账户: proposes where the own organisation is paid; nothing is paid there until somebody
 * else puts it in use. The number is kept sealed. Refuses `identity.proposal_waiting` while another
 * proposal waits.
 */
export async function proposeBankAccount(
  ctx: Ctx,
  input: InputOf<typeof bankEndpoints.proposeBankAccount>,
): Promise<BankAccount> {
  const viewer = allow(ctx, 'identity.proposeBankAccount')
  const { userId, organisationId } = viewer
  const [made] = await ctx.sql<{ id: string }[]>`select new_id() as id`
  const { id } = must(made, 'an id')
  const sealed = await ctx.vault.seal(ctx.sql, accountCell(id, organisationId), input.account)
  await ctx.sql`
    insert into bank_accounts (id, organisation_id, bank_name, account, account_tail, state,
      proposed_by, proposed_at)
    values (${id}, ${organisationId}, ${input.bankName}, ${sealed},
      ${input.account.slice(-TAIL_DIGITS)}, 'proposed', ${userId}, ${ctx.now()})`
  await record(ctx, 'bank_account.proposed', { subjectId: id })
  return shownBankAccount(ctx, viewer, id)
}
