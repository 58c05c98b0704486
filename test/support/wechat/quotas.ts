import { dayOf } from './tokens.ts'

export type Quotas = {
  /** How often an interface may be called from now on, by its path. */
  limit: (path: string, quota: Quota) => void
  /** Counts a call; says why it is one too many, or null. */
  whyNot: (path: string) => 45009 | 45011 | null
}
export type Quota = { perMinute?: number; perDay?: number }

const MINUTE_MS = 60_000

/** Calls are counted by the clock's minute and by the day in China. */
export function newQuotas(now: () => number): Quotas {
  const quotas = new Map<string, Quota>(Object.entries(documented))
  const counts = new Map<string, number>()
  const count = (key: string) => {
    const next = (counts.get(key) ?? 0) + 1
    counts.set(key, next)
    return next
  }
  return {
    limit: (path, quota) => {
      quotas.set(path, quota)
      for (const key of counts.keys()) if (key.startsWith(`${path} `)) counts.delete(key)
    },
    whyNot: (path) => {
      const { perMinute = Infinity, perDay = Infinity } = quotas.get(path) ?? {}
      if (count(`${path} day ${dayOf(now())}`) > perDay) return 45009
      const minute = Math.floor(now() / MINUTE_MS)
      return count(`${path} minute ${minute}`) > perMinute ? 45011 : null
    },
  }
}

const documented: Record<string, Quota> = {
  '/cgi-bin/stable_token': { perMinute: 10_000, perDay: 500_000 },
  '/wxa/resetusersessionkey': { perMinute: 60_000 },
  '/cgi-bin/message/subscribe/send': { perDay: 10_000_000 },
}
