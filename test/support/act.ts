import { cancelBooking } from '@yiqi/server/booking/cancel-booking.ts'
import { confirmBooking } from '@yiqi/server/booking/confirm-booking.ts'
import { holdSlot } from '@yiqi/server/booking/hold-slot.ts'
import { getBooking } from '@yiqi/server/booking/queries.ts'
import { quoteSlot } from '@yiqi/server/booking/quote.ts'
import { requestBooking } from '@yiqi/server/booking/request-booking.ts'
import { type Ctx, transact } from '@yiqi/server/kernel/ctx.ts'
import { currentNotice } from '@yiqi/server/notice/queries.ts'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import { Refusal, type RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import { instantAt } from '@yiqi/shared/kernel/time.ts'
import type { bookableModes } from '@yiqi/shared/notice/terms.ts'
import type { Cast, Person } from './cast.ts'

/** Runs a verb as `serve` would: in one transaction of its own. */
export function act<I, O>(
  ctx: Ctx,
  verb: (ctx: Ctx, input: I) => Promise<O>,
  input: I,
): Promise<O> {
  return transact(ctx, (tx) => verb(tx, input))
}

/**
 * The code a promise was refused with; 'done' when it was not. Anything but a refusal is thrown on.
 */
export async function outcome(work: Promise<unknown>): Promise<RefusalCode | 'done'> {
  try {
    await work
    return 'done'
  } catch (error) {
    const { refusalOf } = await import('@yiqi/server/kernel/constraints.ts')
    const refusal = refusalOf(error)
    if (refusal instanceof Refusal) return refusal.code
    throw error
  }
}

/** 14:00 on a day of November 2026, in Taiyuan: `at(25, 14)`. */
export function at(day: number, hour: number, minute = 0): Date {
  return instantAt(`2026-11-${String(day).padStart(2, '0')}`, hour * 60 + minute)
}

export function slotInput(instrumentId: string, startsAt: Date, endsAt: Date) {
  return { instrumentId, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}

export type RequestOptions = {
  person?: Person
  instrumentId?: string
  from?: Date
  to?: Date
  samples?: number
  mode?: (typeof bookableModes)[number]
  programmeId?: string | null
}

/**
 * Holds and requests a slot as the sheet does: quote, notice, request. 25 November 14:00–18:00 by
 * default.
 */
export async function requested(cast: Cast, options: RequestOptions = {}): Promise<Booking> {
  const ctx = cast.ctx(options.person ?? cast.people.xiaojin)
  const slot = slotInput(
    options.instrumentId ?? cast.instrumentId,
    options.from ?? at(25, 14),
    options.to ?? at(25, 18),
  )
  const held = await act(ctx, holdSlot, slot)
  const input = await requestInput(cast, ctx, held.id, { ...slot, ...options })
  const { id } = await act(ctx, requestBooking, input)
  return getBooking(ctx, { id })
}

export async function requestInput(
  cast: Cast,
  ctx: Ctx,
  id: string,
  options: RequestOptions & ReturnType<typeof slotInput>,
) {
  const serviceMode = options.mode ?? 'entrusted'
  const samples = options.samples ?? 1
  const { instrumentId, startsAt, endsAt } = options
  const quote = await quoteSlot(ctx, { instrumentId, startsAt, endsAt, samples, serviceMode })
  const programmeId =
    options.programmeId === undefined ? cast.programmes.deduct : options.programmeId
  const offer = quote.vouchers.find((one) => one.programmeId === programmeId)
  return {
    id,
    serviceMode,
    samples,
    purpose: '断口形貌',
    serviceDirection: '136' as const,
    confidentiality: 'normal' as const,
    noticeId: (await currentNotice(ctx, serviceMode)).id,
    programmeId,
    expected: { totalFen: quote.price.totalFen, voucherFen: offer?.shareFen ?? 0 },
  }
}

/** Requested and confirmed by the technician. */
export async function confirmed(cast: Cast, options: RequestOptions = {}): Promise<Booking> {
  const booking = await requested(cast, options)
  return act(cast.ctx(cast.people.hao), confirmBooking, {
    id: booking.id,
    noticeId: booking.agreement?.noticeId ?? null,
  })
}

export function cancelled(cast: Cast, id: string): Promise<Booking> {
  return act(cast.ctx(cast.people.xiaojin), cancelBooking, { id })
}

/** What must hold after anything: no invariant of the database is broken. */
export async function expectSound(cast: Cast): Promise<void> {
  const broken = await cast.sql`select * from broken_invariants(${cast.world.clock.now()})`
  if (broken.length > 0) throw new Error(`not sound: ${JSON.stringify(broken, null, 2)}`)
}
