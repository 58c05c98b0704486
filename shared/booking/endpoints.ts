import { z } from 'zod/mini'
import { Price, Tariff } from '../charging/endpoints.ts'
import { billStates } from '../charging/terms.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { date, fen, id, instant, instantIn, pageInput, pageOf, text } from '../kernel/schema.ts'
import { Agreement } from '../notice/endpoints.ts'
import { bookableModes, confidentialities, serviceModes } from '../notice/terms.ts'
import { programmeModes } from '../voucher/terms.ts'
import {
  bookingActions,
  bookingStates,
  cellStates,
  declineReasons,
  outageKinds,
  serviceDirections,
} from './terms.ts'

const keysOf = <T extends Record<string, unknown>>(table: T) =>
  // The tables of words are never empty.
  Object.keys(table) as [keyof T & string, ...(keyof T & string)[]]

const Cell = z.object({
  startsAt: instant,
  endsAt: instant,
  state: z.enum(cellStates),
  /** Why it cannot be had: a refusal code; null when free. */
  reason: z.nullable(z.string()),
  note: z.nullable(z.string()),
})
export type WeekCell = z.output<typeof Cell>

const Terms = z.object({
  slotMinutes: z.int(),
  minMinutes: z.int(),
  maxMinutes: z.int(),
  leadMinutes: z.int(),
  horizonDays: z.int(),
  bufferMinutes: z.int(),
})

export const Week = z.object({
  instrumentId: id,
  from: date,
  terms: Terms,
  /** The week's open hours as one readable line per weekday group. */
  openHoursText: z.string(),
  days: z.array(z.object({ date, holiday: z.nullable(z.string()), cells: z.array(Cell) })),
})
export type Week = z.output<typeof Week>

/** What the voucher would do under one programme; `reason` says why it pays nothing. */
export const VoucherOffer = z.object({
  programmeId: id,
  programmeName: z.string(),
  mode: z.enum(programmeModes),
  ratioPermille: z.int(),
  shareFen: fen,
  reason: z.nullable(z.string()),
  quotaBeforeFen: fen,
  quotaAfterFen: fen,
})
export type VoucherOffer = z.output<typeof VoucherOffer>

export const Quote = z.object({
  instrumentId: id,
  startsAt: instant,
  endsAt: instant,
  samples: z.int(),
  serviceMode: z.enum(serviceModes),
  tariff: Tariff,
  price: Price,
  /** Offers of every programme in force; empty for a visitor. */
  vouchers: z.array(VoucherOffer),
  /** The total is above the member's limits: their administrator has to approve the request. */
  approvalNeeded: z.boolean(),
  /** Why the organisation may not book at all: a refusal code. */
  reason: z.nullable(z.string()),
})
export type Quote = z.output<typeof Quote>

export const FrozenQuote = z.object({
  price: Price,
  tariff: Tariff,
  samples: z.int(),
  programmeId: z.nullable(id),
  programmeName: z.nullable(z.string()),
  programmeMode: z.nullable(z.enum(programmeModes)),
  voucherFen: fen,
})

export const BookingCard = z.object({
  id,
  number: z.string(),
  state: z.enum(bookingStates),
  startsAt: instant,
  endsAt: instant,
  instrument: z.object({
    id,
    name: z.string(),
    model: z.nullable(z.string()),
    number: z.string(),
    shortCode: z.string(),
  }),
  institution: z.object({ id, name: z.string() }),
  /** Masked to staff where the booking is confidential. */
  enterprise: z.object({ id, name: z.string() }),
  /** Who booked, and for which colleague; null where the enterprise is masked. */
  bookedBy: z.nullable(z.object({ name: z.string(), beneficiary: z.nullable(z.string()) })),
  serviceMode: z.nullable(z.enum(serviceModes)),
  samples: z.int(),
  /** The one line of preparation the technician reads. */
  preparation: z.nullable(z.string()),
  totalFen: z.nullable(fen),
  voucherFen: z.nullable(fen),
  holdExpiresAt: z.nullable(instant),
  answerDueAt: z.nullable(instant),
  /** Until when an administrator of the payer may approve the spending; null: nobody has to. */
  approvalDueAt: z.nullable(instant),
  actions: z.array(z.enum(bookingActions)),
})
export type BookingCard = z.output<typeof BookingCard>

export const Booking = z.extend(BookingCard, {
  confidentiality: z.nullable(z.enum(confidentialities)),
  serviceDirection: z.nullable(z.string()),
  purpose: z.nullable(z.string()),
  sampleNames: z.array(z.string()),
  quote: z.nullable(FrozenQuote),
  agreement: z.nullable(Agreement),
  bill: z.nullable(
    z.object({ id, number: z.string(), state: z.enum(billStates), amountFen: fen, paidFen: fen }),
  ),
  requester: z.object({ name: z.string(), phone: z.string() }),
  /** Who approved the spending above the requester's limits. */
  approval: z.nullable(z.object({ name: z.string(), at: instant })),
  technicians: z.array(z.object({ id, name: z.string() })),
  declineReason: z.nullable(z.string()),
  alternatives: z.array(
    z.object({
      instrumentId: id,
      instrumentName: z.string(),
      institutionName: z.string(),
      startsAt: instant,
      endsAt: instant,
    }),
  ),
  /** What happened, oldest first. */
  timeline: z.array(
    z.object({ at: instant, name: z.string(), label: z.string(), actor: z.nullable(z.string()) }),
  ),
})
export type Booking = z.output<typeof Booking>

/** What a step of a booking came to; the whole booking is read apart. */
export const BookingStep = z.object({
  id,
  number: z.string(),
  state: z.enum(bookingStates),
  startsAt: instant,
  endsAt: instant,
  holdExpiresAt: z.nullable(instant),
})
export type BookingStep = z.output<typeof BookingStep>

export const Offer = z.object({
  instrumentId: id,
  pricePerHourFen: z.nullable(fen),
  materialFenPerSample: z.nullable(fen),
  nextSlot: z.nullable(z.object({ startsAt: instant, endsAt: instant })),
  /** Seven days from today: how many minutes can still be booked. */
  days: z.array(z.object({ date, freeMinutes: z.int() })),
  answerMinutesMedian: z.nullable(z.int()),
  voucherEligible: z.boolean(),
})
export type Offer = z.output<typeof Offer>

/** An instrument that can be held over the whole of a time. */
export const FreeInstrument = z.object({
  instrumentId: id,
  name: z.string(),
  model: z.nullable(z.string()),
  shortCode: z.string(),
  institution: z.object({
    id,
    name: z.string(),
    city: z.string(),
    cityCode: z.nullable(z.string()),
  }),
  /** Running cost and labour for who asks, on the day of the slot; null without a tariff. */
  pricePerHourFen: z.nullable(fen),
})
export type FreeInstrument = z.output<typeof FreeInstrument>

export const Beneficiary = z.object({ id, name: z.string() })
export type Beneficiary = z.output<typeof Beneficiary>

/** Up to 50 ids with commas between. */
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
const idList = z.string().check(z.regex(new RegExp(`^${uuid}(,${uuid}){0,49}$`)))

export const bookingEndpoints = {
  getWeek: endpoint({
    method: 'GET',
    path: '/instruments/:instrumentId/week',
    summary:
      'The bookable week of one instrument, cell by cell, with the reason for every blocked cell.',
    input: z.strictObject({
      instrumentId: id,
      from: z.optional(date),
      days: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(31))),
    }),
    output: Week,
  }),
  listOffers: endpoint({
    method: 'GET',
    path: '/offers',
    summary: 'Price, seven-day strip and next free slot for up to 50 instruments.',
    input: z.strictObject({
      instrumentIds: idList,
    }),
    output: z.object({ rows: z.array(Offer) }),
  }),
  listFreeKinds: endpoint({
    method: 'GET',
    path: '/free-kinds',
    summary: 'Kinds of instrument with the earliest free slot over all institutions.',
    input: z.strictObject({}),
    output: z.object({
      rows: z.array(
        z.object({
          kind: z.string(),
          name: z.string(),
          instruments: z.int(),
          nextSlot: z.nullable(z.object({ startsAt: instant, endsAt: instant })),
        }),
      ),
    }),
  }),
  listFreeInstruments: endpoint({
    method: 'GET',
    path: '/free-instruments',
    summary: 'The instruments that can be held over the whole of a given time, cheapest first.',
    input: z.strictObject({
      startsAt: instantIn,
      endsAt: instantIn,
      kind: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,40}$/))),
      classCode: z.optional(z.string().check(z.regex(/^\d{2}(\d{2}){0,2}$/))),
      cityCode: z.optional(z.string().check(z.regex(/^14\d{4}$/))),
      institutionId: z.optional(id),
      cursor: pageInput.cursor,
      limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200))),
    }),
    output: z.object({
      rows: z.array(FreeInstrument),
      nextCursor: z.nullable(z.string()),
      /** All that are free, on this page and others, of those that were looked at. */
      total: z.int(),
      considered: z.int(),
    }),
  }),
  quoteSlot: endpoint({
    method: 'GET',
    path: '/quotes',
    summary: 'The all-in price of a slot, and what each voucher programme would do.',
    input: z.strictObject({
      instrumentId: id,
      startsAt: instantIn,
      endsAt: instantIn,
      samples: z.optional(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(500))),
      serviceMode: z.optional(z.enum(bookableModes)),
    }),
    output: Quote,
  }),
  holdSlot: endpoint({
    method: 'POST',
    path: '/bookings',
    summary: 'Keeps a slot for ten minutes while the sheet is open.',
    input: z.strictObject({ instrumentId: id, startsAt: instantIn, endsAt: instantIn }),
    output: BookingStep,
  }),
  requestBooking: endpoint({
    method: 'PUT',
    path: '/bookings/:id/request',
    summary: 'Asks for the held slot: freezes the price, earmarks the voucher, signs the notice.',
    input: z.strictObject({
      id,
      serviceMode: z.enum(bookableModes),
      samples: z.int().check(z.minimum(0), z.maximum(500)),
      sampleNames: z.optional(z.array(text(60)).check(z.maxLength(50))),
      purpose: text(500),
      preparation: z.optional(text(120, 0)),
      serviceDirection: z.enum(keysOf(serviceDirections)),
      confidentiality: z.enum(confidentialities),
      /** The notice version that was read; null is refused in words. */
      noticeId: z.nullable(id),
      programmeId: z.nullable(id),
      /** The colleague of the payer's it is for; without one, for whoever asks. */
      beneficiaryId: z.optional(z.nullable(id)),
      /** What the person saw when tapping; anything else is `booking.quote_changed`. */
      expected: z.strictObject({ totalFen: fen, voucherFen: fen }),
    }),
    output: BookingStep,
  }),
  approveSpending: endpoint({
    method: 'PUT',
    path: '/bookings/:id/spending-approval',
    summary: "An administrator of the payer approves what is above the requester's limits.",
    input: z.strictObject({ id }),
    output: Booking,
  }),
  refuseSpending: endpoint({
    method: 'PUT',
    path: '/bookings/:id/spending-refusal',
    summary: 'An administrator of the payer refuses the spending: the booking is cancelled.',
    input: z.strictObject({ id, reason: text(200) }),
    output: Booking,
  }),
  listBeneficiaries: endpoint({
    method: 'GET',
    path: '/beneficiaries',
    summary: 'The colleagues one may book for, by name.',
    input: z.strictObject({ q: z.optional(text(60, 0)), ...pageInput }),
    output: pageOf(Beneficiary),
  }),
  confirmBooking: endpoint({
    method: 'PUT',
    path: '/bookings/:id/confirmation',
    summary: 'The technician accepts, having acknowledged the notice.',
    input: z.strictObject({ id, noticeId: z.nullable(id) }),
    output: Booking,
  }),
  declineBooking: endpoint({
    method: 'PUT',
    path: '/bookings/:id/refusal',
    summary: 'The technician declines with a reason; three alternatives go along.',
    input: z.strictObject({
      id,
      reason: z.enum(keysOf(declineReasons)),
      note: z.optional(text(200, 0)),
    }),
    output: Booking,
  }),
  cancelBooking: endpoint({
    method: 'PUT',
    path: '/bookings/:id/cancellation',
    summary: 'The enterprise or the institution cancels; the earmark is released.',
    input: z.strictObject({ id, reason: z.optional(text(200, 0)) }),
    output: Booking,
  }),
  listBookings: endpoint({
    method: 'GET',
    path: '/bookings',
    summary: "The enterprise's bookings, or those of the technician's instruments.",
    input: z.strictObject({
      view: z.optional(z.enum(['open', 'to-approve', 'to-confirm', 'past', 'all'])),
      ...pageInput,
    }),
    output: pageOf(BookingCard),
  }),
  getBooking: endpoint({
    method: 'GET',
    path: '/bookings/:id',
    summary: 'One booking with its frozen price, agreement, bill and timeline.',
    input: z.strictObject({ id }),
    output: Booking,
  }),
  declareOutage: endpoint({
    method: 'POST',
    path: '/instruments/:instrumentId/outages',
    summary:
      'Takes the instrument out of service; bookings in that time are displaced and their earmarks released.',
    input: z.strictObject({
      instrumentId: id,
      startsAt: instantIn,
      endsAt: instantIn,
      kind: z.enum(keysOf(outageKinds)),
      note: text(200),
    }),
    output: z.object({ id, displaced: z.int() }),
  }),
  liftOutage: endpoint({
    method: 'DELETE',
    path: '/outages/:id',
    summary: 'Puts the instrument back into service.',
    input: z.strictObject({ id }),
    output: z.object({ id }),
  }),
}
