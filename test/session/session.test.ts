import { declareOutage } from '@yiqi/server/booking/declare-outage.ts'
import { getBooking } from '@yiqi/server/booking/queries.ts'
import type { Ctx } from '@yiqi/server/kernel/ctx.ts'
import { adjustSession } from '@yiqi/server/session/adjust-session.ts'
import { advanceSession } from '@yiqi/server/session/advance-session.ts'
import { agreeSession } from '@yiqi/server/session/agree-session.ts'
import { agreeSilentSessions } from '@yiqi/server/session/agree-silent-sessions.ts'
import { checkIn } from '@yiqi/server/session/check-in.ts'
import { disputeSession } from '@yiqi/server/session/dispute-session.ts'
import { finishSession } from '@yiqi/server/session/finish-session.ts'
import { findBookingSession, getSession } from '@yiqi/server/session/queries.ts'
import { listToday } from '@yiqi/server/session/queries-today.ts'
import { quotasOf } from '@yiqi/server/voucher/queries.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { act, at, confirmed, expectSound, outcome, requested } from '../support/act.ts'
import { type Cast, INSTRUMENT_CODE, newCast, type Person } from '../support/cast.ts'
import { agreed, countEvents, finished, finishInput, minutesOf, running } from './steps.ts'

let cast: Cast
beforeEach(async () => {
  cast = await newCast()
})
afterEach(async () => {
  await expectSound(cast)
  await cast.drop()
})

const as = (name: keyof Cast['people']): Ctx => cast.ctx(cast.people[name])
const job = (): Ctx => ({
  ...cast.ctx(null),
  actor: { kind: 'job', name: 'agree-silent-sessions' },
})
const quota = async () => {
  const quotas = await quotasOf(as('xiaojin'), cast.people.xiaojin.organisationId)
  const deduct = quotas.find((one) => one.programmeId === cast.programmes.deduct)
  return { redeemed: deduct?.redeemedFen, earmarked: deduct?.earmarkedFen }
}
const billsOf = (bookingId: string) =>
  cast.sql<{ amountFen: number; state: string }[]>`
    select amount_fen, state from bills where booking_id = ${bookingId}`

describe('check-in', () => {
  it('starts the session of the booking that is due, with its first segment and one event', async () => {
    const booking = await confirmed(cast)
    cast.setNow(at(25, 13, 50))
    const session = await act(as('hao'), checkIn, { code: INSTRUMENT_CODE })
    expect(Session.parse(session)).toMatchObject({
      bookingId: booking.id,
      state: 'running',
      segment: 'preparation',
      actions: ['advance', 'finish'],
      settlement: { totalFen: 166000, voucherFen: 83000, remainderFen: 83000, aboveQuoteFen: 0 },
    })
    expect(await getBooking(as('xiaojin'), { id: booking.id })).toMatchObject({ state: 'running' })
    expect(await countEvents(cast, 'session.started', booking.id)).toBe(1)
  })

  it('opens fifteen minutes early and closes when the slot ends', async () => {
    const booking = await confirmed(cast)
    const tap = (bookingId?: string) =>
      outcome(
        act(as('hao'), checkIn, { code: INSTRUMENT_CODE, ...(bookingId ? { bookingId } : {}) }),
      )
    cast.setNow(at(25, 13, 44))
    expect(await tap()).toBe('session.too_early')
    cast.setNow(at(25, 18))
    expect(await tap()).toBe('session.nothing_to_start')
    expect(await tap(booking.id)).toBe('session.too_late')
    cast.setNow(at(25, 13, 45))
    expect(await tap()).toBe('done')
    expect(await tap(booking.id)).toBe('booking.wrong_state')
  })

  it('is for technicians of the instrument, and for the enterprise only where it operates itself', async () => {
    await confirmed(cast, { from: at(25, 10), to: at(25, 12) })
    await confirmed(cast, { from: at(25, 14), to: at(25, 16), mode: 'self-operated' })
    const tap = (name: keyof Cast['people']) =>
      outcome(act(as(name), checkIn, { code: INSTRUMENT_CODE }))
    cast.setNow(at(25, 10))
    expect(await tap('otherTechnician')).toBe('session.nothing_to_start')
    expect(await tap('province')).toBe('identity.role_missing')
    expect(await tap('xiaojin')).toBe('session.too_early')
    expect(await tap('stranger')).toBe('session.nothing_to_start')
    expect(await outcome(act(as('hao'), checkIn, { code: 'NOSUCH' }))).toBe(
      'catalogue.code_unknown',
    )
    cast.setNow(at(25, 14))
    expect(await tap('admin')).toBe('done')
  })

  it('of ten at once on one instrument, exactly one wins, for one booking or for two', async () => {
    const first = await confirmed(cast, { from: at(25, 10), to: at(25, 12) })
    const second = await confirmed(cast, { from: at(25, 12), to: at(25, 14) })
    cast.setNow(at(25, 11, 50))
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        outcome(
          act(as('hao'), checkIn, {
            code: INSTRUMENT_CODE,
            bookingId: i % 2 === 0 ? first.id : second.id,
          }),
        ),
      ),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    const others = outcomes.filter((code) => code !== 'done')
    expect(new Set(others)).toEqual(new Set(['booking.wrong_state', 'session.instrument_busy']))
  })
})

describe('the running session', () => {
  it('goes through its segments once each, also when the button is tapped twice', async () => {
    const { session, booking } = await running(cast)
    const tap = (segment: 'preparation' | 'testing' | 'post_processing') =>
      outcome(act(as('hao'), advanceSession, { id: session.id, segment }))
    cast.setNow(at(25, 14, 20))
    expect(await Promise.all([tap('testing'), tap('testing'), tap('testing')])).toEqual(
      Array(3).fill('done'),
    )
    expect(await tap('preparation')).toBe('session.wrong_state')
    expect(await countEvents(cast, 'session.advanced', booking.id)).toBe(1)
    cast.setNow(at(25, 15))
    const seen = await getSession(as('hao'), { id: session.id })
    expect(seen).toMatchObject({ segment: 'testing', minutes: { preparation: 20, testing: 40 } })
  })

  it('is not found by another organisation, and not advanced by who may not', async () => {
    const { session } = await running(cast)
    const advance = (person: Person) =>
      outcome(act(cast.ctx(person), advanceSession, { id: session.id, segment: 'testing' }))
    const { stranger, otherTechnician, xiaojin, manager } = cast.people
    expect(await outcome(getSession(as('stranger'), { id: session.id }))).toBe(
      'session.no_such_session',
    )
    expect(await outcome(getSession(as('province'), { id: session.id }))).toBe(
      'session.no_such_session',
    )
    expect(await outcome(getSession(as('manager'), { id: session.id }))).toBe('done')
    expect(await advance(stranger)).toBe('session.no_such_session')
    expect(await advance(otherTechnician)).toBe('session.no_such_session')
    expect(await advance(manager)).toBe('identity.role_missing')
    expect(await advance(xiaojin)).toBe('session.no_such_session')
  })

  it('may be advanced, not finished, by an enterprise that operates the instrument itself', async () => {
    const served = await running(cast, { mode: 'self-operated' })
    const { id } = served.session
    expect((await getSession(as('xiaojin'), { id })).actions).toEqual(['advance'])
    expect(await outcome(act(as('admin'), advanceSession, { id, segment: 'testing' }))).toBe('done')
    expect(await outcome(act(as('xiaojin'), finishSession, finishInput(served)))).toBe(
      'identity.role_missing',
    )
  })
})

describe('finishing', () => {
  it('takes the minutes as measured, the hand-over and the second acknowledgement', async () => {
    const { session, booking } = await finished(cast)
    expect(Session.parse(session)).toMatchObject({
      state: 'finished',
      minutes: { preparation: 20, testing: 200, post_processing: 20 },
      effectiveMinutes: 240,
      handOver: { to: '小晋', pcCleared: true },
      consumables: [{ name: '导电胶', quantity: 1 }],
      settlement: { totalFen: 166000, voucherFen: 83000, remainderFen: 83000 },
      actions: [],
    })
    expect(session.acknowledgementText.zh).toContain('感谢郝工的技术支持')
    const seen = await getBooking(as('xiaojin'), { id: booking.id })
    expect(seen.state).toBe('finished')
    expect(seen.agreement?.acknowledgements.map((one) => one.stage)).toContain('finish')
    expect(await countEvents(cast, 'session.finished', booking.id)).toBe(1)
  })

  it('is refused without hand-over, without the notice, and with more minutes than passed', async () => {
    const served = await running(cast)
    cast.setNow(at(25, 15))
    const finish = (more: object) =>
      outcome(act(as('hao'), finishSession, { ...finishInput(served, 60), ...more }))
    const handOver = { to: '小晋', pcCleared: true, samplesReturned: false }
    expect(await finish({ handOver })).toBe('session.hand_over_missing')
    expect(await finish({ handOver: { ...handOver, pcCleared: false }, samples: 0 })).toBe(
      'session.hand_over_missing',
    )
    expect(await finish({ noticeId: null })).toBe('notice.not_acknowledged')
    expect(await finish({ noticeId: served.booking.id })).toBe('notice.version_outdated')
    expect(await finish({ minutes: minutesOf(61) })).toBe('session.minutes_impossible')
    expect(await finish({ handOver, samples: 0 })).toBe('done')
    expect(await finish({})).toBe('session.wrong_state')
    expect(await countEvents(cast, 'session.finished')).toBe(1)
  })
})

describe('agreement', () => {
  it('posts the voucher at its actual share, gives the rest back and bills the remainder', async () => {
    const { session, booking } = await agreed(cast, { minutes: 180 })
    expect(Session.parse(session)).toMatchObject({
      state: 'agreed',
      settlement: { totalFen: 126000, quotedFen: 166000, voucherFen: 63000, remainderFen: 63000 },
    })
    expect(await quota()).toEqual({ redeemed: 63000, earmarked: 0 })
    expect(await billsOf(booking.id)).toEqual([{ amountFen: 63000, state: 'issued' }])
    expect(await getBooking(as('xiaojin'), { id: booking.id })).toMatchObject({ state: 'closed' })
    expect(await countEvents(cast, 'session.agreed', booking.id)).toBe(1)
    expect(await countEvents(cast, 'bill.issued', booking.id)).toBe(1)
  })

  it('asked ten times at once makes one bill and one posting', async () => {
    const { session, booking } = await finished(cast)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        outcome(act(as('xiaojin'), agreeSession, { id: session.id, consentAboveQuote: false })),
      ),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(outcomes.filter((code) => code === 'session.wrong_state')).toHaveLength(9)
    expect(await billsOf(booking.id)).toHaveLength(1)
    const posts = await cast.sql`
      select 1 from transfers where booking_id = ${booking.id} and kind = 'post'`
    expect(posts).toHaveLength(1)
  })

  it('of ten different sessions at once posts every one: payees shared by all never deadlock', async () => {
    const sessions: string[] = []
    for (let i = 0; i < 10; i++) {
      const from = addMinutes(at(25, 8), 60 * i)
      cast.setNow(at(24, 9))
      const served = await finished(cast, { from, to: addMinutes(from, 60) })
      sessions.push(served.session.id)
    }
    const outcomes = await Promise.all(
      sessions.map((id) =>
        outcome(act(as('xiaojin'), agreeSession, { id, consentAboveQuote: false })),
      ),
    )
    expect(outcomes).toEqual(Array(10).fill('done'))
    expect((await quota()).earmarked).toBe(0)
  })

  it('above the quote needs the consent of who pays; the voucher stays within its earmark', async () => {
    const served = await running(cast, { from: at(25, 14), to: at(25, 16) })
    cast.setNow(at(25, 17))
    await act(as('hao'), finishSession, finishInput(served, 180))
    const agree = (consentAboveQuote: boolean) =>
      outcome(act(as('xiaojin'), agreeSession, { id: served.session.id, consentAboveQuote }))
    expect(await getSession(as('xiaojin'), { id: served.session.id })).toMatchObject({
      settlement: {
        totalFen: 126000,
        quotedFen: 86000,
        aboveQuoteFen: 40000,
        voucherFen: 43000,
        remainderFen: 83000,
      },
      actions: ['agree', 'dispute'],
    })
    expect(await agree(false)).toBe('session.above_quote')
    expect(await agree(true)).toBe('done')
    expect(await quota()).toEqual({ redeemed: 43000, earmarked: 0 })
    expect(await billsOf(served.booking.id)).toMatchObject([{ amountFen: 83000 }])
  })

  it('in a refund programme bills all of it and keeps the voucher earmarked', async () => {
    const { booking, session } = await agreed(cast, { programmeId: cast.programmes.refund })
    expect(session.settlement).toMatchObject({
      totalFen: 166000,
      voucherFen: 83000,
      remainderFen: 166000,
    })
    expect(await billsOf(booking.id)).toMatchObject([{ amountFen: 166000 }])
    const quotas = await quotasOf(as('xiaojin'), cast.people.xiaojin.organisationId)
    expect(quotas.find((one) => one.programmeId === cast.programmes.refund)).toMatchObject({
      redeemedFen: 0,
      earmarkedFen: 83000,
    })
  })

  it('without a voucher bills the total', async () => {
    const { booking } = await agreed(cast, { programmeId: null })
    expect(await billsOf(booking.id)).toMatchObject([{ amountFen: 166000 }])
  })

  it('is the enterprise’s own, in the right state', async () => {
    const { session } = await finished(cast)
    const agree = (name: keyof Cast['people']) =>
      outcome(act(as(name), agreeSession, { id: session.id, consentAboveQuote: true }))
    expect(await agree('hao')).toBe('identity.role_missing')
    expect(await agree('stranger')).toBe('session.no_such_session')
    expect(await agree('admin')).toBe('done')
    expect(await agree('xiaojin')).toBe('session.wrong_state')
  })
})

describe('a dispute', () => {
  it('is answered by an adjustment, and the hours are agreed after it', async () => {
    const { session, booking } = await finished(cast)
    const { id } = session
    const disputed = await act(as('xiaojin'), disputeSession, { id, reason: '停机一小时未扣除' })
    expect(disputed).toMatchObject({
      state: 'disputed',
      disputeReason: '停机一小时未扣除',
      actions: [],
    })
    expect(await outcome(act(as('xiaojin'), agreeSession, { id, consentAboveQuote: true }))).toBe(
      'session.wrong_state',
    )
    expect(await billsOf(booking.id)).toEqual([])
    const adjust = (name: keyof Cast['people'], total: number) =>
      outcome(act(as(name), adjustSession, { id, minutes: minutesOf(total), note: '扣除停机' }))
    expect(await adjust('xiaojin', 180)).toBe('identity.role_missing')
    expect(await adjust('otherTechnician', 180)).toBe('session.no_such_session')
    expect(await adjust('hao', 241)).toBe('session.minutes_impossible')
    expect(await adjust('hao', 180)).toBe('done')
    expect(await adjust('hao', 180)).toBe('session.wrong_state')
    expect(await outcome(act(as('xiaojin'), agreeSession, { id, consentAboveQuote: false }))).toBe(
      'done',
    )
    expect(await billsOf(booking.id)).toMatchObject([{ amountFen: 63000 }])
    expect(await countEvents(cast, 'session.disputed', booking.id)).toBe(1)
    expect(await countEvents(cast, 'session.adjusted', booking.id)).toBe(1)
  })

  it('and an agreement at the same time: exactly one wins', async () => {
    const { session } = await finished(cast)
    const outcomes = await Promise.all([
      outcome(act(as('xiaojin'), disputeSession, { id: session.id, reason: '时间不对' })),
      outcome(act(as('admin'), agreeSession, { id: session.id, consentAboveQuote: false })),
    ])
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect(
      await outcome(act(as('stranger'), disputeSession, { id: session.id, reason: '时间不对' })),
    ).toBe('session.no_such_session')
  })
})

describe('silence', () => {
  it('for three working days is agreement, unless it costs more than was quoted', async () => {
    const usual = await finished(cast, { from: at(25, 10), to: at(25, 12) })
    const above = await running(cast, { from: at(25, 14), to: at(25, 16) })
    cast.setNow(at(25, 17))
    await act(as('hao'), finishSession, finishInput(above, 180))
    cast.setNow(at(30, 23, 59))
    expect(await agreeSilentSessions(job())).toBe(0)
    cast.setNow(addMinutes(at(30, 23, 59), 1))
    expect(await agreeSilentSessions(job())).toBe(1)
    expect(await agreeSilentSessions(job())).toBe(0)
    expect(await getSession(as('xiaojin'), { id: usual.session.id })).toMatchObject({
      state: 'agreed',
    })
    expect(await getSession(as('xiaojin'), { id: above.session.id })).toMatchObject({
      state: 'finished',
    })
  })
})

describe('the day of a technician', () => {
  it('shows bookings with their sessions, outages and what waits for an answer', async () => {
    const { booking, session } = await finished(cast, { from: at(25, 8), to: at(25, 10) })
    cast.setNow(at(24, 10))
    await requested(cast, { from: at(26, 8), to: at(26, 9) })
    const outage = {
      instrumentId: cast.secondInstrumentId,
      startsAt: at(25, 14).toISOString(),
      endsAt: at(25, 15).toISOString(),
      kind: 'cleaning' as const,
      note: '清洁镜筒',
    }
    await act(as('hao'), declareOutage, outage)
    cast.setNow(at(25, 11))
    const today = await listToday(as('hao'), {})
    sessionEndpoints.listToday.output.parse(today)
    expect(today).toMatchObject({
      date: '2026-11-25',
      toConfirm: 1,
      bookedMinutes: 120,
      rows: [{ booking: { id: booking.id }, sessionId: session.id, effectiveMinutes: 120 }],
      outages: [{ note: '清洁镜筒' }],
      requests: [{ state: 'requested' }],
    })
    expect((await listToday(as('manager'), {})).rows).toHaveLength(1)
    expect((await listToday(as('otherTechnician'), {})).rows).toEqual([])
    expect(await outcome(listToday(as('xiaojin'), {}))).toBe('identity.role_missing')
  })

  it('finds no session of a booking before check-in', async () => {
    const booking = await confirmed(cast)
    expect(await findBookingSession(as('xiaojin'), { bookingId: booking.id })).toEqual({
      session: null,
    })
  })
})
