import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import { bookingStateLabels, bookingStateTones, type Tone } from '@yiqi/shared/booking/terms.ts'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import {
  addDays,
  clock,
  type DateText,
  dateOf,
  dayLabel,
  daysBetween,
  instantAt,
  MINUTE_MS,
  slotClock,
} from '@yiqi/shared/kernel/time.ts'
import { serviceModeLabels } from '@yiqi/shared/notice/terms.ts'
import type { sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'

// What the technician's day and the lists of bookings are made of. Pure.

export type Day = OutputOf<typeof sessionEndpoints.listToday>
export type DayRow = Day['rows'][number]
export type Outage = Day['outages'][number]

export type DayItem =
  | { kind: 'hour'; id: string; label: string }
  | { kind: 'now'; id: string; label: string }
  | { kind: 'booking'; id: string; row: DayRow }
  | { kind: 'outage'; id: string; outage: Outage }

/** The board of a day: the requests that fall on it stand at their time, the others above it. */
export function boardOf(day: Day): { rows: DayRow[]; elsewhere: BookingCard[] } {
  const here = day.requests.filter((booking) => touches(booking, day.date))
  const asked = here.map((booking) => ({ booking, sessionId: null, effectiveMinutes: null }))
  return {
    rows: [...day.rows, ...asked],
    elsewhere: day.requests.filter((booking) => !here.includes(booking)),
  }
}

function touches(slot: { startsAt: string; endsAt: string }, date: DateText): boolean {
  const from = instantAt(date, 0)
  const to = instantAt(addDays(date, 1), 0)
  return new Date(slot.startsAt) < to && from < new Date(slot.endsAt)
}

type Placed = { startsAt: string; item: DayItem }

/**
 * The day from top to bottom: an hour mark where a new hour begins, bookings and outages by their
 * start, and on the day itself a line for now, before the first thing that has not begun.
 */
export function dayItems(day: Pick<Day, 'date' | 'rows' | 'outages'>, now: Date): DayItem[] {
  const placed: Placed[] = [
    ...day.rows.map((row) => ({
      startsAt: row.booking.startsAt,
      item: { kind: 'booking' as const, id: row.booking.id, row },
    })),
    ...day.outages.map((outage) => ({
      startsAt: outage.startsAt,
      item: { kind: 'outage' as const, id: outage.id, outage },
    })),
  ].sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
  const items: DayItem[] = []
  let hour = ''
  let nowDrawn = day.date !== dateOf(now)
  const drawNow = () => {
    items.push({ kind: 'now', id: 'now', label: clock(now) })
    nowDrawn = true
  }
  for (const { startsAt, item } of placed) {
    const at = new Date(startsAt)
    if (!nowDrawn && at > now) drawNow()
    const label = dateOf(at) < day.date ? '00' : clock(at).slice(0, 2)
    if (label !== hour) items.push({ kind: 'hour', id: `hour ${label}`, label })
    hour = label
    items.push(item)
  }
  if (!nowDrawn && placed.length > 0) drawNow()
  return items
}

/** 送样委托 3 件 · 喷金 · EDS: what has to be ready. */
export function preparationLine(booking: BookingCard): string {
  const mode = booking.serviceMode === null ? null : serviceModeLabels[booking.serviceMode]
  const samples = booking.samples > 0 ? `样品 ${booking.samples} 件` : null
  return [mode, samples, booking.preparation].filter(Boolean).join(' · ')
}

const SOON_MINUTES = 60

/** The word on a card: 8 分钟后 shortly before the start, 已到时间 after it, else the state. */
export function cardWord(booking: BookingCard, now: Date): { word: string; tone: Tone } {
  if (booking.state === 'confirmed') {
    const minutes = Math.ceil((Date.parse(booking.startsAt) - now.getTime()) / MINUTE_MS)
    if (minutes > 0 && minutes <= SOON_MINUTES) return { word: `${minutes} 分钟后`, tone: 'info' }
    if (minutes <= 0 && Date.parse(booking.endsAt) > now.getTime())
      return { word: '已到时间', tone: 'warn' }
  }
  return { word: bookingStateLabels[booking.state], tone: bookingStateTones[booking.state] }
}

/** Bookings by the day they start on, soonest first; days before `from` are left out. */
export function byDay(
  bookings: readonly BookingCard[],
  from: DateText,
): { date: DateText; label: string; rows: BookingCard[] }[] {
  const groups = new Map<DateText, BookingCard[]>()
  const coming = [...bookings].sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
  for (const booking of coming) {
    const date = dateOf(new Date(booking.startsAt))
    if (date < from) continue
    groups.set(date, [...(groups.get(date) ?? []), booking])
  }
  return [...groups].map(([date, rows]) => ({ date, label: dayWords(date, from), rows }))
}

/** 今天 · 11月24日 周二, 明天 · …, 11月26日 周四. */
export function dayWords(date: DateText, today: DateText): string {
  const word = ['今天', '明天', '后天'][daysBetween(today, date)]
  return word === undefined ? dayLabel(date) : `${word} · ${dayLabel(date)}`
}

/** 14:00–18:00, and from another day with its date. */
export function timeOn(slot: { startsAt: string; endsAt: string }, date: DateText): string {
  const startsAt = new Date(slot.startsAt)
  const endsAt = new Date(slot.endsAt)
  const from = startsAt < instantAt(date, 0) ? '前日' : ''
  const later = endsAt > instantAt(addDays(date, 1), 0)
  return later
    ? `${from}${clock(startsAt)}–${dayLabel(dateOf(endsAt))} ${clock(endsAt)}`
    : `${from}${slotClock({ startsAt, endsAt })}`
}

/** 刚刚, 8 分钟前, 3 小时前, 昨天 14:00, 11-20 14:00. */
export function agoWords(at: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - at.getTime()) / MINUTE_MS)
  if (minutes < 1) return '刚刚'
  if (minutes < 60) return `${minutes} 分钟前`
  const days = daysBetween(dateOf(at), dateOf(now))
  if (days === 0) return `${Math.floor(minutes / 60)} 小时前`
  if (days === 1) return `昨天 ${clock(at)}`
  return `${dateOf(at).slice(5)} ${clock(at)}`
}

/** 6.5 h of booked time, 0 h. */
export function hoursShort(minutes: number): string {
  const hours = Math.round(minutes / 6) / 10
  return `${hours} h`
}
