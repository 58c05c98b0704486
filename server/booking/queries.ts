import type { Booking, BookingCard, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { type BookingState, liveStates } from '@yiqi/shared/booking/terms.ts'
import type { Price } from '@yiqi/shared/charging/rules.ts'
import { bookingRoles, maskPhone, type Role } from '@yiqi/shared/identity/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { eventLabels } from '@yiqi/shared/message/terms.ts'
import type { Confidentiality, ServiceMode } from '@yiqi/shared/notice/terms.ts'
import type { ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import { techniciansOf } from '../catalogue/facts.ts'
import { findBillOf, getTariff } from '../charging/queries.ts'
import { phoneOf } from '../identity/queries.ts'
import { allow, type Ctx, found, iso, isoOrNull } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { findAgreement } from '../notice/queries.ts'
import { actionsFor } from './actions.ts'
import { alternativesTo } from './alternatives.ts'

export type BookingRow = {
  id: string
  number: string
  state: BookingState
  instrumentId: string
  institutionId: string
  enterpriseId: string
  requesterId: string
  beneficiaryName: string | null
  startsAt: Date
  endsAt: Date
  holdExpiresAt: Date | null
  answerDueAt: Date | null
  approvalDueAt: Date | null
  approvedAt: Date | null
  approvedBy: string | null
  confirmedAt: Date | null
  serviceMode: ServiceMode | null
  samples: number
  sampleNames: string[]
  purpose: string | null
  preparation: string | null
  serviceDirection: string | null
  confidentiality: Confidentiality | null
  tariffId: string | null
  price: Price | null
  totalFen: number | null
  programmeId: string | null
  programmeName: string | null
  programmeMode: ProgrammeMode | null
  voucherFen: number
  earmarkId: string | null
  reason: string | null
  reasonNote: string | null
  instrumentName: string
  instrumentModel: string | null
  instrumentNumber: string
  shortCode: string
  kind: string | null
  institutionName: string
  enterpriseName: string
  requesterName: string
  requesterPhone: string | null
  billState: string | null
  isTechnician: boolean
}

const MASKED_ENTERPRISE = '某企业（保密）'

/**
 * Booking rows that this person may see at all. Who books sees their organisation's; who serves
 * those of their instruments, or of their institution, and not what their own house booked: by its
 * bookings elsewhere they would answer for another institution.
 */
function visible(ctx: Ctx) {
  const { actor } = ctx
  if (actor.kind === 'job') return ctx.sql`true`
  const { role, organisationId } = allow(ctx, 'booking.listBookings')
  if (isBooker(role)) return ctx.sql`b.enterprise_id = ${organisationId}`
  if (role === 'technician')
    return ctx.sql`(t.user_id is not null and b.institution_id = ${organisationId})`
  if (role === 'institution-manager' || role === 'institution-finance')
    return ctx.sql`b.institution_id = ${organisationId}`
  return ctx.sql`false`
}

function isBooker(role: Role): boolean {
  return bookingRoles.some((each) => each === role)
}

/** All that the module knows of bookings, joined once; `where` is added by the caller. */
export function bookingRows(ctx: Ctx, where: ReturnType<Ctx['sql']>): Promise<BookingRow[]> {
  const userId = ctx.actor.kind === 'member' ? ctx.actor.userId : null
  return ctx.sql<BookingRow[]>`
    select b.id, b.number, b.state, b.instrument_id, b.institution_id, b.enterprise_id,
      b.requester_id, f.name as beneficiary_name, b.approval_due_at, b.approved_at,
      v.name as approved_by,
      b.starts_at, b.ends_at, b.hold_expires_at, b.answer_due_at, b.confirmed_at, b.service_mode,
        b.samples,
      b.sample_names, b.purpose, b.preparation, b.service_direction, b.confidentiality,
        b.tariff_id, b.price,
      b.total_fen, b.programme_id, p.name as programme_name, p.mode as programme_mode,
        b.voucher_fen,
      b.earmark_id, b.reason, b.reason_note, i.name as instrument_name, i.model as instrument_model,
      i.number as instrument_number, i.short_code, i.kind, n.name as institution_name,
      e.name as enterprise_name, u.name as requester_name, u.phone as requester_phone,
      l.state as bill_state, t.user_id is not null as is_technician
    from bookings b
      join instruments i on i.id = b.instrument_id
      join organisations n on n.id = b.institution_id
      join organisations e on e.id = b.enterprise_id
      join users u on u.id = b.requester_id
      left join users f on f.id = b.beneficiary_id
      left join users v on v.id = b.approved_by
      left join programmes p on p.id = b.programme_id
      left join bills l on l.booking_id = b.id
      left join instrument_technicians t on t.instrument_id = b.instrument_id
        and t.user_id = ${userId}
    where ${visible(ctx)} and ${where}`
}

/** One booking within the viewer's sight. Refuses `booking.no_such_booking`. */
export async function getBookingRow(ctx: Ctx, id: string): Promise<BookingRow> {
  const [row] = await bookingRows(ctx, ctx.sql`b.id = ${id}`)
  return found(row, 'booking.no_such_booking')
}

/** A card for this viewer, with the actions that are theirs now. */
export function toCard(ctx: Ctx, row: BookingRow): BookingCard {
  return {
    id: row.id,
    number: row.number,
    state: shownState(ctx, row),
    startsAt: iso(row.startsAt),
    endsAt: iso(row.endsAt),
    instrument: {
      id: row.instrumentId,
      name: row.instrumentName,
      model: row.instrumentModel,
      number: row.instrumentNumber,
      shortCode: row.shortCode,
    },
    institution: { id: row.institutionId, name: row.institutionName },
    enterprise: {
      id: row.enterpriseId,
      name: seesEnterprise(ctx, row) ? row.enterpriseName : MASKED_ENTERPRISE,
    },
    bookedBy: seesEnterprise(ctx, row)
      ? { name: row.requesterName, beneficiary: row.beneficiaryName }
      : null,
    serviceMode: row.serviceMode,
    samples: row.samples,
    preparation: row.preparation,
    totalFen: row.totalFen,
    voucherFen: row.totalFen === null ? null : row.voucherFen,
    holdExpiresAt: isoOrNull(row.holdExpiresAt),
    answerDueAt: isoOrNull(row.answerDueAt),
    approvalDueAt: isoOrNull(row.approvalDueAt),
    actions: actionsFor(ctx, row),
  }
}

export async function getBooking(ctx: Ctx, input: { id: string }): Promise<Booking> {
  const row = await getBookingRow(ctx, input.id)
  const [agreement, bill, technicians, tariff, timeline] = await Promise.all([
    findAgreement(ctx, row.id),
    findBillOf(ctx, row.id),
    techniciansOf(ctx, row.instrumentId),
    row.tariffId === null ? null : getTariff(ctx, row.tariffId),
    timelineOf(ctx, row),
  ])
  const mayRead = readsContents(ctx, row)
  return {
    ...toCard(ctx, row),
    confidentiality: row.confidentiality,
    serviceDirection: row.serviceDirection,
    purpose: mayRead ? row.purpose : null,
    sampleNames: mayRead ? row.sampleNames : [],
    quote:
      row.price === null || tariff === null
        ? null
        : {
            price: row.price,
            tariff,
            samples: row.samples,
            programmeId: row.programmeId,
            programmeName: row.programmeName,
            programmeMode: row.programmeMode,
            voucherFen: row.voucherFen,
          },
    agreement,
    bill,
    requester: {
      name: row.requesterName,
      phone: maskPhone(await phoneOf(ctx, { id: row.requesterId, phone: row.requesterPhone })),
    },
    approval:
      row.approvedBy === null || row.approvedAt === null
        ? null
        : { name: row.approvedBy, at: iso(row.approvedAt) },
    technicians: technicians.map(({ id, name }) => ({ id, name })),
    declineReason: row.reason,
    alternatives: await alternativesTo(ctx, row),
    timeline,
  }
}

type ListInput = InputOf<typeof bookingEndpoints.listBookings>

export async function listBookings(ctx: Ctx, input: ListInput): Promise<Page<BookingCard>> {
  allow(ctx, 'booking.listBookings')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? null
  const states = statesOf(input.view ?? 'all')
  const rows = await bookingRows(
    ctx,
    ctx.sql`b.state = any (${states})
      and not (b.state = 'held' and b.hold_expires_at <= ${ctx.now()})
      and ${after ? ctx.sql`b.id < ${after}` : ctx.sql`true`}
      order by b.id desc limit ${limit + 1}`,
  )
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => toCard(ctx, row),
  )
}

function statesOf(view: NonNullable<ListInput['view']>): BookingState[] {
  const open: BookingState[] = [...liveStates, 'finished']
  const past: BookingState[] = ['closed', 'lapsed', 'declined', 'cancelled', 'displaced', 'no_show']
  switch (view) {
    case 'open':
      return open
    case 'to-approve':
      return ['awaiting_approval']
    case 'to-confirm':
      return ['requested']
    case 'past':
      return past
    case 'all':
      return [...open, ...past]
  }
}

/** A hold that ran out is lapsed for everybody, also before the database was asked to say so. */
function shownState(ctx: Ctx, row: BookingRow): BookingState {
  const ranOut =
    row.state === 'held' && row.holdExpiresAt !== null && row.holdExpiresAt <= ctx.now()
  return ranOut ? 'lapsed' : row.state
}

function seesEnterprise(ctx: Ctx, row: BookingRow): boolean {
  return row.confidentiality !== 'confidential' || readsContents(ctx, row)
}

/** Purpose and samples are for the enterprise's people and the technicians of the instrument. */
function readsContents(ctx: Ctx, row: BookingRow): boolean {
  const { actor } = ctx
  if (actor.kind !== 'member') return actor.kind === 'job'
  if (actor.role === 'technician') return row.isTechnician
  return actor.organisationId === row.enterpriseId && isBooker(actor.role)
}

async function timelineOf(ctx: Ctx, row: BookingRow): Promise<Booking['timeline']> {
  const rows = await ctx.sql<
    { at: Date; name: string; actor: string | null; organisationId: string | null }[]
  >`
    select e.at, e.name, u.name as actor from events e left join users u on u.id = e.actor_id
    where e.booking_id = ${row.id} and e.name = any (${Object.keys(eventLabels)}) order by e.seq`
  return rows.map((event) => ({
    at: iso(event.at),
    name: event.name,
    label: eventLabels[event.name] ?? event.name,
    actor: event.actor,
  }))
}
