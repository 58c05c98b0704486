import { lapseBookings } from './booking/lapse-bookings.ts'
import type { Ctx } from './kernel/ctx.ts'
import { agreeSilentSessions } from './session/agree-silent-sessions.ts'

export type Job = { name: string; everyMs: number; run: (ctx: Ctx) => Promise<unknown> }

/** Every recurring job, on one screen. Each runs in one transaction. */
export const jobs: readonly Job[] = [
  { name: 'lapse-bookings', everyMs: 30_000, run: lapseBookings },
  { name: 'agree-silent-sessions', everyMs: 60_000, run: agreeSilentSessions },
]
