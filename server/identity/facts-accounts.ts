import type { Ctx } from '../kernel/ctx.ts'
import type { Cell } from '../kernel/vault.ts'

export type PayeeAccount = { bankName: string; number: string }

/**
 * Where these organisations are paid, by id; one without an account in use is left out. Opens the
 * numbers: for who writes them into a payment file, and nobody else.
 */
export async function accountsInUse(
  ctx: Ctx,
  organisationIds: readonly string[],
): Promise<Map<string, PayeeAccount>> {
  const rows = await ctx.sql<
    { id: string; organisationId: string; bankName: string; account: string }[]
  >`
    select id, organisation_id, bank_name, account from bank_accounts
    where organisation_id = any (${[...organisationIds]}::uuid[]) and state = 'in_use'`
  const accounts = new Map<string, PayeeAccount>()
  for (const { id, organisationId, bankName, account } of rows) {
    const number = await ctx.vault.unseal(ctx.sql, accountCell(id, organisationId), account)
    accounts.set(organisationId, { bankName, number })
  }
  return accounts
}

/** Where a number is sealed: bound to its row, with the key of its organisation. */
export function accountCell(rowId: string, organisationId: string): Cell {
  return { column: 'bank_accounts.account', rowId, organisationId }
}
