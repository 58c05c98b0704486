import { type CityCode, cities } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { yuanPlain } from '@yiqi/shared/kernel/money.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Batch, BatchCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { openDifference, whyNotApprove } from '@yiqi/shared/redemption/rules.ts'
import {
  type BatchState,
  batchCan,
  type Funder,
  funderLabels,
} from '@yiqi/shared/redemption/terms.ts'
import { stringify } from 'csv-stringify/sync'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, iso, type Member, refuse } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { checkClaim, claimsWhere, isOneOf, toClaimCard } from './queries-facts.ts'

/** A batch is one publicity list and one pair of payment files; more claims make another batch. */
export const CLAIMS_PER_BATCH_MAX = 500

export type BatchRow = {
  id: string
  number: string
  state: BatchState
  programmeId: string
  programmeName: string
  mode: 'deduct' | 'refund'
  publicityDays: number
  openedAt: Date
  publicUntil: string | null
  claims: number
  claimsFen: number
  ledgerFen: number
  /** Null before the first return. */
  bankFen: number | null
  instructedFen: number
  explainedFen: number
}

async function batchesWhere(ctx: Ctx, condition: Fragment, limit: number): Promise<BatchRow[]> {
  return ctx.sql<BatchRow[]>`
    select h.id, h.number, h.state, h.programme_id, p.name as programme_name, p.mode,
      p.publicity_days,
      h.opened_at, h.public_until, c.claims, c.claims_fen, y.ledger_fen, y.bank_fen,
        y.instructed_fen,
      y.explained_fen
    from batches h join programmes p on p.id = h.programme_id
      cross join lateral (
        select count(*) as claims, coalesce(sum(amount_fen), 0)::bigint as claims_fen
        from claims where batch_id = h.id) c
      cross join lateral (
        select coalesce(sum(y.instructed_fen), 0)::bigint as instructed_fen,
          coalesce(sum(u.explained_fen), 0)::bigint as explained_fen,
          sum(u.returned_fen)::bigint as bank_fen,
          coalesce(sum((select sum(case when k.kind = 'paid' then t.amount_fen else -t.amount_fen end)
            from transfers t join accounts k on k.id = t.credit_account_id
            where t.booking_id = c.booking_id and t.payment_id = y.id)), 0)::bigint as ledger_fen
        from payments y join payment_sums u on u.payment_id = y.id
          join claims c on c.id = y.claim_id
        where y.batch_id = h.id) y
    where ${condition} order by h.id desc limit ${limit}`
}

/** One batch as the verbs need it. Refuses `redemption.no_such_batch`. */
export async function batchFacts(ctx: Ctx, id: string): Promise<BatchRow> {
  const [row] = await batchesWhere(ctx, ctx.sql`h.id = ${id}`, 1)
  return found(row, 'redemption.no_such_batch')
}

/** The same, kept from changing until the transaction ends. */
export async function lockBatch(ctx: Ctx, id: string): Promise<BatchRow> {
  await ctx.sql`select 1 from batches where id = ${id} for no key update`
  return batchFacts(ctx, id)
}

export async function listBatches(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.listBatches>,
): Promise<Page<BatchCard>> {
  allowReader(ctx)
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const condition = ctx.sql`
    ${input.programmeId ? ctx.sql`h.programme_id = ${input.programmeId}` : ctx.sql`true`}
    and ${after ? ctx.sql`h.id < ${after}` : ctx.sql`true`}`
  const rows = await batchesWhere(ctx, condition, limit + 1)
  return pageBy(rows, limit, (row) => [row.id], toBatchCard)
}

export async function getBatch(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.getBatch>,
): Promise<Batch> {
  const actor = allowReader(ctx)
  const row = await batchFacts(ctx, input.id)
  const claims = await claimsWhere(ctx, ctx.sql`c.batch_id = ${row.id}`, CLAIMS_PER_BATCH_MAX)
  return {
    ...toBatchCard(row),
    payments: (await paymentsOf(ctx, row.id)).map(toPayment),
    claimRows: claims.map((claim) => toClaimCard(actor, claim, checkClaim(claim))),
    actions: actionsOf(ctx, actor, row),
  }
}

type PaymentRow = {
  id: string
  reference: string
  funder: Funder
  cityCode: CityCode | null
  payeeName: string
  payeeAccount: string | null
  payeeBank: string | null
  claimNumber: string
  instructedFen: number
  returnedFen: number | null
  explainedFen: number
  returnStatus: string | null
  explanation: string | null
}

/** The payments of a batch with what the bank said and what was explained, by reference. */
export async function paymentsOf(ctx: Ctx, batchId: string): Promise<PaymentRow[]> {
  return ctx.sql<PaymentRow[]>`
    select y.id, y.reference, y.funder, y.city_code, o.name as payee_name,
      o.bank_account as payee_account,
      o.bank_name as payee_bank, c.number as claim_number, y.instructed_fen, u.returned_fen,
        u.explained_fen,
      (select r.status from bank_returns r where r.payment_id = y.id order by r.at desc,
        r.row desc limit 1)
        as return_status,
      (select string_agg(t.reason, '；' order by t.id) from transfers t
        where t.booking_id = c.booking_id and t.payment_id = y.id and t.kind = 'bank_difference')
        as explanation
    from payments y join payment_sums u on u.payment_id = y.id
      join organisations o on o.id = y.payee_id
      join claims c on c.id = y.claim_id
    where y.batch_id = ${batchId} order by y.reference`
}

export async function getPaymentFile(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.getPaymentFile>,
): Promise<OutputOf<typeof redemptionEndpoints.getPaymentFile>> {
  allowReader(ctx)
  const batch = await batchFacts(ctx, input.id)
  if (!['instructed', 'returned', 'reconciled'].includes(batch.state))
    refuse('redemption.batch_wrong_state')
  const payments = await paymentsOf(ctx, batch.id)
  const rows = payments
    .filter((payment) => payment.funder === input.funder)
    .map((payment) => [
      payment.reference,
      payerName(payment),
      payment.payeeName,
      payment.payeeAccount ?? '',
      payment.payeeBank ?? '',
      yuanPlain(payment.instructedFen),
      `创新券兑付 ${payment.claimNumber}`,
    ])
  const header = ['付款编号', '付款方', '收款户名', '收款账号', '开户行', '金额(元)', '用途']
  // A spreadsheet must not run what a name begins with: = + - @ are quoted away.
  const csv = stringify([header, ...rows], {
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  })
  return { filename: `${batch.number}-${funderLabels[input.funder]}付款.csv`, csv }
}

function payerName(payment: PaymentRow): string {
  const city = payment.cityCode === null ? '省级' : cities[payment.cityCode]
  return `${city}创新券资金`
}

export function allowReader(ctx: Ctx): Member {
  return allow(ctx, 'voucher-administrator-province', 'auditor')
}

/**
 * Ledger, claims and bank side by side; a payment the bank is silent about counts as not arrived.
 */
function toBatchCard(row: BatchRow): BatchCard {
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    programmeId: row.programmeId,
    programmeName: row.programmeName,
    mode: row.mode,
    claims: row.claims,
    claimsFen: row.claimsFen,
    ledgerFen: row.ledgerFen,
    bankFen: row.bankFen,
    differenceFen: row.bankFen === null ? null : row.instructedFen - row.bankFen - row.explainedFen,
    openedAt: iso(row.openedAt),
    publicUntil: row.publicUntil,
  }
}

function toPayment(row: PaymentRow): Batch['payments'][number] {
  return {
    id: row.id,
    reference: row.reference,
    funder: row.funder,
    cityCode: row.cityCode,
    payeeName: row.payeeName,
    payeeAccount: row.payeeAccount ?? '',
    instructedFen: row.instructedFen,
    returnedFen: row.returnedFen,
    returnStatus: row.returnStatus,
    explainedFen: row.explainedFen,
    differenceFen: openDifference(row),
    explanation: row.explanation,
  }
}

function actionsOf(ctx: Ctx, actor: Member, row: BatchRow): Batch['actions'] {
  if (actor.role !== 'voucher-administrator-province') return []
  const actions: Batch['actions'] = []
  if (row.state === 'open' && row.publicityDays > 0) actions.push('publicise')
  if (whyNotApprove(row, dateOf(ctx.now())) === null) actions.push('approve')
  if (isOneOf(batchCan.instruct.states, row.state)) actions.push('instruct')
  if (isOneOf(batchCan.importReturn.states, row.state)) actions.push('importReturn')
  if (isOneOf(batchCan.reconcile.states, row.state)) actions.push('reconcile')
  return actions
}
