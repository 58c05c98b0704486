import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import { bookingCan } from '@yiqi/shared/booking/terms.ts'
import {
  addDays,
  clock,
  clockOf,
  type DateText,
  dateOf,
  dayLabel,
  instantAt,
  minuteOfDay,
  overlaps,
  type Slot,
  slotLabel,
  slotMinutes,
} from '@yiqi/shared/kernel/time.ts'

// The times of an outage and whom they hit. Pure.

/** The bookings of one instrument that an outage would displace. */
export function displacedBy(
  slot: Slot,
  instrumentId: string,
  bookings: readonly BookingCard[],
): BookingCard[] {
  return bookings.filter(
    (booking) =>
      booking.instrument.id === instrumentId &&
      bookingCan.displace.states.some((state) => state === booking.state) &&
      overlaps(slot, { startsAt: new Date(booking.startsAt), endsAt: new Date(booking.endsAt) }),
  )
}

const FIRST_HOUR = 7
const LAST_HOUR = 22

/**
 * The clock times offered as chips, in minutes of the day; `now` adds the present minute on its own
 * day.
 */
export function timesOf(day: DateText, now: Date): { minute: number; label: string }[] {
  const times = Array.from({ length: LAST_HOUR - FIRST_HOUR + 1 }, (_, index) => {
    const minute = (FIRST_HOUR + index) * 60
    return { minute, label: clockOf(minute) }
  })
  if (day !== dateOf(now)) return times
  const present = minuteOfDay(now)
  return [{ minute: present, label: '现在' }, ...times.filter((time) => time.minute > present)]
}

/** The end times that are after the start. */
export function endTimesOf(day: DateText, startsAt: Date): { minute: number; label: string }[] {
  const times = Array.from(
    { length: LAST_HOUR - FIRST_HOUR + 1 },
    (_, index) => (FIRST_HOUR + index) * 60,
  )
  return [...times, 1440]
    .filter((minute) => instantAt(day, minute) > startsAt)
    .map((minute) => ({ minute, label: clockOf(minute) }))
}

/** One hour, two hours, the day, a week: what most outages are. */
export const outageLengths = [
  { id: '1h', label: '1小时', endOf: (startsAt: Date) => new Date(startsAt.getTime() + 3_600_000) },
  { id: '2h', label: '2小时', endOf: (startsAt: Date) => new Date(startsAt.getTime() + 7_200_000) },
  { id: 'day', label: '当天', endOf: (startsAt: Date) => instantAt(dateOf(startsAt), 1440) },
  {
    id: 'week',
    label: '一周',
    endOf: (startsAt: Date) => instantAt(addDays(dateOf(startsAt), 7), minuteOfDay(startsAt)),
  },
] as const

/** As any slot; from a day on, both ends in full and the length in days. */
export function outageLabel(slot: Slot): string {
  const days = slotMinutes(slot) / 1440
  if (days <= 1) return slotLabel(slot)
  const ends = [slot.startsAt, slot.endsAt].map((at) => `${dayLabel(dateOf(at))} ${clock(at)}`)
  return `${ends.join(' – ')}（${Math.round(days * 10) / 10}天）`
}
