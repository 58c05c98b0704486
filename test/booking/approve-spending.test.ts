import { approveSpending } from '@yiqi/server/booking/approve-spending.ts'
import { cancelBooking } from '@yiqi/server/booking/cancel-booking.ts'
import { confirmBooking } from '@yiqi/server/booking/confirm-booking.ts'
import { declareOutage } from '@yiqi/server/booking/declare-outage.ts'
import { lapseBookings } from '@yiqi/server/booking/lapse-bookings.ts'
import { liftOutage } from '@yiqi/server/booking/lift-outage.ts'
import { getBooking, listBookings } from '@yiqi/server/booking/queries.ts'
import { quoteSlot } from '@yiqi/server/booking/quote.ts'
import { refuseSpending } from '@yiqi/server/booking/refuse-spending.ts'
import { requestBooking } from '@yiqi/server/booking/request-booking.ts'
import { getWeek } from '@yiqi/server/booking/week.ts'
import { quotasOf } from '@yiqi/server/voucher/queries.ts'
import { deliverAll } from '@yiqi/server/worker.ts'
import { approvalDueAt, isAboveLimits } from '@yiqi/shared/booking/rules.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, at, expectSound, outcome, requested, slotInput } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { overHttp } from '../support/http.ts'
import { addPerson } from '../support/second-person.ts'
import { HOUR_FEN, held, inboxOf, limit, SAMPLE_FEN } from './spending-steps.ts'

let cast: Cast
let second: Person
beforeAll(async () => {
  cast = await newCast()
  const { organisationId } = cast.people.admin
  second = await addPerson(cast, { name: '另一管理员', organisationId, role: 'enterprise-admin' })
})
afterEach(async () => {
  cast.setNow(START)
  await limit(cast, cast.people.xiaojin, {})
  await expectSound(cast)
})
afterAll(() => cast.drop())

const earmarked = async () => {
  const { xiaojin } = cast.people
  const quotas = await quotasOf(cast.ctx(xiaojin), xiaojin.organisationId)
  return quotas.reduce((sum, one) => sum + one.earmarkedFen, 0)
}
const lapse = () =>
  act({ ...cast.ctx(null), actor: { kind: 'job', name: 'lapse' } }, lapseBookings, undefined)
const approve = (person: Person, id: string) =>
  outcome(act(cast.ctx(person), approveSpending, { id }))

/** Waits for approval: above a limit of one fen. */
async function waiting(from: Date, to: Date) {
  await limit(cast, cast.people.xiaojin, { orderFen: 1 })
  return requested(cast, { from, to })
}

describe('a request above its member’s limit', () => {
  it('waits for the administrator with slot, earmark and agreement kept', async () => {
    const before = await earmarked()
    const booking = await waiting(at(25, 8), at(25, 10))
    expect(booking).toMatchObject({
      state: 'awaiting_approval',
      actions: ['cancel'],
      answerDueAt: null,
      approvalDueAt: at(25, 7).toISOString(),
    })
    expect(booking.agreement?.acknowledgements.map((one) => one.stage)).toEqual(['booking'])
    expect(await earmarked()).toBe(before + (booking.voucherFen ?? 0))
    const { stranger, admin, hao } = cast.people
    const taken = requested(cast, { person: stranger, from: at(25, 9), to: at(25, 11) })
    expect(await outcome(taken)).toBe('booking.slot_taken')
    const week = await getWeek(cast.ctx(stranger), { instrumentId: cast.instrumentId })
    const cell = week.days
      .flatMap((day) => day.cells)
      .find(({ startsAt }) => startsAt === at(25, 8).toISOString())
    expect(cell?.state).toBe('busy')
    const shown = await listBookings(cast.ctx(admin), { view: 'to-approve' })
    expect(shown.rows.map(({ id, actions }) => ({ id, actions }))).toEqual([
      { id: booking.id, actions: ['approveSpending', 'refuseSpending', 'cancel'] },
    ])
    // Nobody of the institution can answer what was not asked of them yet.
    expect((await getBooking(cast.ctx(hao), { id: booking.id })).actions).toEqual([])
    await deliverAll(cast.world)
    for (const person of [admin, second])
      expect(await inboxOf(cast, person, 'booking.approval_asked')).toBe(1)
    expect(await inboxOf(cast, hao, 'booking.requested')).toBe(0)
  })

  it('is what the quote said, and exactly at the limit it is none', async () => {
    const { xiaojin } = cast.people
    const total = HOUR_FEN + SAMPLE_FEN
    const slot = slotInput(cast.instrumentId, at(25, 11), at(25, 12))
    await limit(cast, xiaojin, { orderFen: total })
    expect((await quoteSlot(cast.ctx(xiaojin), slot)).approvalNeeded).toBe(false)
    await limit(cast, xiaojin, { orderFen: total - 1 })
    expect((await quoteSlot(cast.ctx(xiaojin), slot)).approvalNeeded).toBe(true)
    expect((await quoteSlot(cast.ctx(cast.people.admin), slot)).approvalNeeded).toBe(false)
    await limit(cast, xiaojin, { orderFen: total })
    const booking = await requested(cast, { from: at(25, 11), to: at(25, 12) })
    expect(booking.state).toBe('requested')
  })

  it('gives the same answer again by its key', async () => {
    await limit(cast, cast.people.xiaojin, { orderFen: 1 })
    const { id, input } = await held(cast, cast.people.xiaojin, slotOf(25, 12))
    const { ask } = overHttp(cast)
    const { id: _, ...body } = input
    const once = () =>
      ask(cast.people.xiaojin, 'PUT', `/bookings/${id}/request`, { body, key: 'spending-key-1' })
    const [first, again] = [await once(), await once()]
    expect(first.body).toMatchObject({ id, state: 'awaiting_approval' })
    expect(again.text).toBe(first.text)
  })

  it('of a month counts what was asked for in the month of Taiyuan, and not what was given back', async () => {
    const own = await newCast()
    try {
      const hour = HOUR_FEN + SAMPLE_FEN
      await limit(own, own.people.xiaojin, { monthFen: 2 * hour })
      const states: string[] = []
      for (const from of [8, 9, 10]) {
        const booking = await requested(own, { from: at(25, from), to: at(25, from + 1) })
        states.push(booking.state)
        if (from === 8) await act(own.ctx(own.people.xiaojin), cancelBooking, { id: booking.id })
      }
      states.push((await requested(own, { from: at(26, 8), to: at(26, 9) })).state)
      expect(states).toEqual(['requested', 'requested', 'requested', 'awaiting_approval'])
      // 23:59 of the last of November, and the first minute of December.
      own.setNow(at(30, 23, 59))
      const december = slotInput(own.instrumentId, dayOfDecember(9), dayOfDecember(10))
      expect((await quoteSlot(own.ctx(own.people.xiaojin), december)).approvalNeeded).toBe(true)
      own.setNow(addMinutes(at(30, 23, 59), 1))
      expect((await quoteSlot(own.ctx(own.people.xiaojin), december)).approvalNeeded).toBe(false)
    } finally {
      await own.drop()
    }
  })

  it('of ten at once counts each: no month is spent twice', async () => {
    const own = await newCast()
    try {
      const hour = HOUR_FEN + SAMPLE_FEN
      const person = own.people.xiaojin
      const asked: Awaited<ReturnType<typeof held>>[] = []
      // Nobody holds more than five at once.
      for (let i = 0; i < 10; i++) {
        const holder = i < 5 ? person : own.people.admin
        const day = 25 + (i % 3)
        const hold = await held(own, holder, slotOf(day, 8 + Math.floor(i / 3)))
        asked.push(hold)
      }
      await limit(own, person, { monthFen: 3 * hour })
      const ctx = own.ctx(person)
      const steps = await Promise.all(asked.map(({ input }) => act(ctx, requestBooking, input)))
      const states = steps.map((step) => step.state)
      expect(states.filter((state) => state === 'requested')).toHaveLength(3)
      expect(states.filter((state) => state === 'awaiting_approval')).toHaveLength(7)
      await expectSound(own)
    } finally {
      await own.drop()
    }
  })

  it('can be cancelled while it waits, and lapses when nobody approves it in time', async () => {
    const given = await waiting(at(27, 8), at(27, 9))
    await act(cast.ctx(cast.people.xiaojin), cancelBooking, { id: given.id })
    const late = await waiting(at(27, 8), at(27, 9))
    const due = new Date(late.approvalDueAt ?? '')
    expect(due).toEqual(addMinutes(START, 24 * 60))
    cast.setNow(new Date(due.getTime() - 1))
    await lapse()
    expect((await getBooking(cast.ctx(second), { id: late.id })).state).toBe('awaiting_approval')
    cast.setNow(due)
    expect(await approve(second, late.id)).toBe('booking.approval_over')
    await lapse()
    expect((await getBooking(cast.ctx(second), { id: late.id })).state).toBe('lapsed')
  })

  it('is displaced by an outage like any other', async () => {
    const booking = await waiting(at(30, 8), at(30, 9))
    const span = { ...slotInput(cast.instrumentId, at(30, 8), at(30, 10)), note: '' }
    const outage = await act(cast.ctx(cast.people.hao), declareOutage, {
      ...span,
      kind: 'fault' as const,
    })
    expect(outage.displaced).toBe(1)
    expect((await getBooking(cast.ctx(second), { id: booking.id })).state).toBe('displaced')
    await act(cast.ctx(cast.people.hao), liftOutage, { id: outage.id })
  })
})

describe('approving the spending', () => {
  it('asks the institution, whose time to answer begins then, and leaves its events', async () => {
    const { xiaojin, admin, hao } = cast.people
    const { id } = await waiting(at(26, 8), at(26, 9))
    cast.setNow(addMinutes(START, 30))
    const approved = await act(cast.ctx(admin), approveSpending, { id })
    expect(approved).toMatchObject({
      state: 'requested',
      answerDueAt: addMinutes(START, 30 + 240).toISOString(),
      approval: { name: '晋总', at: addMinutes(START, 30).toISOString() },
    })
    expect(approved.timeline.map((entry) => entry.name)).toEqual([
      'booking.held',
      'booking.approval_asked',
      'booking.spending_approved',
      'booking.requested',
    ])
    await deliverAll(cast.world)
    expect(await inboxOf(cast, xiaojin, 'booking.spending_approved')).toBe(1)
    expect(await inboxOf(cast, hao, 'booking.requested')).toBeGreaterThan(0)
    const noticeId = approved.agreement?.noticeId ?? null
    const confirmed = await act(cast.ctx(hao), confirmBooking, { id, noticeId })
    expect(confirmed.state).toBe('confirmed')
  })

  it('is for administrators of the organisation that pays, and for nobody else', async () => {
    const { xiaojin, stranger, hao, manager, admin } = cast.people
    const rival = await addPerson(cast, {
      name: '同总',
      organisationId: stranger.organisationId,
      role: 'enterprise-admin',
    })
    const { id } = await waiting(at(26, 9), at(26, 10))
    for (const person of [xiaojin, stranger, hao, manager])
      expect(await approve(person, id)).toBe('identity.role_missing')
    expect(await approve(rival, id)).toBe('booking.no_such_booking')
    expect(await approve(admin, id)).toBe('done')
    expect(await approve(second, id)).toBe('booking.wrong_state')
  })

  it('is nobody’s own: not by the verb, and not by the database', async () => {
    const { admin } = cast.people
    await limit(cast, admin, { orderFen: 1 })
    const { id } = await requested(cast, { person: admin, from: at(26, 10), to: at(26, 11) })
    await limit(cast, admin, {})
    expect(await approve(admin, id)).toBe('booking.own_spending')
    const write = cast.sql`update bookings set approved_by = ${admin.userId} where id = ${id}`
    await expect(write).rejects.toThrow('bookings_approved_by_another')
    expect(await approve(second, id)).toBe('done')
  })

  it('and refusing it at once: exactly one of ten wins', async () => {
    const { admin } = cast.people
    const { id } = await waiting(at(26, 11), at(26, 12))
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        i % 2 === 0
          ? approve(second, id)
          : outcome(act(cast.ctx(admin), refuseSpending, { id, reason: '超预算' })),
      ),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'booking.wrong_state')).toHaveLength(9)
  })
})

describe('the rules of spending', () => {
  const none = { orderLimitFen: null, monthLimitFen: null, monthSpentFen: 1e9 }
  it.each([
    [none, 1e9, false],
    [{ ...none, orderLimitFen: 100 }, 100, false],
    [{ ...none, orderLimitFen: 100 }, 101, true],
    [{ ...none, orderLimitFen: 0 }, 0, false],
    [{ ...none, monthLimitFen: 300, monthSpentFen: 200 }, 100, false],
    [{ ...none, monthLimitFen: 300, monthSpentFen: 200 }, 101, true],
    [{ orderLimitFen: 1_000, monthLimitFen: 300, monthSpentFen: 300 }, 1, true],
  ])('%j and a total of %i: above is %s', (limits, totalFen, above) => {
    expect(isAboveLimits(limits, totalFen)).toBe(above)
  })

  it('leave the institution an hour, and never end before they began', () => {
    expect(approvalDueAt(START, at(30, 9))).toEqual(at(25, 9))
    expect(approvalDueAt(START, at(24, 12))).toEqual(at(24, 11))
    expect(approvalDueAt(START, at(24, 10))).toEqual(at(24, 10))
    expect(approvalDueAt(START, at(24, 9, 30))).toEqual(at(24, 9, 30))
  })
})

function slotOf(day: number, hour: number) {
  return { startsAt: at(day, hour), endsAt: at(day, hour + 1) }
}

function dayOfDecember(hour: number): Date {
  return addMinutes(at(30, hour), 24 * 60)
}
