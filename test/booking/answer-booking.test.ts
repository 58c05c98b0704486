import { cancelBooking } from '@yiqi/server/booking/cancel-booking.ts'
import { confirmBooking } from '@yiqi/server/booking/confirm-booking.ts'
import { declareOutage } from '@yiqi/server/booking/declare-outage.ts'
import { declineBooking } from '@yiqi/server/booking/decline-booking.ts'
import { lapseBookings } from '@yiqi/server/booking/lapse-bookings.ts'
import { liftOutage } from '@yiqi/server/booking/lift-outage.ts'
import { getBooking } from '@yiqi/server/booking/queries.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { quotasOf } from '@yiqi/server/voucher/queries.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, at, confirmed, expectSound, outcome, requested, slotInput } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'

let cast: Cast
beforeAll(async () => {
  cast = await newCast()
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const earmarked = async () =>
  (await quotasOf(cast.ctx(cast.people.xiaojin), cast.people.xiaojin.organisationId)).reduce(
    (sum, one) => sum + one.earmarkedFen,
    0,
  )

/** How many sessions of this database wait for a lock. */
const waiting = async () =>
  (
    await cast.sql<{ n: number }[]>`
      select count(*) as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
  )[0]?.n

describe('answering a request', () => {
  it('confirms with the technician having acknowledged the notice', async () => {
    const booking = await confirmed(cast, { from: at(25, 8), to: at(25, 9) })
    expect(booking).toMatchObject({ state: 'confirmed', actions: ['cancel'] })
    expect(booking.agreement?.acknowledgements.map((one) => one.stage)).toEqual([
      'booking',
      'confirmation',
    ])
  })

  it('needs that acknowledgement, the right instrument and the right state', async () => {
    const booking = await requested(cast, { from: at(25, 9), to: at(25, 10) })
    const noticeId = booking.agreement?.noticeId ?? null
    const confirm = (person = cast.people.hao, notice = noticeId) =>
      outcome(act(cast.ctx(person), confirmBooking, { id: booking.id, noticeId: notice }))
    expect(await confirm(cast.people.hao, null)).toBe('notice.not_acknowledged')
    expect(await confirm(cast.people.otherTechnician)).toBe('booking.no_such_booking')
    expect(await confirm(cast.people.xiaojin)).toBe('identity.role_missing')
    expect(await confirm()).toBe('done')
    expect(await confirm()).toBe('booking.wrong_state')
  })

  it('of ten confirmations and cancellations at once, exactly one wins', async () => {
    const booking = await requested(cast, { from: at(25, 10), to: at(25, 11) })
    const noticeId = booking.agreement?.noticeId ?? null
    const outcomes = await Promise.all([
      ...Array.from({ length: 5 }, () =>
        outcome(act(cast.ctx(cast.people.hao), confirmBooking, { id: booking.id, noticeId })),
      ),
      ...Array.from({ length: 5 }, () =>
        outcome(
          act(cast.ctx(cast.people.hao), declineBooking, {
            id: booking.id,
            reason: 'other' as const,
          }),
        ),
      ),
    ])
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
  })

  it('declines with a reason, gives the earmark back and shows three alternatives', async () => {
    const before = await earmarked()
    const booking = await requested(cast, { from: at(26, 8), to: at(26, 9) })
    expect(await earmarked()).toBeGreaterThan(before)
    await act(cast.ctx(cast.people.hao), declineBooking, {
      id: booking.id,
      reason: 'sample_unsuitable' as const,
    })
    const seen = await getBooking(cast.ctx(cast.people.xiaojin), { id: booking.id })
    expect(seen).toMatchObject({ state: 'declined', declineReason: 'sample_unsuitable' })
    expect(seen.alternatives).toHaveLength(3)
    expect(await earmarked()).toBe(before)
  })

  it('cancels for the enterprise until the session starts, and frees slot and quota', async () => {
    const before = await earmarked()
    const booking = await confirmed(cast, { from: at(26, 10), to: at(26, 12) })
    expect(
      await outcome(act(cast.ctx(cast.people.stranger), cancelBooking, { id: booking.id })),
    ).toBe('booking.no_such_booking')
    await act(cast.ctx(cast.people.xiaojin), cancelBooking, { id: booking.id })
    expect(await earmarked()).toBe(before)
    expect(
      await outcome(
        requested(cast, {
          person: cast.people.stranger,
          from: at(26, 10),
          to: at(26, 12),
          programmeId: null,
        }),
      ),
    ).toBe('done')
  })

  it('lapses a request that nobody answered before its slot began', async () => {
    const booking = await requested(cast, { from: at(27, 8), to: at(27, 9) })
    cast.setNow(at(27, 8))
    await act(
      { ...cast.ctx(null), actor: { kind: 'job', name: 'lapse-bookings' } },
      lapseBookings,
      undefined,
    )
    cast.setNow(START)
    expect((await getBooking(cast.ctx(cast.people.xiaojin), { id: booking.id })).state).toBe(
      'lapsed',
    )
  })
})

describe('an outage', () => {
  it('waits for a cancellation that is under way, and then finds nothing to displace', async () => {
    const booking = await requested(cast, { from: at(26, 14), to: at(26, 16) })
    const span = slotInput(cast.instrumentId, at(26, 13), at(26, 18))
    const outage = { ...span, kind: 'fault' as const, note: '真空泵故障' }
    const hao = cast.ctx(cast.people.hao)
    const declared: ReturnType<typeof declareOutage>[] = []
    await transact(cast.ctx(cast.people.xiaojin), async (tx) => {
      await cancelBooking(tx, { id: booking.id })
      declared.push(act(hao, declareOutage, outage))
      await expect.poll(waiting).toBe(1)
    })
    const { id, displaced } = must(await declared[0], 'the outage')
    expect(displaced).toBe(0)
    await act(hao, liftOutage, { id })
  })

  it('displaces what it meets, gives the earmarks back, and can be lifted', async () => {
    const before = await earmarked()
    const booking = await confirmed(cast, { from: at(30, 9), to: at(30, 11) })
    const span = {
      ...slotInput(cast.instrumentId, at(30, 8), at(30, 18)),
      kind: 'fault' as const,
      note: '真空泵故障',
    }
    expect(await outcome(act(cast.ctx(cast.people.otherTechnician), declareOutage, span))).toBe(
      'catalogue.no_such_instrument',
    )
    const outage = await act(cast.ctx(cast.people.hao), declareOutage, span)
    expect(outage.displaced).toBe(1)
    const seen = await getBooking(cast.ctx(cast.people.xiaojin), { id: booking.id })
    expect(seen.state).toBe('displaced')
    expect(await earmarked()).toBe(before)
    await act(cast.ctx(cast.people.hao), liftOutage, { id: outage.id })
    expect(await outcome(act(cast.ctx(cast.people.hao), liftOutage, { id: outage.id }))).toBe(
      'booking.no_such_outage',
    )
    expect(await outcome(requested(cast, { from: at(30, 9), to: at(30, 11) }))).toBe('done')
  })
})
