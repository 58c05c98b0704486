import { assert } from './assert.ts'

// One zone for all: Asia/Shanghai, UTC+8 without daylight saving since 1991.
// Instants are UTC everywhere; wall clock exists only through these functions. No Intl:
// mini-programs vary.

const OFFSET_MS = 8 * 3_600_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** A day on the wall: `2026-11-24`. */
export type DateText = string

export type Slot = { startsAt: Date; endsAt: Date }

export function slotMinutes(slot: Slot): number {
  return (slot.endsAt.getTime() - slot.startsAt.getTime()) / MINUTE_MS
}

/** Half-open: slots that only touch do not overlap. */
export function overlaps(a: Slot, b: Slot): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt
}

export function addMinutes(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * MINUTE_MS)
}

export function dateOf(at: Date): DateText {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10)
}

export function minuteOfDay(at: Date): number {
  const local = new Date(at.getTime() + OFFSET_MS)
  return local.getUTCHours() * 60 + local.getUTCMinutes()
}

/** The instant of a wall clock: `instantAt('2026-11-24', 14 * 60)` is 14:00 in Taiyuan. */
export function instantAt(day: DateText, minute: number): Date {
  const midnight = Date.parse(`${day}T00:00:00.000Z`)
  assert(Number.isFinite(midnight), `not a date: ${day}`)
  return new Date(midnight - OFFSET_MS + minute * MINUTE_MS)
}

export function addDays(day: DateText, days: number): DateText {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

export function daysBetween(from: DateText, to: DateText): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

/** 0 is Monday. */
export function weekdayOf(day: DateText): number {
  return (new Date(`${day}T00:00:00.000Z`).getUTCDay() + 6) % 7
}

export function mondayOf(day: DateText): DateText {
  return addDays(day, -weekdayOf(day))
}

const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const

export function weekdayLabel(day: DateText): string {
  return WEEKDAYS[weekdayOf(day)] ?? ''
}

const two = (n: number) => String(n).padStart(2, '0')

export function clockOf(minute: number): string {
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

export function clock(at: Date): string {
  return clockOf(minuteOfDay(at))
}

/** 11月24日 周二 */
export function dayLabel(day: DateText): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日 ${weekdayLabel(day)}`
}

/** 上午 before 12:00, 下午 before 18:00, else 夜间 (and before 06:00). */
export function partOfDay(at: Date): string {
  const minute = minuteOfDay(at)
  if (minute < 360 || minute >= 1080) return '夜间'
  return minute < 720 ? '上午' : '下午'
}

/** 4小时, 1小时30分, 45分 */
export function durationLabel(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest}分钟`
  return rest === 0 ? `${hours}小时` : `${hours}小时${rest}分`
}

/** 11月24日 周二 下午 14:00–18:00（4小时）; the end day is written when it is another one. */
export function slotLabel(slot: Slot): string {
  const end = endClock(slot)
  return `${dayLabel(dateOf(slot.startsAt))} ${partOfDay(slot.startsAt)} ${clock(slot.startsAt)}–${end}（${durationLabel(slotMinutes(slot))}）`
}

/** 14:00–18:00 */
export function slotClock(slot: Slot): string {
  return `${clock(slot.startsAt)}–${endClock(slot)}`
}

/** 11-24 14:00 */
export function stamp(at: Date): string {
  return `${dateOf(at).slice(5)} ${clock(at)}`
}

function endClock(slot: Slot): string {
  const startDay = dateOf(slot.startsAt)
  const endDay = dateOf(slot.endsAt)
  if (endDay === startDay) return clock(slot.endsAt)
  if (minuteOfDay(slot.endsAt) === 0 && endDay === addDays(startDay, 1)) return '24:00'
  return `${dayLabel(endDay)} ${clock(slot.endsAt)}`
}
