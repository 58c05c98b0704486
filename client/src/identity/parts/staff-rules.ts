import type { Tone } from '@yiqi/shared/booking/terms.ts'
import type { StaffRow } from '@yiqi/shared/identity/endpoints-staff.ts'
import type { Validity } from '@yiqi/shared/identity/terms-staff.ts'
import { clockOf, type DateText, daysBetween } from '@yiqi/shared/kernel/time.ts'
import { dayFrom } from './organisation-rules.ts'

/** The colour of a paper by how it stands; the word says the same. */
export const validityTones: Record<Validity, Tone> = {
  none: 'quiet',
  valid: 'ok',
  expiring: 'warn',
  expired: 'bad',
}

/** "有效期至 2027-01-31", "还有 12 天到期", "已过期 3 天"; a paper without an end: "长期有效". */
export function expiryWords(expiresOn: DateText | null, today: DateText, soon: Validity): string {
  if (expiresOn === null) return '长期有效'
  const days = daysBetween(today, expiresOn)
  if (soon === 'expired') return `已过期 ${-days} 天`
  if (soon === 'expiring') return days === 0 ? '今天到期' : `还有 ${days} 天到期`
  return `有效期至 ${expiresOn}`
}

/** "分析测试 · 高级实验师 · 3 台仪器 · 2 项培训" */
export function staffWords(row: StaffRow): string {
  const parts = row.registered
    ? [row.post, row.title, `${row.instruments} 台仪器`, `${row.trainings} 项培训`]
    : [row.title, `${row.instruments} 台仪器`, '尚未登记']
  return parts.filter(Boolean).join(' · ')
}

/** A day that may be left out: null when it is, undefined while it is no day. */
export function optionalDay(text: string): DateText | null | undefined {
  return text.trim() === '' ? null : (dayFrom(text) ?? undefined)
}

/** Minutes of a clock as it is typed: 8:30, 0830, 24:00; null when it is none. */
export function minuteFrom(text: string): number | null {
  const match = /^(\d{1,2})[:：]?([0-5]\d)$/.exec(text.trim())
  if (match === null) return null
  const minute = Number(match[1]) * 60 + Number(match[2])
  return minute <= 1440 ? minute : null
}

/** "08:30–12:00" */
export function hoursWords(shift: { startsMinute: number; endsMinute: number }): string {
  return `${clockOf(shift.startsMinute)}–${clockOf(shift.endsMinute)}`
}
