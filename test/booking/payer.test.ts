import { getBooking } from '@yiqi/server/booking/queries.ts'
import { quoteSlot } from '@yiqi/server/booking/quote.ts'
import { requestBooking } from '@yiqi/server/booking/request-booking.ts'
import { quotasOf } from '@yiqi/server/voucher/queries.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, at, expectSound, outcome, requestInput } from '../support/act.ts'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { overHttp } from '../support/http.ts'
import { alsoIn, held, limit, unitPeople } from './spending-steps.ts'

let cast: Cast
/** The same person in the other enterprise. */
let elsewhere: Person
beforeAll(async () => {
  cast = await newCast()
  const { organisationId } = cast.people.stranger
  elsewhere = await alsoIn(cast, cast.people.xiaojin, {
    organisationId,
    role: 'enterprise-member',
  })
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const slotOf = (day: number, hour: number) => ({
  startsAt: at(day, hour),
  endsAt: at(day, hour + 1),
})

describe('the payer of a booking', () => {
  it('is the organisation in whose name it is requested, with its voucher and its limit', async () => {
    const { xiaojin, stranger } = cast.people
    const { id, slot } = await held(cast, xiaojin, slotOf(25, 8))
    const payer = cast.ctx(elsewhere)
    await limit(cast, elsewhere, { orderFen: 1 })
    const quote = await quoteSlot(payer, slot)
    expect(quote.vouchers.map((one) => one.reason)).toEqual([
      'voucher.no_quota',
      'voucher.no_quota',
    ])
    const input = await requestInput(cast, payer, id, { ...slot, programmeId: null })
    expect((await act(payer, requestBooking, input)).state).toBe('awaiting_approval')
    const booking = await getBooking(cast.ctx(stranger), { id })
    expect(booking).toMatchObject({
      enterprise: { id: stranger.organisationId },
      bookedBy: { name: '小晋' },
      voucherFen: 0,
    })
    expect(booking.agreement?.acknowledgements[0]?.organisationName).toBe('示例锻造有限公司')
    expect(await outcome(getBooking(cast.ctx(xiaojin), { id }))).toBe('booking.no_such_booking')
    await limit(cast, elsewhere, {})
  })

  it('earmarks the quota of the payer, not of who held', async () => {
    const { id, slot } = await held(cast, elsewhere, slotOf(25, 9))
    const payer = cast.ctx(cast.people.xiaojin)
    const input = await requestInput(cast, payer, id, slot)
    expect(input.expected.voucherFen).toBeGreaterThan(0)
    await act(payer, requestBooking, input)
    const quotas = await quotasOf(payer, cast.people.xiaojin.organisationId)
    expect(quotas.reduce((sum, one) => sum + one.earmarkedFen, 0)).toBe(input.expected.voucherFen)
  })

  it('is the institution itself for its own people: the internal price then, asked as shown', async () => {
    const unit = await unitPeople(cast)
    const { organisationId, role } = unit.member
    const inside = await alsoIn(cast, cast.people.xiaojin, { organisationId, role })
    const { id, slot, input: outside } = await held(cast, cast.people.xiaojin, slotOf(25, 10))
    const payer = cast.ctx(inside)
    const stale = {
      ...outside,
      programmeId: null,
      expected: { ...outside.expected, voucherFen: 0 },
    }
    expect(await outcome(act(payer, requestBooking, stale))).toBe('booking.quote_changed')
    const input = await requestInput(cast, payer, id, slot)
    expect(input.expected.totalFen).toBeLessThan(outside.expected.totalFen)
    await act(payer, requestBooking, { ...input, programmeId: null })
    expect((await getBooking(payer, { id })).totalFen).toBe(input.expected.totalFen)
  })

  it('over HTTP is named by a header that must be a membership of the person’s', async () => {
    const { xiaojin, admin } = cast.people
    const { ask } = overHttp(cast)
    const { id, slot } = await held(cast, xiaojin, slotOf(25, 11))
    const as = (membershipId: string) => ({ headers: { 'x-acting-for': membershipId } })
    const query = new URLSearchParams({ ...slot, samples: '1' })
    const quote = await ask(xiaojin, 'GET', `/quotes?${query}`, as(elsewhere.membershipId))
    expect(quote.body).toMatchObject({ vouchers: [{ shareFen: 0 }, { shareFen: 0 }] })
    const { id: _, ...body } = await requestInput(cast, cast.ctx(elsewhere), id, {
      ...slot,
      programmeId: null,
    })
    const path = `/bookings/${id}/request`
    const stolen = await ask(xiaojin, 'PUT', path, { body, ...as(admin.membershipId) })
    expect(stolen.status).toBe(404)
    const done = await ask(xiaojin, 'PUT', path, { body, ...as(elsewhere.membershipId) })
    expect(done.body).toMatchObject({ id, state: 'requested' })
  })

  it('is never another person: a hold of somebody else’s is not found', async () => {
    const { stranger, admin } = cast.people
    const { id, slot } = await held(cast, admin, slotOf(25, 14))
    for (const person of [stranger, elsewhere]) {
      const ctx = cast.ctx(person)
      const input = await requestInput(cast, ctx, id, { ...slot, programmeId: null })
      expect(await outcome(act(ctx, requestBooking, input))).toBe('booking.no_such_booking')
    }
  })

  it('changes only while the booking is held', async () => {
    const { ctx, id, slot, input } = await held(cast, cast.people.xiaojin, slotOf(25, 15))
    await act(ctx, requestBooking, input)
    const payer = cast.ctx(elsewhere)
    const again = await requestInput(cast, payer, id, { ...slot, programmeId: null })
    expect(await outcome(act(payer, requestBooking, again))).toBe('booking.no_such_booking')
  })

  it('and the first organisation at once: of ten, exactly one pays', async () => {
    const { ctx, id, slot, input } = await held(cast, cast.people.xiaojin, slotOf(25, 16))
    const payer = cast.ctx(elsewhere)
    const other = await requestInput(cast, payer, id, { ...slot, programmeId: null })
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        outcome(i % 2 ? act(ctx, requestBooking, input) : act(payer, requestBooking, other)),
      ),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
  })
})
