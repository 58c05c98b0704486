import type { Bill, chargingEndpoints, Tariff } from '@yiqi/shared/charging/endpoints.ts'
import type { BillState, Tier } from '@yiqi/shared/charging/terms.ts'
import { bookingRoles } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import type { DateText } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx, found, iso, type Member } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

const tariffColumns = (ctx: Ctx) => ctx.sql`
  id, tier, effective_from, effective_to, material_fen_per_sample, utilities_fen_per_hour,
  labour_fen_per_hour, minimum_minutes, basis`

/** The version in force on a day for a tier. Refuses `charging.no_tariff`. */
export async function tariffOn(
  ctx: Ctx,
  asked: { instrumentId: string; tier: Tier; day: DateText },
): Promise<Tariff> {
  const [tariff] = await ctx.sql<Tariff[]>`
    select ${tariffColumns(ctx)} from tariffs
    where instrument_id = ${asked.instrumentId} and tier = ${asked.tier}
      and effective_from <= ${asked.day} and (effective_to is null or effective_to >= ${asked.day})`
  return found(tariff, 'charging.no_tariff')
}

export async function getTariff(ctx: Ctx, id: string): Promise<Tariff> {
  const [tariff] = await ctx.sql<
    Tariff[]
  >`select ${tariffColumns(ctx)} from tariffs where id = ${id}`
  return found(tariff, 'charging.no_tariff')
}

/**
 * The versions in force on a day, by instrument: the internal ones where the instrument is the
 * organisation's own, else the external ones.
 */
export async function tariffsOn(
  ctx: Ctx,
  instrumentIds: string[],
  { day, organisationId }: { day: DateText; organisationId: string | null },
): Promise<Map<string, Tariff>> {
  const rows = await ctx.sql<(Tariff & { instrumentId: string })[]>`
    select instrument_id, ${tariffColumns(ctx)} from tariffs
    where instrument_id = any (${instrumentIds})
      and tier = case when exists (select from instruments i
          where i.id = instrument_id and i.institution_id = ${organisationId})
        then 'internal' else 'external' end
      and effective_from <= ${day} and (effective_to is null or effective_to >= ${day})`
  return new Map(rows.map((row) => [row.instrumentId, row]))
}

export async function listTariffs(
  ctx: Ctx,
  input: InputOf<typeof chargingEndpoints.listTariffs>,
): Promise<{ rows: Tariff[] }> {
  const rows = await ctx.sql<Tariff[]>`
    select ${tariffColumns(ctx)} from tariffs where instrument_id = ${input.instrumentId}
    order by effective_from desc, tier`
  return { rows }
}

type BillRow = Omit<Bill, 'issuedAt' | 'receipts'> & { issuedAt: Date }

const billRows = (ctx: Ctx) => ctx.sql`
  select l.id, l.number, l.booking_id, b.number as booking_number, e.name as enterprise_name,
    i.name as institution_name, n.name as instrument_name, l.state, l.amount_fen, l.paid_fen,
      l.issued_at,
    l.transfer_reference, l.transferred_on
  from bills l join bookings b on b.id = l.booking_id join instruments n on n.id = b.instrument_id
    join organisations e on e.id = l.enterprise_id join organisations i on i.id = l.institution_id`

/**
 * Whose bills a person sees: who books those to their organisation, its staff also those by it;
 * nobody else's.
 */
function billScope(ctx: Ctx, { role, organisationId }: Member) {
  const books = bookingRoles.some((each) => each === role)
  return ctx.sql`(l.enterprise_id = ${organisationId}
    or ${!books} and l.institution_id = ${organisationId})`
}

export async function listBills(
  ctx: Ctx,
  input: InputOf<typeof chargingEndpoints.listBills>,
): Promise<Page<Bill>> {
  const actor = allow(ctx, 'charging.listBills')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const states: BillState[] | null =
    input.state === undefined
      ? null
      : input.state === 'open'
        ? ['issued', 'partly_paid']
        : [input.state]
  const rows = await ctx.sql<BillRow[]>`
    ${billRows(ctx)} where ${billScope(ctx, actor)}
      and ${states ? ctx.sql`l.state = any (${states})` : ctx.sql`true`}
      and ${input.bookingId ? ctx.sql`l.booking_id = ${input.bookingId}` : ctx.sql`true`}
      and ${after ? ctx.sql`l.id < ${after}` : ctx.sql`true`}
    order by l.id desc limit ${limit + 1}`
  const receipts = await receiptsOf(
    ctx,
    rows.map((row) => row.id),
  )
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => toBill(row, receipts),
  )
}

/** One bill within the viewer's scope. Refuses `charging.no_such_bill`. */
export async function getBill(ctx: Ctx, id: string): Promise<Bill> {
  const actor = allow(ctx, 'charging.listBills')
  const [row] = await ctx.sql<
    BillRow[]
  >`${billRows(ctx)} where l.id = ${id} and ${billScope(ctx, actor)}`
  const bill = found(row, 'charging.no_such_bill')
  return toBill(bill, await receiptsOf(ctx, [id]))
}

type ReceiptRow = Omit<Bill['receipts'][number], 'at'> & { at: Date; billId: string }

async function receiptsOf(ctx: Ctx, billIds: string[]): Promise<ReceiptRow[]> {
  if (billIds.length === 0) return []
  return ctx.sql<ReceiptRow[]>`
    select r.id, r.bill_id, r.amount_fen, r.reference, r.received_on, u.name as confirmed_by, r.at
    from receipts r join users u on u.id = r.confirmed_by
      where r.bill_id = any (${billIds}) order by r.id`
}

function toBill(row: BillRow, receipts: ReceiptRow[]): Bill {
  return {
    ...row,
    issuedAt: iso(row.issuedAt),
    receipts: receipts
      .filter((receipt) => receipt.billId === row.id)
      .map(({ billId: _, ...receipt }) => ({ ...receipt, at: iso(receipt.at) })),
  }
}

export type BillSummary = {
  id: string
  number: string
  state: BillState
  amountFen: number
  paidFen: number
}

/** The bill of a booking, for whoever may see the booking. */
export async function findBillOf(ctx: Ctx, bookingId: string): Promise<BillSummary | null> {
  const [row] = await ctx.sql<BillSummary[]>`
    select id, number, state, amount_fen, paid_fen from bills where booking_id = ${bookingId}`
  return row ?? null
}
