import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Play } from './demo-stage.ts'
import { demoPeople } from './identity/demo-people.ts'
import { proposeBankAccount } from './identity/propose-bank-account.ts'
import { putBankAccountInUse } from './identity/put-bank-account-in-use.ts'
import type { Ctx } from './kernel/ctx.ts'
import { issueQuota } from './voucher/issue-quota.ts'
import { proposeQuota } from './voucher/propose-quota.ts'

// What takes two people in the demonstration: quota, and the accounts that payees are paid into.

const BANK = '示例银行太原分行'
/** Twelve digits before the number of the account: none that a bank gave out. */
const PREFIX = '621000000000'

export type QuotaWish = { programmeId: string; enterpriseId: string; amountFen: number }

/** One administrator of the province proposes, the other issues. */
export async function issueByTwo(play: Play, at: Date, wish: QuotaWish): Promise<void> {
  const proposal = { ...wish, reason: '年度额度' }
  const { id } = await play(demoPeople.provinceAdministrator, at, proposeQuota, proposal)
  await play(demoPeople.provinceChecker, at, issueQuota, { id })
}

/**
 * Accounts of the payees: of institutions (by USCC) by their finance and manager, of the first
 * enterprise (by its engineer) by its administrator and the province. The other enterprises'
 * proposals wait for the province.
 */
export async function openAccounts(
  ctx: Ctx,
  play: Play,
  payees: { institutions: readonly string[]; enterprises: readonly string[] },
): Promise<void> {
  let number = 1
  const propose = async (person: string) => {
    const account = `${PREFIX}${String(number++).padStart(7, '0')}`
    return play(person, ctx.now(), proposeBankAccount, { bankName: BANK, account })
  }
  for (const uscc of payees.institutions) {
    const finance = await personOf(ctx, uscc, 'institution-finance')
    const manager = await personOf(ctx, uscc, 'institution-manager')
    const { id } = await propose(finance)
    await play(manager, ctx.now(), putBankAccountInUse, { id })
  }
  for (const [i, engineer] of payees.enterprises.entries()) {
    const { id } = await propose(await administratorOf(ctx, engineer))
    if (i === 0) await play(demoPeople.provinceChecker, ctx.now(), putBankAccountInUse, { id })
  }
}

async function personOf(ctx: Ctx, uscc: string, role: string): Promise<string> {
  const [row] = await ctx.sql<{ personId: string }[]>`
    select u.person_id from memberships m join organisations o on o.id = m.organisation_id
      join users u on u.id = m.user_id
    where o.uscc = ${uscc} and m.role = ${role} order by u.person_id limit 1`
  return must(row, `the ${role} of ${uscc}`).personId
}

async function administratorOf(ctx: Ctx, engineer: string): Promise<string> {
  const [row] = await ctx.sql<{ personId: string }[]>`
    select a.person_id from users u join memberships m on m.user_id = u.id
      join memberships n on n.organisation_id = m.organisation_id and n.role = 'enterprise-admin'
      join users a on a.id = n.user_id
    where u.person_id = ${engineer} order by a.person_id limit 1`
  return must(row, `the administrator of ${engineer}`).personId
}
