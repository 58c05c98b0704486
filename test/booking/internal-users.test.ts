import { cancelBooking } from '@yiqi/server/booking/cancel-booking.ts'
import { confirmBooking } from '@yiqi/server/booking/confirm-booking.ts'
import { listFreeInstruments } from '@yiqi/server/booking/free-instruments.ts'
import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { listOffers } from '@yiqi/server/booking/offers.ts'
import { getBooking, listBookings } from '@yiqi/server/booking/queries.ts'
import { quoteSlot } from '@yiqi/server/booking/quote.ts'
import { requestBooking } from '@yiqi/server/booking/request-booking.ts'
import { listBills } from '@yiqi/server/charging/queries.ts'
import { getThread } from '@yiqi/server/message/queries.ts'
import { sendMessage } from '@yiqi/server/message/send-message.ts'
import { findBookingSession, getSession } from '@yiqi/server/session/queries.ts'
import { deliverAll } from '@yiqi/server/worker.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { finished } from '../session/steps.ts'
import { act, at, expectSound, outcome, requested, slotInput } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { addPerson } from '../support/second-person.ts'
import { held, inboxOf, unitPeople } from './spending-steps.ts'

const HOUR_INSIDE_FEN = 20_000
const HOUR_OUTSIDE_FEN = 40_000

let cast: Cast
let member: Person
let unitAdmin: Person
/** Of another institution: pays what others pay. */
let neighbour: Person
beforeAll(async () => {
  cast = await newCast()
  const unit = await unitPeople(cast)
  member = unit.member
  unitAdmin = unit.admin
  const { organisationId } = cast.people.otherTechnician
  neighbour = await addPerson(cast, { name: '外院用户', organisationId, role: 'unit-member' })
})
afterEach(async () => {
  cast.setNow(START)
  await expectSound(cast)
})
afterAll(() => cast.drop())

const slotOf = (day: number, hour: number) => ({
  startsAt: at(day, hour),
  endsAt: at(day, hour + 1),
})
const book = (person: Person, day: number, hour: number) =>
  requested(cast, { person, programmeId: null, from: at(day, hour), to: at(day, hour + 1) })

describe('an institution’s own people', () => {
  it('see the internal price in every read, and it is the price asked', async () => {
    const slot = slotInput(cast.instrumentId, at(25, 8), at(25, 9))
    for (const [person, hourFen] of [
      [member, HOUR_INSIDE_FEN],
      [unitAdmin, HOUR_INSIDE_FEN],
      [neighbour, HOUR_OUTSIDE_FEN],
      [cast.people.xiaojin, HOUR_OUTSIDE_FEN],
      [null, HOUR_OUTSIDE_FEN],
    ] as const) {
      const ctx = cast.ctx(person)
      const offers = await listOffers(ctx, { instrumentIds: cast.instrumentId })
      expect(offers.rows[0]?.pricePerHourFen).toBe(hourFen)
      const { instrumentId: _, ...span } = slot
      const free = await listFreeInstruments(ctx, span)
      expect(free.rows.map((row) => row.pricePerHourFen)).toEqual([hourFen, hourFen])
      const quote = await quoteSlot(ctx, { ...slot, samples: 0 })
      expect(quote.price.totalFen).toBe(hourFen)
    }
    const booking = await book(member, 25, 8)
    expect(booking.quote?.tariff.tier).toBe('internal')
    expect(booking.totalFen).toBe(HOUR_INSIDE_FEN + 6_000)
  })

  it('book without a voucher, and are told why', async () => {
    const slot = slotInput(cast.instrumentId, at(25, 9), at(25, 10))
    for (const person of [member, neighbour]) {
      const { vouchers, reason } = await quoteSlot(cast.ctx(person), slot)
      expect(vouchers.map((one) => one.shareFen)).toEqual([0, 0])
      expect(vouchers[0]?.reason).toBe('voucher.enterprise_not_eligible')
      expect(reason).toBeNull()
    }
    // Whatever credential such an organisation had: vouchers are for enterprises.
    await cast.sql`insert into credentials (organisation_id, kind, number, valid_from, valid_to,
        state, submitted_at) values (${neighbour.organisationId}, 'tech-sme', '1', '2026-01-01',
        '2026-12-31', 'accepted', ${START})`
    const { vouchers } = await quoteSlot(cast.ctx(neighbour), slot)
    expect(vouchers[0]?.reason).toBe('voucher.enterprise_not_eligible')
    const { ctx, input } = await held(cast, neighbour, slotOf(25, 9))
    const greedy = { ...input, expected: { ...input.expected, voucherFen: 1 } }
    expect(await outcome(act(ctx, requestBooking, greedy))).toBe('voucher.enterprise_not_eligible')
    expect(await outcome(act(ctx, requestBooking, input))).toBe('done')
  })

  it('hold, request and cancel; the technician of the instrument answers, and nobody else there', async () => {
    const { hao, otherTechnician } = cast.people
    const { organisationId } = hao
    const idle = await addPerson(cast, { name: '别机组', organisationId, role: 'technician' })
    const booking = await book(member, 25, 10)
    expect(booking.actions).toEqual(['cancel'])
    const { id } = booking
    const noticeId = booking.agreement?.noticeId ?? null
    const confirm = (person: Person) =>
      outcome(act(cast.ctx(person), confirmBooking, { id, noticeId }))
    expect(await confirm(idle)).toBe('booking.no_such_booking')
    expect(await confirm(otherTechnician)).toBe('booking.no_such_booking')
    expect((await getBooking(cast.ctx(hao), { id })).actions).toEqual(['confirm', 'decline'])
    expect(await confirm(hao)).toBe('done')
    expect(await outcome(act(cast.ctx(member), cancelBooking, { id }))).toBe('done')
  })

  it('see what their organisation booked, and nothing that others booked there', async () => {
    const { xiaojin } = cast.people
    const other = await finished(cast, { from: at(26, 8), to: at(26, 9) })
    cast.setNow(START)
    for (const person of [member, unitAdmin]) {
      const ctx = cast.ctx(person)
      const bookingId = other.booking.id
      expect(await outcome(getBooking(ctx, { id: bookingId }))).toBe('booking.no_such_booking')
      expect(await outcome(findBookingSession(ctx, { bookingId }))).toBe('booking.no_such_booking')
      const { id } = other.session
      expect(await outcome(getSession(ctx, { id }))).toBe('session.no_such_session')
      expect(await outcome(getThread(ctx, { bookingId }))).toBe('message.not_a_party')
      const { rows } = await listBookings(ctx, {})
      expect(new Set(rows.map((row) => row.enterprise.id))).toEqual(
        new Set([member.organisationId]),
      )
      expect((await listBills(ctx, {})).rows).toEqual([])
    }
    const mine = await book(member, 26, 9)
    expect((await getBooking(cast.ctx(unitAdmin), { id: mine.id })).purpose).toBe('断口形貌')
    expect(await outcome(getBooking(cast.ctx(xiaojin), { id: mine.id }))).toBe(
      'booking.no_such_booking',
    )
  })

  it('talk with the technician as two sides, though both are of one house', async () => {
    const { hao } = cast.people
    const { id: bookingId } = await book(member, 26, 10)
    await act(cast.ctx(member), sendMessage, { bookingId, text: '样品已送' })
    await act(cast.ctx(hao), sendMessage, { bookingId, text: '收到' })
    const { rows } = await getThread(cast.ctx(member), { bookingId })
    const said = rows.filter((row) => row.kind === 'message')
    expect(said.map((row) => row.author?.side)).toEqual(['enterprise', 'institution'])
    await deliverAll(cast.world)
    expect(await inboxOf(cast, member, 'message.sent')).toBe(1)
    expect(await inboxOf(cast, hao, 'message.sent')).toBe(1)
  })

  it('of a house that booked elsewhere do not answer there', async () => {
    const { organisationId } = cast.people.otherTechnician
    const boss = await addPerson(cast, {
      name: '外院主任',
      organisationId,
      role: 'institution-manager',
    })
    const { id, agreement } = await book(neighbour, 26, 11)
    const noticeId = agreement?.noticeId ?? null
    expect(await outcome(act(cast.ctx(boss), confirmBooking, { id, noticeId }))).toBe(
      'booking.no_such_booking',
    )
  })
})

describe('an organisation that is not verified', () => {
  it('may ask for a price, which says so, and neither holds nor requests', async () => {
    const { stranger } = cast.people
    const ctx = cast.ctx(stranger)
    const { id, slot, input } = await held(cast, stranger, slotOf(27, 8))
    const set = (verification: string) =>
      cast.sql`update organisations set verification = ${verification}
        where id = ${stranger.organisationId}`
    for (const verification of ['unverified', 'submitted', 'refused']) {
      await set(verification)
      const quote = await quoteSlot(ctx, slot)
      expect(quote.reason).toBe('identity.organisation_unverified')
      expect(quote.price.totalFen).toBe(input.expected.totalFen)
      const another = slotInput(cast.instrumentId, at(27, 9), at(27, 10))
      expect(await outcome(act(ctx, holdSlot, another))).toBe('identity.organisation_unverified')
      expect(await outcome(act(ctx, requestBooking, input))).toBe(
        'identity.organisation_unverified',
      )
    }
    await set('verified')
    expect((await act(ctx, requestBooking, { ...input, id })).state).toBe('requested')
  })
})
