import { type CityCode, cities } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { yuanPlain } from '@yiqi/shared/kernel/money.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { openDifference } from '@yiqi/shared/redemption/rules.ts'
import { type BatchState, type Funder, funderLabels } from '@yiqi/shared/redemption/terms.ts'
import { stringify } from 'csv-stringify/sync'
import { accountsInUse } from '../identity/facts-accounts.ts'
import { allow, type Ctx, found, refuse } from '../kernel/ctx.ts'

type PaymentRow = {
  id: string
  reference: string
  funder: Funder
  cityCode: CityCode | null
  payeeId: string
  payeeName: string
  payeeAccountTail: string | null
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
    select y.id, y.reference, y.funder, y.city_code, y.payee_id, o.name as payee_name,
      k.account_tail as payee_account_tail, c.number as claim_number, y.instructed_fen,
      u.returned_fen,
        u.explained_fen,
      (select r.status from bank_returns r where r.payment_id = y.id order by r.at desc,
        r.row desc limit 1)
        as return_status,
      (select string_agg(t.reason, '；' order by t.id) from transfers t
        where t.booking_id = c.booking_id and t.payment_id = y.id and t.kind = 'bank_difference')
        as explanation
    from payments y join payment_sums u on u.payment_id = y.id
      join organisations o on o.id = y.payee_id
      left join bank_accounts k on k.organisation_id = y.payee_id and k.state = 'in_use'
      join claims c on c.id = y.claim_id
    where y.batch_id = ${batchId} order by y.reference`
}

/**
 * 付款文件: the payments of one funder as CSV, with the accounts that are in use now. Refuses
 * `redemption.no_such_batch`, `redemption.batch_wrong_state` before the payment is instructed.
 */
export async function getPaymentFile(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.getPaymentFile>,
): Promise<OutputOf<typeof redemptionEndpoints.getPaymentFile>> {
  allow(ctx, 'redemption.getPaymentFile')
  const [row] = await ctx.sql<{ id: string; number: string; state: BatchState }[]>`
    select id, number, state from batches where id = ${input.id}`
  const batch = found(row, 'redemption.no_such_batch')
  if (!['instructed', 'returned', 'reconciled'].includes(batch.state))
    refuse('redemption.batch_wrong_state')
  const all = await paymentsOf(ctx, batch.id)
  const payments = all.filter((payment) => payment.funder === input.funder)
  const accounts = await accountsInUse(ctx, [...new Set(payments.map((one) => one.payeeId))])
  const rows = payments.map((payment) => [
    payment.reference,
    payerName(payment),
    payment.payeeName,
    accounts.get(payment.payeeId)?.number ?? '',
    accounts.get(payment.payeeId)?.bankName ?? '',
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

/** One payment as the endpoint shows it: of the account only its end. */
export function toPayment(row: PaymentRow): Batch['payments'][number] {
  return {
    id: row.id,
    reference: row.reference,
    funder: row.funder,
    cityCode: row.cityCode,
    payeeName: row.payeeName,
    payeeAccountTail: row.payeeAccountTail,
    instructedFen: row.instructedFen,
    returnedFen: row.returnedFen,
    returnStatus: row.returnStatus,
    explainedFen: row.explainedFen,
    differenceFen: openDifference(row),
    explanation: row.explanation,
  }
}
