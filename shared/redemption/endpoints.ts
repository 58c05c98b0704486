import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { date, fen, id, instant, pageInput, pageOf, signedFen, text } from '../kernel/schema.ts'
import { programmeModes } from '../voucher/terms.ts'
import {
  batchActions,
  batchStates,
  claimStates,
  evidences,
  findingLevels,
  funders,
  returnReasons,
} from './terms.ts'

const returnReasonKeys = Object.keys(returnReasons) as [
  keyof typeof returnReasons,
  ...(keyof typeof returnReasons)[],
] // never empty

const Finding = z.object({ code: z.string(), level: z.enum(findingLevels), sentence: z.string() })
const claimActions = ['submit', 'withdraw', 'bind', 'review', 'return'] as const

export const ClaimCard = z.object({
  id,
  number: z.string(),
  state: z.enum(claimStates),
  mode: z.enum(programmeModes),
  programmeId: id,
  programmeName: z.string(),
  bookingId: id,
  bookingNumber: z.string(),
  enterprise: z.object({ id, name: z.string() }),
  institution: z.object({ id, name: z.string() }),
  instrumentName: z.string(),
  servedOn: date,
  totalFen: fen,
  billFen: fen,
  paidFen: fen,
  amountFen: fen,
  evidenceMet: z.int(),
  evidenceTotal: z.int(),
  /** green: nothing found; amber: a flag; red: a stop. */
  light: z.enum(['green', 'amber', 'red']),
  actions: z.array(z.enum(claimActions)),
})
export type ClaimCard = z.output<typeof ClaimCard>

export const Claim = z.extend(ClaimCard, {
  findings: z.array(Finding),
  evidence: z.array(
    z.object({
      evidence: z.enum(evidences),
      label: z.string(),
      met: z.boolean(),
      detail: z.string(),
      actor: z.nullable(z.string()),
    }),
  ),
  history: z.array(
    z.object({
      at: instant,
      label: z.string(),
      actor: z.nullable(z.string()),
      note: z.nullable(z.string()),
    }),
  ),
  batch: z.nullable(z.object({ id, number: z.string(), state: z.enum(batchStates) })),
  returnReason: z.nullable(z.string()),
})
export type Claim = z.output<typeof Claim>

const Claimable = z.object({
  bookingId: id,
  bookingNumber: z.string(),
  instrumentName: z.string(),
  counterparty: z.string(),
  servedOn: date,
  programmeName: z.string(),
  mode: z.enum(programmeModes),
  totalFen: fen,
  amountFen: fen,
  blockers: z.array(z.string()),
})

const Payment = z.object({
  id,
  reference: z.string(),
  funder: z.enum(funders),
  cityCode: z.nullable(z.string()),
  payeeName: z.string(),
  /** The last digits of the account in use; null: the payee has none. */
  payeeAccountTail: z.nullable(z.string()),
  instructedFen: fen,
  returnedFen: z.nullable(fen),
  returnStatus: z.nullable(z.string()),
  explainedFen: signedFen,
  differenceFen: z.nullable(signedFen),
  explanation: z.nullable(z.string()),
})

export const BatchCard = z.object({
  id,
  number: z.string(),
  state: z.enum(batchStates),
  programmeId: id,
  programmeName: z.string(),
  mode: z.enum(programmeModes),
  claims: z.int(),
  claimsFen: fen,
  /** What the ledger says was paid for this batch, net of explained differences. */
  ledgerFen: fen,
  bankFen: z.nullable(fen),
  differenceFen: z.nullable(signedFen),
  openedAt: instant,
  publicUntil: z.nullable(date),
})
export type BatchCard = z.output<typeof BatchCard>

export const Batch = z.extend(BatchCard, {
  payments: z.array(Payment),
  claimRows: z.array(ClaimCard),
  /** What the viewer may do now. */
  actions: z.array(z.enum(batchActions)),
  /** What is to be done now but not by the viewer, each with the refusal they would meet. */
  obstacles: z.array(z.object({ action: z.enum(batchActions), code: z.string() })),
  openedBy: z.nullable(z.string()),
  approvals: z.array(z.object({ name: z.string(), at: instant })),
  approvalsNeeded: z.int(),
  instructedBy: z.nullable(z.string()),
  reconciledBy: z.nullable(z.string()),
})
export type Batch = z.output<typeof Batch>

export const redemptionEndpoints = {
  listClaimable: endpoint({
    method: 'GET',
    path: '/claimable',
    summary:
      'Agreed sessions whose voucher share the viewer may claim, with what still blocks them.',
    input: z.strictObject({}),
    output: z.object({ rows: z.array(Claimable) }),
  }),
  openClaim: endpoint({
    method: 'POST',
    path: '/claims',
    summary: 'Opens a claim for an agreed session; the evidence fills itself.',
    input: z.strictObject({ bookingId: id }),
    output: Claim,
  }),
  submitClaim: endpoint({
    method: 'PUT',
    path: '/claims/:id/submission',
    summary: 'Submits the claim; an automatic stop refuses it.',
    input: z.strictObject({ id }),
    output: Claim,
  }),
  withdrawClaim: endpoint({
    method: 'PUT',
    path: '/claims/:id/withdrawal',
    summary: 'The claimant takes the claim back before review.',
    input: z.strictObject({ id }),
    output: Claim,
  }),
  bindClaim: endpoint({
    method: 'PUT',
    path: '/claims/:id/binding',
    summary: "The institution confirms an enterprise's claim.",
    input: z.strictObject({ id }),
    output: Claim,
  }),
  reviewClaim: endpoint({
    method: 'PUT',
    path: '/claims/:id/review',
    summary: 'City or province passes a claim, or returns it with a reason.',
    input: z.strictObject({
      id,
      decision: z.enum(['pass', 'return']),
      reason: z.optional(z.enum(returnReasonKeys)),
      note: z.optional(text(300, 0)),
    }),
    output: Claim,
  }),
  reviewCleanClaims: endpoint({
    method: 'POST',
    path: '/claims/clean-reviews',
    summary: 'Passes every claim under review that has no finding at all.',
    input: z.strictObject({ programmeId: z.optional(id) }),
    output: z.object({ passed: z.int() }),
  }),
  listClaims: endpoint({
    method: 'GET',
    path: '/claims',
    summary: "Claims: the claimant's, the institution's, or all for voucher administrators.",
    input: z.strictObject({
      state: z.optional(z.enum([...claimStates, 'to-review', 'open'])),
      programmeId: z.optional(id),
      ...pageInput,
    }),
    output: pageOf(ClaimCard),
  }),
  getClaim: endpoint({
    method: 'GET',
    path: '/claims/:id',
    summary: 'One claim with evidence, findings and history.',
    input: z.strictObject({ id }),
    output: Claim,
  }),
  getDesk: endpoint({
    method: 'GET',
    path: '/desk/reconciliation',
    summary:
      'The waterfall of the reconciliation desk: claimed, matched, differing, missing, doubtful, payable.',
    input: z.strictObject({ programmeId: z.optional(id) }),
    output: z.object({
      claimedFen: fen,
      matchedFen: fen,
      differingFen: fen,
      missingFen: fen,
      doubtfulFen: fen,
      payableFen: fen,
      provinceFen: fen,
      cityFen: fen,
      cleanClaims: z.int(),
    }),
  }),
  openBatch: endpoint({
    method: 'POST',
    path: '/batches',
    summary: 'Gathers every fully reviewed claim of a programme into a batch.',
    input: z.strictObject({ programmeId: id }),
    output: Batch,
  }),
  publiciseBatch: endpoint({
    method: 'PUT',
    path: '/batches/:id/publicity',
    summary: "Starts the publicity period of the programme's length.",
    input: z.strictObject({ id }),
    output: Batch,
  }),
  approveBatch: endpoint({
    method: 'PUT',
    path: '/batches/:id/approval',
    summary:
      'One approval after publicity, by somebody who did not open the batch; the last needed posts.',
    input: z.strictObject({ id }),
    output: Batch,
  }),
  instructBatch: endpoint({
    method: 'PUT',
    path: '/batches/:id/instruction',
    summary: 'Posts the payments to the ledger; by somebody who did not approve the batch.',
    input: z.strictObject({ id }),
    output: Batch,
  }),
  getPaymentFile: endpoint({
    method: 'GET',
    path: '/batches/:id/payment-files/:funder',
    summary: 'The payment file of one funder as CSV (UTF-8 with BOM).',
    input: z.strictObject({ id, funder: z.enum(funders) }),
    output: z.object({ filename: z.string(), csv: z.string() }),
  }),
  importBankReturn: endpoint({
    method: 'POST',
    path: '/batches/:id/bank-returns',
    summary: "Reads the bank's return file; nothing is taken unless every row is good.",
    input: z.strictObject({
      id,
      filename: text(120),
      csv: z.string().check(z.minLength(1), z.maxLength(200_000)),
    }),
    output: Batch,
  }),
  explainDifference: endpoint({
    method: 'POST',
    path: '/payments/:id/explanations',
    summary: 'Closes the difference of one payment by a transfer with a reason; nothing is edited.',
    input: z.strictObject({ id, reason: text(200, 4) }),
    output: Batch,
  }),
  reconcileBatch: endpoint({
    method: 'PUT',
    path: '/batches/:id/reconciliation',
    summary:
      'Closes the batch when ledger, claims and bank agree; by nobody who explained a difference.',
    input: z.strictObject({ id }),
    output: Batch,
  }),
  listBatches: endpoint({
    method: 'GET',
    path: '/batches',
    summary: 'Batches, newest first, each with ledger, claims and bank side by side.',
    input: z.strictObject({ programmeId: z.optional(id), ...pageInput }),
    output: pageOf(BatchCard),
  }),
  getBatch: endpoint({
    method: 'GET',
    path: '/batches/:id',
    summary: 'One batch with its payments and claims.',
    input: z.strictObject({ id }),
    output: Batch,
  }),
}
