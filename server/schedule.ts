import { lapseBookings } from './booking/lapse-bookings.ts'
import { auditInvariants } from './kernel/audit-invariants.ts'
import type { Ctx } from './kernel/ctx.ts'
import { forgetKeys } from './kernel/idempotency.ts'
import { agreeSilentSessions } from './session/agree-silent-sessions.ts'

export type Job = { name: string; everyMs: number; run: (ctx: Ctx) => Promise<unknown> }

/** Every recurring job, on one screen. Each runs in one transaction. */
export const jobs: readonly Job[] = [
  { name: 'lapse-bookings', everyMs: 10_000, run: lapseBookings },
  { name: 'agree-silent-sessions', everyMs: 60_000, run: agreeSilentSessions },
  { name: 'forget-keys', everyMs: 3_600_000, run: (ctx) => forgetKeys(ctx) },
  { name: 'audit-invariants', everyMs: 300_000, run: auditInvariants },
]
