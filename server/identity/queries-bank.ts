import type { BankAccount, bankEndpoints } from '@yiqi/shared/identity/endpoints-bank.ts'
import { type AccountFacts, whyNotCheckAccount } from '@yiqi/shared/identity/rules-bank.ts'
import { accountCheckers } from '@yiqi/shared/identity/terms.ts'
import type { Action } from '@yiqi/shared/kernel/access.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, iso, isoOrNull, type Member } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { accountCell } from './facts-accounts.ts'

type BankAction = Action & `identity.${keyof typeof bankEndpoints}`

export async function listBankAccounts(
  ctx: Ctx,
  input: InputOf<typeof bankEndpoints.listBankAccounts>,
): Promise<Page<BankAccount>> {
  const { viewer, scope } = viewerOf(ctx, 'identity.listBankAccounts')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const condition = ctx.sql`
    ${scope} and ${input.state ? ctx.sql`k.state = ${input.state}` : ctx.sql`true`}
    and ${after ? ctx.sql`k.id < ${after}` : ctx.sql`true`}`
  const rows = await bankAccountsWhere(ctx, condition, limit + 1)
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => toBankAccount(row, viewer),
  )
}

/**
 * 查看账号: the whole number, for who may check or use it; each reading is an audit entry. Refuses
 * `identity.no_such_account`.
 */
export async function readBankAccount(
  ctx: Ctx,
  input: InputOf<typeof bankEndpoints.readBankAccount>,
): Promise<OutputOf<typeof bankEndpoints.readBankAccount>> {
  const { id, organisationId } = await bankAccountFacts(ctx, 'identity.readBankAccount', input.id)
  const [row] = await ctx.sql<{ account: string }[]>`
    select account from bank_accounts where id = ${id}`
  const { account } = found(row, 'identity.no_such_account')
  return { id, number: await ctx.vault.unseal(ctx.sql, accountCell(id, organisationId), account) }
}

/** One account that the viewer may see. Refuses `identity.no_such_account`. */
export async function bankAccountFacts(
  ctx: Ctx,
  action: BankAction,
  id: string,
): Promise<BankAccountRow> {
  const { scope } = viewerOf(ctx, action)
  const [row] = await bankAccountsWhere(ctx, ctx.sql`${scope} and k.id = ${id}`, 1)
  return found(row, 'identity.no_such_account')
}

/** The same as the verbs show it after their change, though the province may see it no longer. */
export async function shownBankAccount(ctx: Ctx, viewer: Member, id: string): Promise<BankAccount> {
  const [row] = await bankAccountsWhere(ctx, ctx.sql`k.id = ${id}`, 1)
  return toBankAccount(found(row, 'identity.no_such_account'), viewer)
}

export type BankAccountRow = AccountFacts & {
  id: string
  organisationName: string
  bankName: string
  accountTail: string
  proposedByName: string | null
  proposedAt: Date
  decidedByName: string | null
  decidedAt: Date | null
  reason: string | null
}

/** The person, and what they may see: their organisation's; the province what waits for it. */
function viewerOf(ctx: Ctx, action: BankAction): { viewer: Member; scope: Fragment } {
  const viewer = allow(ctx, action)
  const scope =
    viewer.relation === 'all'
      ? ctx.sql`k.state = 'proposed' and c.others = 0`
      : ctx.sql`k.organisation_id = ${viewer.organisationId}`
  return { viewer, scope }
}

function bankAccountsWhere(
  ctx: Ctx,
  condition: Fragment,
  limit: number,
): Promise<BankAccountRow[]> {
  return ctx.sql<BankAccountRow[]>`
    select k.id, k.organisation_id, o.name as organisation_name, k.bank_name, k.account_tail,
      k.state, k.proposed_by, p.name as proposed_by_name, k.proposed_at, d.name as decided_by_name,
      k.decided_at, k.reason, c.others as other_checkers
    from bank_accounts k join organisations o on o.id = k.organisation_id
      left join users p on p.id = k.proposed_by left join users d on d.id = k.decided_by
      cross join lateral (
        select count(distinct m.user_id) as others from memberships m
          join users u on u.id = m.user_id and u.closed_at is null
        where m.organisation_id = k.organisation_id
          and m.role = any (${[...accountCheckers]}::text[])
          and m.user_id is distinct from k.proposed_by) c
    where ${condition} order by k.id desc limit ${limit}`
}

function toBankAccount(row: BankAccountRow, viewer: Member): BankAccount {
  return {
    id: row.id,
    organisation: { id: row.organisationId, name: row.organisationName },
    bankName: row.bankName,
    accountTail: row.accountTail,
    state: row.state,
    proposedBy: row.proposedByName,
    proposedAt: iso(row.proposedAt),
    decidedBy: row.decidedByName,
    decidedAt: isoOrNull(row.decidedAt),
    reason: row.reason,
    whyNotCheck: whyNotCheckAccount(row, viewer),
  }
}
