import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import { liveStates } from '@yiqi/shared/booking/terms.ts'
import { HOUR_MS } from '@yiqi/shared/kernel/time.ts'
import type { Quota } from '@yiqi/shared/voucher/endpoints.ts'

const pinned: readonly BookingCard['state'][] = liveStates
const PIN_HOURS = 24

/** The booking to pin on top: the one running, else the next to start within a day. */
export function nextBooking(rows: readonly BookingCard[], now: Date): BookingCard | null {
  const at = now.getTime()
  const near = rows.filter((row) => {
    if (!pinned.includes(row.state)) return false
    if (row.state === 'held')
      return row.holdExpiresAt !== null && Date.parse(row.holdExpiresAt) > at
    if (row.state === 'running') return true
    return Date.parse(row.endsAt) > at && Date.parse(row.startsAt) - at < PIN_HOURS * HOUR_MS
  })
  const first = (a: BookingCard, b: BookingCard) => a.startsAt.localeCompare(b.startsAt)
  const running = near.filter((row) => row.state === 'running').sort(first)
  return running[0] ?? near.sort(first)[0] ?? null
}

export type QuotaSum = {
  title: string
  totalFen: number
  redeemedFen: number
  earmarkedFen: number
  validTo: string
}

/** All quotas of the enterprise as one bar: what matters at home is what is left in all. */
export function quotaSum(rows: readonly Quota[]): QuotaSum | null {
  const first = rows[0]
  if (first === undefined) return null
  const sum = (of: (quota: Quota) => number) => rows.reduce((total, quota) => total + of(quota), 0)
  return {
    title: rows.length === 1 ? '创新券剩余额度' : `创新券剩余额度（${rows.length} 个计划）`,
    totalFen: sum((quota) => quota.issuedFen),
    redeemedFen: sum((quota) => quota.redeemedFen),
    earmarkedFen: sum((quota) => quota.earmarkedFen),
    validTo: rows.map((quota) => quota.programme.validTo).sort()[0] ?? first.programme.validTo,
  }
}

/** The last booking of each instrument, latest first: what one may want again. */
export function lastInstruments(rows: readonly BookingCard[], count: number): BookingCard[] {
  const seen = new Set<string>()
  return [...rows]
    .sort((a, b) => b.startsAt.localeCompare(a.startsAt))
    .filter((row) => {
      if (row.state === 'lapsed' || seen.has(row.instrument.id)) return false
      seen.add(row.instrument.id)
      return true
    })
    .slice(0, count)
}
