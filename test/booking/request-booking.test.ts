import { cancelBooking } from '@yiqi/server/booking/cancel-booking.ts'
import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { requestBooking } from '@yiqi/server/booking/request-booking.ts'
import { inTransaction } from '@yiqi/server/kernel/connect.ts'
import { quotasOf } from '@yiqi/server/voucher/queries.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  at,
  expectSound,
  outcome,
  requested,
  requestInput,
  slotInput,
} from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'

let cast: Cast
beforeAll(async () => {
  cast = await newCast()
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const quota = async (own: Cast, programmeId: string) =>
  (await quotasOf(own.ctx(own.people.xiaojin), own.people.xiaojin.organisationId)).find(
    (one) => one.programmeId === programmeId,
  )

/** How many connections wait for somebody else's row. */
async function waiting(): Promise<number> {
  const rows = await cast.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  return rows.length
}

describe('requesting a booking', () => {
  it('freezes the three-part price, earmarks half of it and signs the agreement', async () => {
    const booking = await requested(cast)
    expect(booking).toMatchObject({
      state: 'requested',
      totalFen: 166_000,
      voucherFen: 83_000,
      actions: ['cancel'],
    })
    expect(booking.quote?.price.lines.map((line) => line.amountFen)).toEqual([
      6_000, 48_000, 112_000,
    ])
    expect(booking.agreement?.matters).toHaveLength(6)
    expect(booking.agreement?.acknowledgements.map((one) => one.stage)).toEqual(['booking'])
    expect(await quota(cast, cast.programmes.deduct)).toMatchObject({
      earmarkedFen: 83_000,
      availableFen: 49_917_000,
    })
    expect(booking.timeline.map((entry) => entry.name)).toEqual([
      'booking.held',
      'booking.requested',
    ])
  })

  const ready = async (from = at(26, 14), to = at(26, 16)) => {
    const ctx = cast.ctx(cast.people.xiaojin)
    const slot = slotInput(cast.instrumentId, from, to)
    const held = await act(ctx, holdSlot, slot)
    return { ctx, held, input: await requestInput(cast, ctx, held.id, slot) }
  }

  it('needs the acknowledged notice, in the version now in force', async () => {
    const { ctx, input } = await ready(at(26, 8), at(26, 10))
    expect(await outcome(act(ctx, requestBooking, { ...input, noticeId: null }))).toBe(
      'notice.not_acknowledged',
    )
    expect(await outcome(act(ctx, requestBooking, { ...input, noticeId: cast.instrumentId }))).toBe(
      'notice.version_outdated',
    )
    expect(await outcome(act(ctx, requestBooking, input))).toBe('done')
  })

  it('refuses when price or share are not what the person saw', async () => {
    const { ctx, input } = await ready()
    const dearer = {
      ...input,
      expected: { ...input.expected, totalFen: input.expected.totalFen + 1 },
    }
    expect(await outcome(act(ctx, requestBooking, dearer))).toBe('booking.quote_changed')
    const more = {
      ...input,
      expected: { ...input.expected, voucherFen: input.expected.voucherFen + 1 },
    }
    expect(await outcome(act(ctx, requestBooking, more))).toBe('voucher.quota_too_low')
    expect(await outcome(act(cast.ctx(cast.people.stranger), requestBooking, input))).toBe(
      'booking.no_such_booking',
    )
    expect(await outcome(act(cast.ctx(cast.people.hao), requestBooking, input))).toBe(
      'identity.role_missing',
    )
  })

  it('refuses a hold that ran out, and a second request', async () => {
    const { ctx, input } = await ready(at(27, 8), at(27, 10))
    cast.setNow(new Date(START.getTime() + 10 * 60_000))
    expect(await outcome(act(ctx, requestBooking, input))).toBe('booking.hold_lapsed')
    cast.setNow(START)
    expect(await outcome(act(ctx, requestBooking, input))).toBe('done')
    expect(await outcome(act(ctx, requestBooking, input))).toBe('booking.wrong_state')
  })

  it('waits for a cancellation that is under way, and finds the booking cancelled', async () => {
    const { ctx, input } = await ready(at(27, 14), at(27, 16))
    let request: Promise<string> = Promise.resolve('')
    await inTransaction(cast.sql, async (sql) => {
      await cancelBooking({ ...ctx, sql }, { id: input.id })
      request = outcome(act(ctx, requestBooking, input))
      await Promise.race([request, expect.poll(waiting, { timeout: 2_500 }).toBe(1)])
    })
    expect(await request).toBe('booking.wrong_state')
  })

  it('of ten bookings on a quota that pays one, exactly one is earmarked', async () => {
    const poor = await newCast({ quotaFen: 83_000 })
    try {
      const ctx = poor.ctx(poor.people.xiaojin)
      const inputs: Awaited<ReturnType<typeof requestInput>>[] = []
      for (let i = 0; i < 10; i++) {
        // Two instruments, three days, morning or afternoon; nobody holds more than five.
        const instrumentId = i % 2 ? poor.instrumentId : poor.secondInstrumentId
        const hour = i < 6 ? 8 : 13
        const day = 25 + (Math.floor(i / 2) % 3)
        const slot = slotInput(instrumentId, at(day, hour), at(day, hour + 4))
        const person = i % 2 ? poor.people.admin : poor.people.xiaojin
        const held = await act(poor.ctx(person), holdSlot, slot)
        inputs.push(await requestInput(poor, ctx, held.id, slot))
      }
      const outcomes = await Promise.all(
        inputs.map((input) => outcome(act(ctx, requestBooking, input))),
      )
      expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
      expect(outcomes.filter((code) => code === 'voucher.quota_too_low')).toHaveLength(9)
      expect(await quota(poor, poor.programmes.deduct)).toMatchObject({
        availableFen: 0,
        earmarkedFen: 83_000,
      })
      await expectSound(poor)
    } finally {
      await poor.drop()
    }
  })
})
