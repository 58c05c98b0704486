import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'

export type LandingChoice = { kind: 'due' | 'running'; booking: BookingCard } | { kind: 'page' }

/** A running session wins over one that is due; with neither, the instrument itself is meant. */
export function landingOf(instrumentId: string, bookings: readonly BookingCard[]): LandingChoice {
  const here = bookings.filter((booking) => booking.instrument.id === instrumentId)
  const running = here.find((booking) => booking.actions.includes('run'))
  if (running !== undefined) return { kind: 'running', booking: running }
  const due = here.filter((booking) => booking.actions.includes('checkIn'))
  due.sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
  const [first] = due
  return first === undefined ? { kind: 'page' } : { kind: 'due', booking: first }
}
