import { confirmReceipt } from '@yiqi/server/charging/confirm-receipt.ts'
import { advanceSession } from '@yiqi/server/session/advance-session.ts'
import { agreeSession } from '@yiqi/server/session/agree-session.ts'
import { checkIn } from '@yiqi/server/session/check-in.ts'
import { finishSession } from '@yiqi/server/session/finish-session.ts'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import { addMinutes, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Session } from '@yiqi/shared/session/endpoints.ts'
import { act, confirmed, type RequestOptions } from '../support/act.ts'
import type { Cast } from '../support/cast.ts'

// The steps of one service, each on top of the one before, as the people would do them.

export const minutesOf = (total: number) => ({
  preparation: 20,
  testing: total - 40,
  post_processing: 20,
})

export type Served = { booking: Booking; session: Session }

export type ServeOptions = RequestOptions & { code?: string; minutes?: number }

/** Booked, confirmed and checked in by the technician at the minute the slot starts. */
export async function running(cast: Cast, options: ServeOptions = {}): Promise<Served> {
  const booking = await confirmed(cast, options)
  cast.setNow(new Date(booking.startsAt))
  const { shortCode } = booking.instrument
  const session = await act(cast.ctx(cast.people.hao), checkIn, {
    code: shortCode,
    bookingId: booking.id,
  })
  return { booking, session }
}

export function finishInput(served: Served, minutes?: number) {
  return {
    id: served.session.id,
    ...(minutes === undefined ? {} : { minutes: minutesOf(minutes) }),
    samples: served.booking.samples,
    consumables: [{ name: '导电胶', quantity: 1 }],
    note: '',
    handOver: { to: '小晋', pcCleared: true, samplesReturned: true, dataHash: 'a'.repeat(64) },
    noticeId: served.booking.agreement?.noticeId ?? null,
  }
}

/** Run through its segments and ended when the slot ends; as measured unless minutes are given. */
export async function finished(cast: Cast, options: ServeOptions = {}): Promise<Served> {
  const served = await running(cast, options)
  const hao = cast.ctx(cast.people.hao)
  const { id } = served.session
  cast.setNow(addMinutes(new Date(served.booking.startsAt), 20))
  await act(hao, advanceSession, { id, segment: 'testing' })
  cast.setNow(addMinutes(new Date(served.booking.endsAt), -20))
  await act(hao, advanceSession, { id, segment: 'post_processing' })
  cast.setNow(new Date(served.booking.endsAt))
  const session = await act(hao, finishSession, finishInput(served, options.minutes))
  return { ...served, session }
}

/** Agreed by the enterprise: posted or left earmarked, and billed. */
export async function agreed(cast: Cast, options: ServeOptions = {}): Promise<Served> {
  const served = await finished(cast, options)
  const person = options.person ?? cast.people.xiaojin
  const session = await act(cast.ctx(person), agreeSession, {
    id: served.session.id,
    consentAboveQuote: false,
  })
  return { ...served, session }
}

let transfers = 0

/** Agreed, and the whole bill arrived. */
export async function paid(cast: Cast, options: ServeOptions = {}): Promise<Served> {
  const served = await agreed(cast, options)
  const [bill] = await cast.sql<{ id: string; amountFen: number }[]>`
    select id, amount_fen from bills where booking_id = ${served.booking.id}`
  if (!bill) throw new Error('no bill')
  if (bill.amountFen > 0) {
    const finance = cast.ctx(cast.people.finance)
    await act(finance, confirmReceipt, {
      id: bill.id,
      amountFen: bill.amountFen,
      reference: `HK2611${String(++transfers).padStart(6, '0')}`,
      receivedOn: dateOf(finance.now()),
    })
  }
  return served
}

/** How often an event was recorded, for a booking or at all. */
export async function countEvents(cast: Cast, name: string, bookingId?: string): Promise<number> {
  const [row] = await cast.sql<{ n: number }[]>`
    select count(*) as n from events where name = ${name}
      and ${bookingId === undefined ? cast.sql`true` : cast.sql`booking_id = ${bookingId}`}`
  return row?.n ?? 0
}
