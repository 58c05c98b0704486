import { forgetsPerson } from './about-person.ts'
import { lapseBookings } from './booking/lapse-bookings.ts'
import { watchTeams } from './catalogue/watch-teams.ts'
import { eraseClosedAccounts } from './identity/erase-closed-accounts.ts'
import { forgetLogIns } from './identity/forget-log-ins.ts'
import type { Keyring } from './identity/keyring.ts'
import { rotateSigningKeys } from './identity/rotate-signing-keys.ts'
import { auditInvariants } from './kernel/audit-invariants.ts'
import type { SealKey } from './kernel/audit-seals.ts'
import type { Ctx } from './kernel/ctx.ts'
import type { FileStore } from './kernel/file-store.ts'
import { forgetKeys } from './kernel/idempotency.ts'
import { resealSome } from './kernel/reseal.ts'
import { sealAudit } from './kernel/seal-audit.ts'
import { agreeSilentSessions } from './session/agree-silent-sessions.ts'

/** What jobs touch outside the database. */
export type Outside = {
  files: FileStore
  seals: { key: SealKey; folder: string }
  keyring: Keyring
  /** Where the list of erasures lies beside the database. */
  erasuresFolder: string
}

const RESEAL_ROWS = 500

export type Job = {
  name: string
  everyMs: number
  run: (ctx: Ctx) => Promise<unknown>
  /** Makes its own transactions, because it waits for something beside the database. */
  byItself?: true
}

/** Every recurring job, on one screen. Each runs in one transaction unless it says otherwise. */
export const jobsWith = ({ files, seals, keyring, erasuresFolder }: Outside): readonly Job[] => [
  { name: 'lapse-bookings', everyMs: 10_000, run: lapseBookings },
  { name: 'agree-silent-sessions', everyMs: 60_000, run: agreeSilentSessions },
  { name: 'forget-keys', everyMs: 3_600_000, run: (ctx) => forgetKeys(ctx) },
  { name: 'audit-invariants', everyMs: 300_000, run: auditInvariants },
  { name: 'seal-audit', everyMs: 60_000, run: (ctx) => sealAudit(ctx, seals) },
  { name: 'reseal', everyMs: 60_000, run: (ctx) => resealSome(ctx, RESEAL_ROWS) },
  {
    name: 'rotate-signing-keys',
    everyMs: 3_600_000,
    run: (ctx) => rotateSigningKeys(ctx, keyring),
  },
  { name: 'forget-log-ins', everyMs: 3_600_000, run: forgetLogIns },
  { name: 'delete-files', everyMs: 60_000, run: files.deleteExpiredFiles },
  { name: 'scan-files', everyMs: 60_000, run: files.scanQuarantined, byItself: true },
  { name: 'find-orphans', everyMs: 3_600_000, run: files.findOrphans, byItself: true },
  { name: 'watch-teams', everyMs: 3_600_000, run: watchTeams },
  {
    name: 'erase-closed-accounts',
    everyMs: 3_600_000,
    run: (ctx) => eraseClosedAccounts(ctx, { folder: erasuresFolder, forgetsPerson }),
  },
]
