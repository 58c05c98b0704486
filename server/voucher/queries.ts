import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import type {
  Programme,
  Quota,
  Transfer,
  voucherEndpoints,
} from '@yiqi/shared/voucher/endpoints.ts'
import {
  type AccountKind,
  type TransferKind,
  transferKindLabels,
} from '@yiqi/shared/voucher/terms.ts'
import type { Fragment } from '../kernel/connect.ts'
import { type Allowed, allow, type Ctx, found, iso } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

/** Programmes with their terms and what is left of the budget. */
export async function programmesWhere(ctx: Ctx, id: string | null = null): Promise<Programme[]> {
  return ctx.sql<Programme[]>`
    select p.id, p.code, p.name, p.year, p.mode, p.state, p.ratio_permille, p.booking_cap_fen,
      p.enterprise_cap_fen, p.province_permille, p.publicity_days, p.valid_from, p.valid_to,
      p.service_modes, p.reviews, coalesce(a.credits_posted - a.debits_posted,
        0)::bigint as budget_fen
    from programmes p left join accounts a on a.code = 'programme:' || p.code
    where ${id === null ? ctx.sql`p.state <> 'draft'` : ctx.sql`p.id = ${id}`}
    order by p.year desc, p.code`
}

/** One programme. Refuses `voucher.no_such_programme`. */
export async function getProgramme(ctx: Ctx, id: string): Promise<Programme> {
  const [programme] = await programmesWhere(ctx, id)
  return found(programme, 'voucher.no_such_programme')
}

export async function listProgrammes(ctx: Ctx): Promise<{ rows: Programme[] }> {
  return { rows: await programmesWhere(ctx) }
}

export type QuotaFacts = {
  id: string
  programmeId: string
  enterpriseId: string
  enterpriseName: string
  accountId: string
  issuedFen: number
  redeemedFen: number
  earmarkedFen: number
  availableFen: number
}

const quotaColumns = (ctx: Ctx) => ctx.sql`
  q.id, q.programme_id, q.enterprise_id, o.name as enterprise_name, q.account_id,
  a.credits_posted as issued_fen, a.debits_posted as redeemed_fen,
    a.debits_pending as earmarked_fen,
  (a.credits_posted - a.debits_posted - a.debits_pending)::bigint as available_fen`

/** The quotas of one enterprise, one per programme it was issued under. */
export async function quotasOf(ctx: Ctx, enterpriseId: string): Promise<QuotaFacts[]> {
  return ctx.sql<QuotaFacts[]>`
    select ${quotaColumns(ctx)} from quotas q join accounts a on a.id = q.account_id
      join organisations o on o.id = q.enterprise_id
    where q.enterprise_id = ${enterpriseId}`
}

export async function listQuotas(
  ctx: Ctx,
  input: InputOf<typeof voucherEndpoints.listQuotas>,
): Promise<Page<Quota>> {
  const actor = allow(ctx, 'voucher.listQuotas')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const rows = await ctx.sql<QuotaFacts[]>`
    select ${quotaColumns(ctx)} from quotas q join accounts a on a.id = q.account_id
      join organisations o on o.id = q.enterprise_id
    where ${inReach(ctx, actor)}
      and ${input.programmeId ? ctx.sql`q.programme_id = ${input.programmeId}` : ctx.sql`true`}
      and ${after ? ctx.sql`q.id < ${after}` : ctx.sql`true`}
    order by q.id desc limit ${limit + 1}`
  const programmes = new Map(
    (await programmesWhere(ctx)).map((programme) => [programme.id, programme]),
  )
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => toQuota(row, programmes),
  )
}

/** The enterprise's own quotas, those of one's city, or all: `q` of the enterprise `o`. */
function inReach(ctx: Ctx, actor: Allowed): Fragment {
  switch (actor.relation) {
    case 'organisation':
      return ctx.sql`q.enterprise_id = ${actor.organisationId}`
    case 'city':
      return ctx.sql`o.city_code =
        (select city_code from organisations where id = ${actor.organisationId})`
    default:
      return ctx.sql`true`
  }
}

export async function listTransfers(
  ctx: Ctx,
  input: InputOf<typeof voucherEndpoints.listTransfers>,
): Promise<Page<Transfer>> {
  const actor = allow(ctx, 'voucher.listTransfers')
  const [quota] = await ctx.sql<{ accountId: string }[]>`
    select q.account_id from quotas q join organisations o on o.id = q.enterprise_id
    where q.id = ${input.id} and ${inReach(ctx, actor)}`
  const { accountId } = found(quota, 'voucher.no_such_quota')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const rows = await ctx.sql<TransferRow[]>`
    with movements as (
      select t.*, case
          when t.credit_account_id = ${accountId} then t.amount_fen
          when t.kind = 'post' then e.amount_fen - t.amount_fen
          when t.resolves_id is not null then t.amount_fen
          else -t.amount_fen end as change_fen
      from transfers t left join transfers e on e.id = t.resolves_id
      where t.debit_account_id = ${accountId} or t.credit_account_id = ${accountId})
    select m.id, m.at, m.kind, m.amount_fen, m.change_fen, m.reason, m.booking_id,
      b.number as booking_number,
      (sum(m.change_fen) over (order by m.id))::bigint as available_after_fen
    from movements m left join bookings b on b.id = m.booking_id
    order by m.id desc`
  const from = after === null ? 0 : rows.findIndex((row) => row.id < after)
  return pageBy(
    from < 0 ? [] : rows.slice(from, from + limit + 1),
    limit,
    (row) => [row.id],
    toTransfer,
  )
}

type TransferRow = {
  id: string
  at: Date
  kind: TransferKind
  amountFen: number
  changeFen: number
  availableAfterFen: number
  reason: string | null
  bookingId: string | null
  bookingNumber: string | null
}

/**
 * What the transfer did to the spendable quota: a posting only gives back what was reserved too
 * much.
 */
function toTransfer(row: TransferRow): Transfer {
  return {
    id: row.id,
    at: iso(row.at),
    kind: row.kind,
    kindLabel: row.kind === 'post' ? `核销 ${yuan(row.amountFen)}` : transferKindLabels[row.kind],
    amountFen: row.changeFen,
    availableAfterFen: row.availableAfterFen,
    reason: row.reason,
    bookingId: row.bookingId,
    bookingNumber: row.bookingNumber,
  }
}

export async function getLedgerProof(ctx: Ctx) {
  allow(ctx, 'voucher.getLedgerProof')
  const byKind = await ctx.sql<{ kind: AccountKind; balanceFen: number; pendingFen: number }[]>`
    select kind, sum(credits_posted - debits_posted)::bigint as balance_fen,
      sum(debits_pending)::bigint as pending_fen
    from accounts group by kind order by kind`
  const [counts] = await ctx.sql<{ accounts: number; transfers: number }[]>`
    select (select count(*) from accounts) as accounts, (select count(*)
      from transfers) as transfers`
  return {
    sumFen: byKind.reduce((sum, row) => sum + row.balanceFen, 0),
    accounts: counts?.accounts ?? 0,
    transfers: counts?.transfers ?? 0,
    byKind,
  }
}

function toQuota(row: QuotaFacts, programmes: Map<string, Programme>): Quota {
  const programme = found(programmes.get(row.programmeId), 'voucher.no_such_programme')
  const { id, enterpriseId, enterpriseName, issuedFen, redeemedFen, earmarkedFen, availableFen } =
    row
  return {
    id,
    programme,
    enterprise: { id: enterpriseId, name: enterpriseName },
    issuedFen,
    redeemedFen,
    earmarkedFen,
    availableFen,
  }
}
