import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { id, instant, pageInput, pageOf, text } from '../kernel/schema.ts'
import { bankAccountStates } from './terms.ts'

/** A bank account of an organisation; of its number only the end. */
export const BankAccount = z.object({
  id,
  organisation: z.object({ id, name: z.string() }),
  bankName: z.string(),
  accountTail: z.string(),
  state: z.enum(bankAccountStates),
  proposedBy: z.nullable(z.string()),
  proposedAt: instant,
  decidedBy: z.nullable(z.string()),
  decidedAt: z.nullable(instant),
  /** Why it was refused. */
  reason: z.nullable(z.string()),
  /** The refusal the viewer would meet on putting it in use or refusing it; null: they may. */
  whyNotCheck: z.nullable(z.string()),
})
export type BankAccount = z.output<typeof BankAccount>

export const bankEndpoints = {
  proposeBankAccount: endpoint({
    method: 'POST',
    path: '/bank-accounts',
    summary: "Proposes where the viewer's organisation is paid; nothing is paid there yet.",
    input: z.strictObject({
      bankName: text(80, 2),
      account: z.string().check(z.regex(/^\d{8,30}$/)),
    }),
    output: BankAccount,
  }),
  putBankAccountInUse: endpoint({
    method: 'PUT',
    path: '/bank-accounts/:id/use',
    summary: 'Somebody else puts the proposed account in use, in place of the one before.',
    input: z.strictObject({ id }),
    output: BankAccount,
  }),
  refuseBankAccount: endpoint({
    method: 'PUT',
    path: '/bank-accounts/:id/refusal',
    summary: 'Somebody else refuses the proposed account with a reason.',
    input: z.strictObject({ id, reason: text(200) }),
    output: BankAccount,
  }),
  listBankAccounts: endpoint({
    method: 'GET',
    path: '/bank-accounts',
    summary:
      "The organisation's accounts, newest first; for the province those that wait for its check.",
    input: z.strictObject({ state: z.optional(z.enum(bankAccountStates)), ...pageInput }),
    output: pageOf(BankAccount),
  }),
  readBankAccount: endpoint({
    method: 'GET',
    path: '/bank-accounts/:id/number',
    summary: 'The whole number of one account; every reading is written to the audit record.',
    input: z.strictObject({ id }),
    output: z.object({ id, number: z.string() }),
  }),
}
