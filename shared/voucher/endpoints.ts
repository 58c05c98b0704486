import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { date, fen, id, instant, pageInput, pageOf, signedFen, text } from '../kernel/schema.ts'
import {
  accountKinds,
  programmeModes,
  programmeStates,
  quotaIssueStates,
  transferKinds,
} from './terms.ts'

export const Programme = z.object({
  id,
  code: z.string(),
  name: z.string(),
  year: z.int(),
  mode: z.enum(programmeModes),
  state: z.enum(programmeStates),
  ratioPermille: z.int(),
  bookingCapFen: z.nullable(fen),
  enterpriseCapFen: fen,
  provincePermille: z.int(),
  publicityDays: z.int(),
  /** Which reviews a claim goes through, in their order; a claim skips the others. */
  reviews: z.array(z.string()),
  /** Service modes the voucher supports. */
  serviceModes: z.array(z.string()),
  validFrom: date,
  validTo: date,
  /** Budget left in the programme's own account, not yet issued. */
  budgetFen: fen,
})
export type Programme = z.output<typeof Programme>

export const Quota = z.object({
  id,
  programme: Programme,
  enterprise: z.object({ id, name: z.string() }),
  issuedFen: fen,
  redeemedFen: fen,
  earmarkedFen: fen,
  availableFen: fen,
})
export type Quota = z.output<typeof Quota>

const Person = z.object({ id, name: z.string() })

export const QuotaIssue = z.object({
  id,
  programme: z.object({ id, name: z.string() }),
  enterprise: z.object({ id, name: z.string() }),
  amountFen: fen,
  reason: z.string(),
  state: z.enum(quotaIssueStates),
  madeBy: Person,
  madeAt: instant,
  checkedBy: z.nullable(Person),
  checkedAt: z.nullable(instant),
  /** Why it was refused. */
  note: z.nullable(z.string()),
  /** The refusal the viewer would meet on issuing or refusing it; null: they may. */
  whyNotCheck: z.nullable(z.string()),
})
export type QuotaIssue = z.output<typeof QuotaIssue>

export const Transfer = z.object({
  id,
  at: instant,
  kind: z.enum(transferKinds),
  kindLabel: z.string(),
  /** The change of the spendable quota: an earmark takes away, an issue or a release gives. */
  amountFen: signedFen,
  availableAfterFen: fen,
  reason: z.nullable(z.string()),
  bookingId: z.nullable(id),
  bookingNumber: z.nullable(z.string()),
})
export type Transfer = z.output<typeof Transfer>

export const voucherEndpoints = {
  listProgrammes: endpoint({
    method: 'GET',
    path: '/programmes',
    summary: 'Voucher programmes with their terms.',
    input: z.strictObject({}),
    output: z.object({ rows: z.array(Programme) }),
  }),
  listQuotas: endpoint({
    method: 'GET',
    path: '/quotas',
    summary: "The enterprise's quotas, or all of them for voucher administrators.",
    input: z.strictObject({ programmeId: z.optional(id), ...pageInput }),
    output: pageOf(Quota),
  }),
  proposeQuota: endpoint({
    method: 'POST',
    path: '/quota-issues',
    summary: 'A provincial officer proposes quota for an enterprise; no money moves yet.',
    input: z.strictObject({
      programmeId: id,
      enterpriseId: id,
      amountFen: fen.check(z.minimum(1)),
      reason: text(200),
    }),
    output: QuotaIssue,
  }),
  issueQuota: endpoint({
    method: 'PUT',
    path: '/quota-issues/:id/issue',
    summary: 'Another provincial officer issues it from the budget of the programme.',
    input: z.strictObject({ id }),
    output: QuotaIssue,
  }),
  refuseQuota: endpoint({
    method: 'PUT',
    path: '/quota-issues/:id/refusal',
    summary: 'Another provincial officer refuses it with a reason.',
    input: z.strictObject({ id, reason: text(200) }),
    output: QuotaIssue,
  }),
  listQuotaIssues: endpoint({
    method: 'GET',
    path: '/quota-issues',
    summary: 'What was proposed to be issued, newest first, for the province and auditors.',
    input: z.strictObject({
      state: z.optional(z.enum(quotaIssueStates)),
      programmeId: z.optional(id),
      ...pageInput,
    }),
    output: pageOf(QuotaIssue),
  }),
  listTransfers: endpoint({
    method: 'GET',
    path: '/quotas/:id/transfers',
    summary: 'Every movement of a quota, newest first: the account explained by its entries.',
    input: z.strictObject({ id, ...pageInput }),
    output: pageOf(Transfer),
  }),
  getLedgerProof: endpoint({
    method: 'GET',
    path: '/ledger/proof',
    summary:
      'The sum over all accounts (always zero) and by kind, for voucher administrators and auditors.',
    input: z.strictObject({}),
    output: z.object({
      sumFen: signedFen,
      accounts: z.int(),
      transfers: z.int(),
      byKind: z.array(
        z.object({ kind: z.enum(accountKinds), balanceFen: signedFen, pendingFen: fen }),
      ),
    }),
  }),
}
