import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Issue, Refusal } from '@yiqi/shared/kernel/refusals.ts'
import type { Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { batchCan } from '@yiqi/shared/redemption/terms.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { getBatch, lockBatch } from './queries-batches.ts'
import { isOneOf } from './queries-facts.ts'
import { type BankLine, malformed, readBankFile } from './read-bank-file.ts'

/**
 * 导入银行回单: every row is checked, and nothing is taken unless all are good; rows are added,
 * none is edited. Refuses `redemption.no_such_batch`, `redemption.batch_wrong_state`,
 * `redemption.file_malformed`, `redemption.line_unknown`, each with the rows.
 */
export async function importBankReturn(
  ctx: Ctx,
  input: InputOf<typeof redemptionEndpoints.importBankReturn>,
): Promise<Batch> {
  allow(ctx, 'redemption.importBankReturn')
  const batch = await lockBatch(ctx, input.id)
  const { states, to } = batchCan.importReturn
  if (!isOneOf(states, batch.state)) refuse('redemption.batch_wrong_state')
  const lines = readBankFile(input.csv)
  const returns = await matchLines(ctx, batch.id, lines)
  await ctx.sql`
    insert into bank_returns (payment_id, returned_fen, status, bank_reference, filename, at, row,
      raw)
    select r."paymentId", r."returnedFen", r.status, r."bankReference", ${input.filename},
      ${ctx.now()},
      r.row, r.raw
    from jsonb_to_recordset(${ctx.sql.json(returns)}) as r ("paymentId" uuid, "returnedFen" bigint,
      status text, "bankReference" text, row integer, raw jsonb)
    order by r.row`
  await ctx.sql`update batches set state = ${to}, returned_at = ${ctx.now()} where id = ${batch.id}`
  await record(ctx, 'batch.returned', { subjectId: batch.id, detail: { rows: returns.length } })
  return getBatch(ctx, { id: batch.id })
}

/**
 * Each line with its payment of this batch; unknown ones and those that were taken before are
 * refused.
 */
async function matchLines(
  ctx: Ctx,
  batchId: string,
  lines: readonly BankLine[],
): Promise<(BankLine & { paymentId: string })[]> {
  const payments = await ctx.sql<{ id: string; reference: string; taken: string[] }[]>`
    select y.id, y.reference,
      array(select r.bank_reference from bank_returns r where r.payment_id = y.id) as taken
    from payments y where y.batch_id = ${batchId}`
  const byReference = new Map(payments.map((payment) => [payment.reference, payment]))
  const unknown: Issue[] = []
  const repeated: Issue[] = []
  const matched = lines.flatMap((line) => {
    const payment = byReference.get(line.reference)
    const path = `row ${line.row}`
    if (!payment) unknown.push({ path, message: `付款编号 ${line.reference} 不属于本批次` })
    else if (payment.taken.includes(line.bankReference)) {
      repeated.push({ path, message: `流水号 ${line.bankReference} 已导入过` })
    } else return [{ ...line, paymentId: payment.id }]
    return []
  })
  if (repeated.length > 0) throw malformed([...repeated, ...unknown])
  if (unknown.length > 0) throw new Refusal('redemption.line_unknown', unknown.slice(0, 50))
  return matched
}
