import { cancelBooking } from '@yiqi/server/booking/cancel-booking.ts'
import { declareOutage } from '@yiqi/server/booking/declare-outage.ts'
import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { getBooking } from '@yiqi/server/booking/queries.ts'
import { inTransaction } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { instantAt } from '@yiqi/shared/kernel/time.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, at, expectSound, outcome, slotInput } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'

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

const december = (day: number, hour: number) => instantAt(`2026-12-0${day}`, hour * 60)

/** Other people of the same enterprise, who hold nothing yet. */
async function colleagues(count: number): Promise<[Person, ...Person[]]> {
  const rows = await cast.sql<{ userId: string }[]>`
    insert into users (name)
    select '同事' from generate_series(1, ${count}) returning id as user_id`
  const [first, ...others] = rows.map(({ userId }) => ({ ...cast.people.xiaojin, userId }))
  return [must(first, 'a colleague'), ...others]
}

/** How many connections wait for somebody else's row. */
async function waiting(): Promise<number> {
  const rows = await cast.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  return rows.length
}

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

  it('counts a person’s holds one by one: of twenty at once, five are theirs', async () => {
    const [person] = await colleagues(1)
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const instrumentId = i < 10 ? cast.instrumentId : cast.secondInstrumentId
        const hour = 8 + (i % 10)
        return outcome(hold(person, december(1, hour), december(1, hour + 1), instrumentId))
      }),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(5)
    expect(outcomes.filter((code) => code === 'booking.too_many_holds')).toHaveLength(15)
  })

  it('counts a person’s other hold also while that one is not yet kept', async () => {
    const [person] = await colleagues(1)
    const slot = (hour: number) =>
      slotInput(cast.instrumentId, december(2, hour), december(2, hour + 1))
    for (const hour of [12, 13, 14, 15]) await act(cast.ctx(person), holdSlot, slot(hour))
    let sixth: Promise<string> = Promise.resolve('')
    await inTransaction(cast.sql, async (sql) => {
      await holdSlot({ ...cast.ctx(person), sql }, slot(16))
      sixth = outcome(act(cast.ctx(person), holdSlot, slot(17)))
      await Promise.race([sixth, expect.poll(waiting, { timeout: 2_500 }).toBe(1)])
    })
    expect(await sixth).toBe('booking.too_many_holds')
  })

  it('of sixty different windows that overlap, asked for at once, some are kept and none meets a deadlock', async () => {
    const people = await colleagues(12)
    for (const day of [3, 4, 7]) {
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, i) => {
          const [from, to] = [8 + (i % 8), 10 + (i % 8)]
          return outcome(hold(people[i % 12], december(day, from), december(day, to)))
        }),
      )
      const kept = outcomes.filter((code) => code === 'done')
      expect(kept.length).toBeGreaterThanOrEqual(1)
      expect(kept.length).toBeLessThanOrEqual(5)
      expect(outcomes.filter((code) => code === 'booking.slot_taken')).toHaveLength(
        60 - kept.length,
      )
    }
  })

  it('that loses has left nothing in the way of the winner, even while it waits', async () => {
    const [winner, loser = winner] = await colleagues(2)
    const slot = (from: number, to: number) =>
      slotInput(cast.instrumentId, december(2, from), december(2, to))
    let lost: Promise<string> = Promise.resolve('')
    await inTransaction(cast.sql, async (sql) => {
      await holdSlot({ ...cast.ctx(winner), sql }, slot(8, 10))
      lost = outcome(act(cast.ctx(loser), holdSlot, slot(9, 11)))
      await expect.poll(waiting, { timeout: 2_500 }).toBe(1)
      await holdSlot({ ...cast.ctx(winner), sql }, slot(10, 12))
    })
    expect(await lost).toBe('booking.slot_taken')
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
