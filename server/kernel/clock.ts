import type { Sql } from './connect.ts'

/** The platform's clock: real time plus the demonstration's offset, which lives in the database. */
export type Clock = {
  now: () => Date
  offsetMs: () => number
  refresh: (sql: Sql) => Promise<void>
}

/** `realNow` is given by the composition root; the offset is read anew by `refresh`. */
export function makeClock(realNow: () => Date): Clock {
  let offset = 0
  return {
    now: () => new Date(realNow().getTime() + offset),
    offsetMs: () => offset,
    refresh: async (sql) => {
      const [row] = await sql<{ offsetMs: number }[]>`select offset_ms from clock`
      offset = row?.offsetMs ?? 0
    },
  }
}
