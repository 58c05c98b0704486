import { cancelBooking } from '@yiqi/server/booking/cancel-booking.ts'
import { declareOutage } from '@yiqi/server/booking/declare-outage.ts'
import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { getBooking } from '@yiqi/server/booking/queries.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, at, expectSound, outcome, slotInput } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'

let cast: Cast
beforeAll(async () => {
  cast = await newCast()
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const hold = (
  person = cast.people.xiaojin,
  from = at(25, 14),
  to = at(25, 18),
  instrumentId = cast.instrumentId,
) => act(cast.ctx(person), holdSlot, slotInput(instrumentId, from, to))

describe('holding a slot', () => {
  it('keeps it for ten minutes, with its number and its event', async () => {
    const { id } = await hold()
    const booking = await getBooking(cast.ctx(cast.people.xiaojin), { id })
    expect(booking).toMatchObject({
      state: 'held',
      holdExpiresAt: '2026-11-24T01:10:00.000Z',
      actions: ['request', 'cancel'],
    })
    expect(booking.number).toMatch(/^SX2611-\d{4,}$/)
    expect(booking.timeline.map((entry) => entry.name)).toEqual(['booking.held'])
    expect(await outcome(hold(cast.people.stranger))).toBe('booking.slot_taken')
    await act(cast.ctx(cast.people.xiaojin), cancelBooking, { id: booking.id })
  })

  it('is for enterprises only', async () => {
    expect(await outcome(hold(cast.people.hao))).toBe('identity.role_missing')
  })

  it('lets back-to-back slots touch', async () => {
    const first = await hold(cast.people.xiaojin, at(25, 8), at(25, 10))
    const second = await hold(cast.people.stranger, at(25, 10), at(25, 12))
    for (const [person, booking] of [
      [cast.people.xiaojin, first],
      [cast.people.stranger, second],
    ] as const)
      await act(cast.ctx(person), cancelBooking, { id: booking.id })
  })

  it('of ten simultaneous requests for one slot, exactly one wins and the others leave nothing', async () => {
    const [before] = await cast.sql<{ n: number }[]>`select count(*) as n from bookings`
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        outcome(
          hold(i % 2 ? cast.people.xiaojin : cast.people.stranger, at(26, 9 + (i % 3)), at(26, 13)),
        ),
      ),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'booking.slot_taken')).toHaveLength(9)
    const [after] = await cast.sql<{ n: number }[]>`select count(*) as n from bookings`
    expect((after?.n ?? 0) - (before?.n ?? 0)).toBe(1)
  })

  it('gives an expired hold to the next who asks, and tells the first that it lapsed', async () => {
    const first = await hold(cast.people.xiaojin, at(27, 9), at(27, 11))
    cast.setNow(new Date(START.getTime() + 10 * 60_000))
    const second = await hold(cast.people.stranger, at(27, 9), at(27, 11))
    expect(second.state).toBe('held')
    const [row] = await cast.sql<
      { state: string }[]
    >`select state from bookings where id = ${first.id}`
    expect(row?.state).toBe('lapsed')
    cast.setNow(START)
  })

  it('refuses a sixth hold of one person', async () => {
    const outcomes: string[] = []
    for (let i = 0; i < 6; i++)
      outcomes.push(
        await outcome(
          hold(cast.people.admin, at(30, 8 + i), at(30, 9 + i), cast.secondInstrumentId),
        ),
      )
    expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'done', 'booking.too_many_holds'])
  })

  it('refuses a slot inside an outage', async () => {
    await act(cast.ctx(cast.people.hao), declareOutage, {
      ...slotInput(cast.secondInstrumentId, at(27, 8), at(27, 12)),
      kind: 'fault' as const,
      note: '灯丝更换',
    })
    expect(
      await outcome(hold(cast.people.xiaojin, at(27, 9), at(27, 10), cast.secondInstrumentId)),
    ).toBe('booking.slot_taken')
  })
})
