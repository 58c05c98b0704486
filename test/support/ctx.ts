import type { Sql } from '@yiqi/server/kernel/connect.ts'
import type { Ctx } from '@yiqi/server/kernel/ctx.ts'
import { silentLog } from '@yiqi/server/kernel/log.ts'
import { testVault } from './vault.ts'

/** Tuesday 24 November 2026, 09:00 in Taiyuan. */
const NOW = new Date('2026-11-24T01:00:00.000Z')

/** The ctx of a job in a test, on the pool; anything of it may be set otherwise. */
export function jobCtx(sql: Sql, other: Partial<Ctx> = {}): Ctx {
  return {
    sql,
    actor: { kind: 'job', name: 'test' },
    now: () => NOW,
    demo: false,
    requestId: 'test',
    address: null,
    vault: testVault,
    log: silentLog,
    ...other,
  }
}
