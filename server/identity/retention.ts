import { BOOKKEEPING_YEARS, REOPEN_DAYS } from '@yiqi/shared/identity/terms-privacy.ts'
import { DAY_MS } from '@yiqi/shared/kernel/time.ts'

// For how long personal data are kept; docs/privacy.md says why. What other modules keep by their
// own numbers (idempotency keys, holds) stands there too.

export const retention = {
  /** One-time codes: as far back as their limits count. */
  codesMs: DAY_MS,
  /** 网络安全法 21: records of who was logged in are kept for more than six months. */
  logInsMs: 200 * DAY_MS,
  /** A closed account opens again by logging in. */
  reopenMs: REOPEN_DAYS * DAY_MS,
  /** 会计档案管理办法: what explains money. Nothing deletes it yet: nothing is that old. */
  bookkeepingYears: BOOKKEEPING_YEARS,
} as const

/** Accounts closed at this time or before are not opened again: their data are due to go. */
export function erasureDue(now: Date): Date {
  return new Date(now.getTime() - retention.reopenMs)
}
