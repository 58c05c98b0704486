import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Batch, BatchCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import {
  approvalsNeeded,
  whyNotApprove,
  whyNotApproveAs,
  whyNotInstructAs,
  whyNotReconcileAs,
} from '@yiqi/shared/redemption/rules.ts'
import { type BatchAction, type BatchState, batchCan } from '@yiqi/shared/redemption/terms.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, found, iso, type Member } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { checkClaim, claimsWhere, isOneOf, toClaimCard } from './queries-facts.ts'
import { paymentsOf, toPayment } from './queries-payments.ts'

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
  openedBy: string | null
  openedByName: string | null
  approvalsNeeded: number
  /** Everybody who approved it. */
  approvers: string[]
  approvals: { name: string; at: string }[]
  instructedByName: string | null
  reconciledByName: string | null
  explainers: string[]
}

async function batchesWhere(ctx: Ctx, condition: Fragment, limit: number): Promise<BatchRow[]> {
  return ctx.sql<BatchRow[]>`
    select h.id, h.number, h.state, h.programme_id, p.name as programme_name, p.mode,
      p.publicity_days,
      h.opened_at, h.public_until, c.claims, c.claims_fen, y.ledger_fen, y.bank_fen,
        y.instructed_fen,
      y.explained_fen, h.opened_by, ou.name as opened_by_name, h.approvals_needed, a.approvers,
      a.approvals, iu.name as instructed_by_name, ru.name as reconciled_by_name,
      batch_explainers(h.id) as explainers
    from batches h join programmes p on p.id = h.programme_id
      left join users ou on ou.id = h.opened_by left join users iu on iu.id = h.instructed_by
      left join users ru on ru.id = h.reconciled_by
      cross join lateral (
        select coalesce(array_agg(v.user_id), '{}') as approvers,
          coalesce(jsonb_agg(jsonb_build_object('name', u.name, 'at', v.at) order by v.at), '[]')
            as approvals
        from batch_approvals v join users u on u.id = v.user_id where v.batch_id = h.id) a
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
    ...actionsOf(ctx, actor, row),
    openedBy: row.openedByName,
    approvals: row.approvals.map(({ name, at }) => ({ name, at: iso(new Date(at)) })),
    approvalsNeeded: isOneOf(batchCan.approve.states, row.state)
      ? approvalsNeeded(row.claimsFen, dateOf(ctx.now()))
      : row.approvalsNeeded,
    instructedBy: row.instructedByName,
    reconciledBy: row.reconciledByName,
  }
}

export function allowReader(ctx: Ctx): Member {
  return allow(ctx, 'redemption.listBatches')
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

/** Acts whose state and day are right: those of the viewer, and those of somebody else. */
function actionsOf(ctx: Ctx, actor: Member, row: BatchRow): Pick<Batch, 'actions' | 'obstacles'> {
  const actions: Batch['actions'] = []
  const obstacles: Batch['obstacles'] = []
  const offer = (action: BatchAction, code: RefusalCode | null) => {
    const why = actor.role === 'voucher-administrator-province' ? code : 'identity.role_missing'
    if (why === null) actions.push(action)
    else obstacles.push({ action, code: why })
  }
  const { userId } = actor
  if (row.state === 'open' && row.publicityDays > 0) offer('publicise', null)
  if (whyNotApprove(row, dateOf(ctx.now())) === null) offer('approve', whyNotApproveAs(userId, row))
  if (isOneOf(batchCan.instruct.states, row.state)) offer('instruct', whyNotInstructAs(userId, row))
  if (isOneOf(batchCan.importReturn.states, row.state)) offer('importReturn', null)
  if (isOneOf(batchCan.reconcile.states, row.state))
    offer('reconcile', whyNotReconcileAs(userId, row))
  return { actions, obstacles }
}
