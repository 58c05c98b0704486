import { whyNotHold } from '@yiqi/shared/booking/rules.ts'
import {
  type BookingState,
  bookingCan,
  HOLD_MINUTES,
  liveStates,
} from '@yiqi/shared/booking/terms.ts'
import { priceUse } from '@yiqi/shared/charging/rules.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { canFrom, type Step } from '@yiqi/shared/kernel/can.ts'
import { Refusal, type RefusalCode, refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes, dateOf, overlaps, type Slot, slotMinutes } from '@yiqi/shared/kernel/time.ts'
import { settle, whyNotCheckIn, whyNotMinutes } from '@yiqi/shared/session/rules.ts'
import { sessionCan } from '@yiqi/shared/session/terms.ts'
import { voucherShare, whyNotVoucher } from '@yiqi/shared/voucher/rules.ts'
import type { ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import { availableFen, payableOf, quotaOf, resolveEarmark, transfer } from './ledger.ts'
import {
  type Account,
  type Booking,
  change,
  draw,
  insert,
  list,
  occupy,
  read,
  remove,
  type Steps,
  type Tx,
  take,
  tryTake,
} from './store.ts'
import { CREDENTIALS, institution, type Person, programmes, tariff, terms } from './world.ts'

// The verbs of bookings and sessions, cut at every await: the rules and tables of `shared`, in the
// steps of the SQL functions.

/** What a verb knows: its transaction, the clock, who asks, and the request it belongs to. */
export type Call = { tx: Tx; now: () => Date; who: Person | null; origin: string }

/** What the person saw before asking. */
export type Expected = { totalFen: number; voucherFen: number }

const HOLDS_MAX = 5
const FOR_EVER = new Date('9999-01-01T00:00:00.000Z')
const isLive = (state: BookingState) => liveStates.some((live) => live === state)
const sessionTime = (id: string) => `session ${id}`
const deadStates: readonly BookingState[] = [
  'lapsed',
  'declined',
  'cancelled',
  'displaced',
  'no_show',
]
export const isDead = (state: BookingState) => deadStates.includes(state)

/** An SQL function is told the time once. */
function atOneTime(call: Call): Call {
  const now = call.now()
  return { ...call, now: () => now }
}

/** Every change has its event, and the event waits in the queue; both commit with the change. */
export function* record(call: Call, name: string, subject: string): Steps<void> {
  const { tx, origin } = call
  if (tx.store.bug === 'event forgotten' && name === 'booking.declined') return
  const id = draw(tx, 'event')
  const seq = tx.store.drawn
  yield* insert(tx, 'event', id, { seq, at: call.now(), name, subject, origin, tx: tx.id })
  yield* insert(tx, 'queue', id, { seq })
}

export function* holdSlot(call: Call, slot: Slot & { instrument: string }): Steps<string> {
  const who = must(call.who, 'who holds')
  refuseIf(whyNotHold(slot, terms, {}, call.now()))
  const open = list(call.tx, 'booking').filter(
    ([, one]) =>
      one.requester === who.name && one.state === 'held' && one.holdExpiresAt > call.now(),
  )
  if (open.length >= HOLDS_MAX) throw new Refusal('booking.too_many_holds')
  yield null
  return yield* takeSlot(atOneTime(call), who, slot)
}

function* takeSlot(call: Call, who: Person, slot: Slot & { instrument: string }): Steps<string> {
  const { tx } = call
  const { instrument, startsAt, endsAt } = slot
  yield* lapseTouching(call, slot)
  const id = draw(tx, 'booking')
  if (!(yield* occupy(tx, id, { instrument, startsAt, endsAt })))
    throw new Refusal('booking.slot_taken')
  yield* insert(tx, 'booking', id, {
    state: 'held',
    instrument,
    startsAt,
    endsAt,
    enterprise: who.organisation,
    requester: who.name,
    holdExpiresAt: addMinutes(call.now(), HOLD_MINUTES),
    mode: null,
    samples: 0,
    totalFen: 0,
    voucherFen: 0,
    earmark: null,
  })
  yield* record(call, 'booking.held', id)
  return id
}

/** Holds that ran out give their time back before anyone else asks for it. */
function* lapseTouching(call: Call, slot: Slot & { instrument: string }): Steps<void> {
  const now = call.now()
  for (const [id] of touching(call.tx, slot)) {
    const lapsed = yield* change(call.tx, 'booking', id, (row) =>
      row.state === 'held' && row.holdExpiresAt <= now ? { ...row, state: 'lapsed' } : null,
    )
    if (lapsed === null) continue
    yield* remove(call.tx, 'occupancy', id)
    yield* record(call, 'booking.lapsed', id)
  }
}

/** The live bookings whose time touches this slot, by id. */
function touching(tx: Tx, slot: Slot & { instrument: string }): [string, Booking][] {
  return list(tx, 'booking')
    .filter(
      ([, one]) => isLive(one.state) && one.instrument === slot.instrument && overlaps(one, slot),
    )
    .sort(byId)
}

export const byId = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)

/** Price and voucher share of a booking as the engine has them now. */
export function quote(
  accountOf: (id: string) => Account | null,
  booking: Booking,
  wanted: { mode: ProgrammeMode | null; samples: number },
): Expected & { reason: RefusalCode | null } {
  const minutes = slotMinutes(booking)
  const { totalFen } = priceUse(tariff, { minutes, samples: wanted.samples })
  if (wanted.mode === null) return { totalFen, voucherFen: 0, reason: null }
  const account = accountOf(quotaOf(booking.enterprise, wanted.mode))
  const available = account === null ? null : availableFen(account)
  const programme = programmes[wanted.mode]
  const reason = whyNotVoucher({
    programme,
    serviceMode: 'entrusted',
    serviceOn: dateOf(booking.startsAt),
    credentials: CREDENTIALS,
    related: false,
    availableFen: available,
  })
  const voucherFen = reason === null ? voucherShare(programme, totalFen, available ?? 0) : 0
  return { totalFen, voucherFen, reason }
}

export function* requestBooking(
  call: Call,
  wanted: { id: string; mode: ProgrammeMode | null; samples: number; expected: Expected },
): Steps<string> {
  const { tx } = call
  const { id, expected } = wanted
  const seen = read(tx, 'booking', id)
  if (seen === null) throw new Refusal('booking.no_such_booking')
  if (seen.state !== 'held') throw new Refusal('booking.wrong_state')
  if (isOver(call, seen)) throw new Refusal('booking.hold_lapsed')
  yield null
  const { totalFen, voucherFen, reason } = quote(
    (account) => read(tx, 'account', account),
    seen,
    wanted,
  )
  if (voucherFen !== expected.voucherFen) {
    if (voucherFen > expected.voucherFen || totalFen !== expected.totalFen)
      throw new Refusal('booking.quote_changed')
    throw new Refusal(reason ?? 'voucher.quota_too_low')
  }
  if (totalFen !== expected.totalFen) throw new Refusal('booking.quote_changed')
  yield null
  return yield* freeze(atOneTime(call), { ...wanted, totalFen, voucherFen })
}

function isOver(call: Call, hold: Booking): boolean {
  const left = hold.holdExpiresAt.getTime() - call.now().getTime()
  return call.tx.store.bug === 'hold outlives its last moment' ? left < 0 : left <= 0
}

/** held → requested: price frozen, quota earmarked, event recorded, all or nothing. */
function* freeze(
  call: Call,
  asked: Expected & { id: string; mode: ProgrammeMode | null; samples: number },
): Steps<string> {
  const { tx } = call
  const { id, samples, totalFen, voucherFen } = asked
  const mode = voucherFen > 0 ? asked.mode : null
  const frozen = { state: bookingCan.request.to, mode, samples, totalFen, voucherFen }
  const booking = yield* change(tx, 'booking', id, (row) =>
    canFrom(bookingCan.request, row.state) && !isOver(call, row) ? { ...row, ...frozen } : null,
  )
  if (booking === null) {
    const late = ['held', 'lapsed'].includes(read(tx, 'booking', id)?.state ?? '')
    throw new Refusal(late ? 'booking.hold_lapsed' : 'booking.wrong_state')
  }
  if (mode !== null) {
    const earmark = yield* transfer(tx, {
      kind: 'earmark',
      debit: quotaOf(booking.enterprise, mode),
      credit: payableOf(mode === 'deduct' ? institution : booking.enterprise),
      amountFen: voucherFen,
      pending: true,
      resolves: null,
      booking: id,
    })
    yield* change(tx, 'booking', id, (row) => ({ ...row, earmark }))
  }
  yield* record(call, 'booking.requested', id)
  return id
}

/** One step of the booking's machine with its event; a booking that dies frees its earmark. */
export function* moveBooking(
  call: Call,
  id: string,
  action: keyof typeof bookingCan,
  event: string,
): Steps<string> {
  const { tx } = call
  const by: Step<BookingState> = bookingCan[action]
  const early = tx.store.bug === 'state checked before the lock' ? read(tx, 'booking', id) : null
  const moved = yield* change(tx, 'booking', id, (row) =>
    canFrom(by, (early ?? row).state) ? { ...row, state: by.to } : null,
  )
  if (moved === null) throw new Refusal('booking.wrong_state')
  if (!isLive(by.to)) yield* remove(tx, 'occupancy', id)
  const forgets = tx.store.bug === 'release forgotten' && action === 'decline'
  if (isDead(by.to) && moved.earmark !== null && !forgets)
    yield* resolveEarmark(tx, moved.earmark, 0)
  yield* record(call, event, id)
  return id
}

/** Out of service: who is booked then is displaced, holds lapse, a running session refuses it. */
export function* declareOutage(call: Call, slot: Slot & { instrument: string }): Steps<string> {
  const { tx } = call
  const affected = touching(tx, slot)
  for (const [id] of affected) yield* take(tx, `booking ${id}`)
  for (const [id] of affected) {
    const state = read(tx, 'booking', id)?.state
    if (state === 'running') throw new Refusal('booking.outage_clashes')
    if (state === 'held') yield* moveBooking(call, id, 'lapse', 'booking.lapsed')
    else yield* moveBooking(call, id, 'displace', 'booking.displaced')
  }
  const id = draw(tx, 'outage')
  const { instrument, startsAt, endsAt } = slot
  if (!(yield* occupy(tx, id, { instrument, startsAt, endsAt })))
    throw new Refusal('booking.outage_clashes')
  yield* record(call, 'outage.declared', id)
  return id
}

/** Holds whose time is over and requests nobody answered; skips what others are changing. */
export function* lapseBookings(call: Call): Steps<void> {
  const { tx } = call
  const now = call.now()
  const isDue = (row: Booking | null) =>
    row !== null &&
    ((row.state === 'held' && row.holdExpiresAt <= now && tx.store.bug !== 'holds never lapse') ||
      (row.state === 'requested' && row.startsAt <= now))
  const due = list(tx, 'booking')
    .filter(([id, row]) => isDue(row) && tryTake(tx, `booking ${id}`))
    .sort(byId)
  for (const [id] of due) yield* moveBooking(call, id, 'lapse', 'booking.lapsed')
}

export function* checkIn(call: Call, id: string): Steps<string> {
  const { tx } = call
  const booking = read(tx, 'booking', id)
  if (booking === null) throw new Refusal('session.nothing_to_start')
  refuseIf(whyNotCheckIn(booking, call.now()))
  yield* moveBooking(call, id, 'checkIn', 'session.started')
  const now = call.now()
  const time = { instrument: sessionTime(booking.instrument), startsAt: now, endsAt: FOR_EVER }
  if (!(yield* occupy(tx, sessionTime(id), time))) throw new Refusal('session.instrument_busy')
  const session = { startsAt: now, minutes: 0, voucherFen: 0, billFen: 0 }
  yield* insert(tx, 'session', id, { ...session, state: 'running' })
  return id
}

export function* finishSession(call: Call, id: string, minutes: number): Steps<string> {
  const { tx } = call
  yield* take(tx, `session ${id}`)
  const session = read(tx, 'session', id)
  if (session === null) throw new Refusal('session.no_such_session')
  if (!canFrom(sessionCan.finish, session.state)) throw new Refusal('session.wrong_state')
  const endsAt = call.now()
  const counted = { preparation: 0, testing: minutes, post_processing: 0 }
  refuseIf(whyNotMinutes(counted, { startsAt: session.startsAt, endsAt }))
  yield* change(tx, 'session', id, (row) => ({ ...row, state: sessionCan.finish.to, minutes }))
  yield* change(tx, 'occupancy', sessionTime(id), (row) => ({
    ...row,
    // An empty time overlaps nothing; a session that ended at once leaves the shortest one.
    endsAt: new Date(Math.max(endsAt.getTime(), row.startsAt.getTime() + 1)),
  }))
  return yield* moveBooking(call, id, 'finish', 'session.finished')
}

/** Hours agreed: the voucher is posted at its actual share, or kept earmarked for the claim. */
export function* agreeSession(call: Call, id: string): Steps<string> {
  const { tx } = call
  yield* take(tx, `session ${id}`)
  const session = read(tx, 'session', id)
  const seen = read(tx, 'booking', id)
  if (session === null || seen === null) throw new Refusal('session.no_such_session')
  if (!canFrom(sessionCan.agree, session.state)) throw new Refusal('session.wrong_state')
  const { voucherFen, billFen } = settle({
    tariff,
    effectiveMinutes: session.minutes,
    samples: seen.samples,
    quotedFen: seen.totalFen,
    earmarkedFen: seen.voucherFen,
    programme: seen.mode === null ? null : { ...programmes[seen.mode], mode: seen.mode },
  })
  const to = sessionCan.agree.to
  yield* change(tx, 'session', id, (row) => ({ ...row, state: to, voucherFen, billFen }))
  yield* moveBooking(call, id, 'close', 'session.agreed')
  if (seen.earmark !== null && (seen.mode === 'deduct' || voucherFen === 0)) {
    yield* resolveEarmark(tx, seen.earmark, voucherFen)
    if (tx.store.bug === 'earmark resolved twice') yield* resolveEarmark(tx, seen.earmark, 0)
  }
  yield* record(call, 'bill.issued', id)
  return id
}
