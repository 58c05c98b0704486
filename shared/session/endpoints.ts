import { z } from 'zod/mini'
import { BookingCard } from '../booking/endpoints.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { count, date, fen, id, instant, text } from '../kernel/schema.ts'
import { segments, sessionStates } from './terms.ts'

const Minutes = z.strictObject({ preparation: count, testing: count, post_processing: count })

const Consumable = z.strictObject({
  name: text(40),
  quantity: z.int().check(z.minimum(1), z.maximum(999)),
})

export const Session = z.object({
  id,
  bookingId: id,
  bookingNumber: z.string(),
  instrumentName: z.string(),
  state: z.enum(sessionStates),
  startsAt: instant,
  endsAt: z.nullable(instant),
  segment: z.nullable(z.enum(segments)),
  segments: z.array(z.object({ segment: z.enum(segments), startsAt: instant })),
  minutes: Minutes,
  effectiveMinutes: count,
  samples: z.int(),
  consumables: z.array(Consumable),
  note: z.nullable(z.string()),
  handOver: z.nullable(
    z.object({
      to: z.string(),
      pcCleared: z.boolean(),
      samplesReturned: z.boolean(),
      dataHash: z.nullable(z.string()),
    }),
  ),
  disputeReason: z.nullable(z.string()),
  /**
   * What the agreed hours cost, and how it is shared; the preview before agreement, the fact after
   * it.
   */
  settlement: z.object({
    totalFen: fen,
    quotedFen: fen,
    voucherFen: fen,
    remainderFen: fen,
    aboveQuoteFen: fen,
  }),
  acknowledgementText: z.object({ zh: z.string(), en: z.string() }),
  /** What this viewer may do now. */
  actions: z.array(z.enum(['advance', 'finish', 'agree', 'dispute', 'adjust'])),
})
export type Session = z.output<typeof Session>

export const sessionEndpoints = {
  listToday: endpoint({
    method: 'GET',
    path: '/sessions/today',
    summary:
      "The technician's day: bookings, running sessions and outages of the instruments in their care.",
    input: z.strictObject({ date: z.optional(date) }),
    output: z.object({
      date,
      toConfirm: z.int(),
      bookedMinutes: z.int(),
      rows: z.array(
        z.object({
          booking: BookingCard,
          sessionId: z.nullable(id),
          effectiveMinutes: z.nullable(z.int()),
        }),
      ),
      outages: z.array(
        z.object({
          id,
          instrumentName: z.string(),
          startsAt: instant,
          endsAt: instant,
          kind: z.string(),
          note: z.string(),
        }),
      ),
      /** Requests still to be answered, of any day. */
      requests: z.array(BookingCard),
    }),
  }),
  checkIn: endpoint({
    method: 'POST',
    path: '/sessions',
    summary: 'Starts the session of the booking that is due on the scanned instrument.',
    input: z.strictObject({
      code: z.string().check(z.trim(), z.toUpperCase(), z.regex(/^[0-9A-Z]{6}$/)),
      bookingId: z.optional(id),
    }),
    output: Session,
  }),
  getSession: endpoint({
    method: 'GET',
    path: '/sessions/:id',
    summary: 'One session.',
    input: z.strictObject({ id }),
    output: Session,
  }),
  findBookingSession: endpoint({
    method: 'GET',
    path: '/bookings/:bookingId/session',
    summary: 'The session of a booking, or null before check-in.',
    input: z.strictObject({ bookingId: id }),
    output: z.object({ session: z.nullable(Session) }),
  }),
  advanceSession: endpoint({
    method: 'POST',
    path: '/sessions/:id/segments',
    summary: 'Ends the current segment and starts the next.',
    input: z.strictObject({ id, segment: z.enum(segments) }),
    output: Session,
  }),
  finishSession: endpoint({
    method: 'PUT',
    path: '/sessions/:id/finish',
    summary:
      'Ends the session with minutes, consumables and hand-over; the notice is acknowledged again.',
    input: z.strictObject({
      id,
      /** Left out: as measured by the segment button. */
      minutes: z.optional(Minutes),
      samples: z.int().check(z.minimum(0), z.maximum(500)),
      consumables: z.array(Consumable).check(z.maxLength(30)),
      note: z.optional(text(500, 0)),
      handOver: z.strictObject({
        to: text(60),
        pcCleared: z.boolean(),
        samplesReturned: z.boolean(),
        dataHash: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
      }),
      noticeId: z.nullable(id),
    }),
    output: Session,
  }),
  agreeSession: endpoint({
    method: 'PUT',
    path: '/sessions/:id/agreement',
    summary: 'The enterprise agrees to the hours: the voucher is posted and the remainder billed.',
    input: z.strictObject({ id, consentAboveQuote: z.boolean() }),
    output: Session,
  }),
  disputeSession: endpoint({
    method: 'PUT',
    path: '/sessions/:id/dispute',
    summary: 'The enterprise does not agree, and says why.',
    input: z.strictObject({ id, reason: text(300) }),
    output: Session,
  }),
  adjustSession: endpoint({
    method: 'PUT',
    path: '/sessions/:id/adjustment',
    summary: 'The technician corrects the minutes after a dispute.',
    input: z.strictObject({ id, minutes: Minutes, note: text(300) }),
    output: Session,
  }),
}
