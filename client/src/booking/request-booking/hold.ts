import { type BookingStep, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { call, newKey } from '../../kernel/call.ts'
import { serverNow } from '../../kernel/clock.ts'
import { isRefused } from '../../kernel/refused.ts'
import { stored } from '../../kernel/store.ts'
import { type KeptHold, readKeptHold, resumable, sameSpan, type Wanted } from '../request-form.ts'

// One sheet, one hold: whatever renders twice, is shown again or is reloaded comes to the same
// booking.

const kept = stored<KeptHold | null>('yiqi.hold', readKeptHold)
const underWay = new Map<string, Promise<BookingStep>>()
const intents = new Map<string, string>()

/** The slot that is still being held for this address of the page; null when there is none. */
export function heldSlot(wanted: Omit<Wanted, 'slot'>): Wanted['slot'] | null {
  return resumable(kept.get(), wanted, serverNow())?.slot ?? null
}

/**
 * Holds the slot, or finds the hold that is there already. Asked twice at once, it is asked once.
 */
export function obtainHold(wanted: Wanted): Promise<BookingStep> {
  const key = JSON.stringify(wanted)
  const running = underWay.get(key)
  if (running !== undefined) return running
  const started = findOrHold(wanted, key).finally(() => underWay.delete(key))
  underWay.set(key, started)
  return started
}

async function findOrHold(wanted: Wanted, key: string): Promise<BookingStep> {
  const old = kept.get()
  const mine = resumable(old, wanted, serverNow())
  if (mine !== null && sameSpan(mine.slot, wanted.slot)) {
    const booking = await stillHeld(mine.id)
    if (booking !== null) return booking
  } else if (old !== null && old.userId === wanted.userId) {
    await releaseHold(old.id)
  }
  const intent = intents.get(key) ?? newKey()
  intents.set(key, intent) // the same intent through a retry after a lost answer: never two holds
  try {
    const booking = await call(
      bookingEndpoints.holdSlot,
      { instrumentId: wanted.instrumentId, ...wanted.slot },
      { key: intent },
    )
    intents.delete(key)
    keep(booking, wanted)
    return booking
  } catch (error) {
    if (isRefused(error) && error.status > 0 && error.status < 500) intents.delete(key)
    throw error
  }
}

async function stillHeld(id: string): Promise<BookingStep | null> {
  try {
    const booking = await call(bookingEndpoints.getBooking, { id })
    return booking.state === 'held' && booking.actions.includes('request') ? booking : null
  } catch (error) {
    if (isRefused(error) && error.status === 404) return null
    throw error
  }
}

function keep(booking: BookingStep, wanted: Wanted): void {
  if (booking.holdExpiresAt === null) return
  kept.set({ ...wanted, id: booking.id, expiresAt: booking.holdExpiresAt })
}

/** The hold has become a booking, or is over: a reload must not look for it. */
export function forgetHold(): void {
  kept.set(null)
}

/** Gives the slot back. A failure is no matter: the hold ends by itself. */
export async function releaseHold(id: string): Promise<void> {
  if (kept.get()?.id === id) forgetHold()
  try {
    await call(bookingEndpoints.cancelBooking, { id, reason: '放弃预约' }, { key: newKey() })
  } catch (error) {
    if (!isRefused(error)) throw error
  }
}
