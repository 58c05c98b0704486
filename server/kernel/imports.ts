import { must } from '@yiqi/shared/kernel/assert.ts'
import { type Ctx, refuse } from './ctx.ts'
import { record } from './events.ts'

/** What came of importing a simple table: all rows or none. */
export type TableImport = {
  rowsTotal: number
  written: number
  /** Row numbers from 1, header included. */
  errors: { row: number; column: string; message: string }[]
}

/**
 * Registers are brought in by jobs (the command line, the demonstration) and platform
 * administrators.
 */
export function allowImport(ctx: Ctx): void {
  if (ctx.actor.kind === 'visitor') refuse('identity.not_logged_in')
  if (ctx.actor.kind === 'job') return
  if (ctx.actor.kind !== 'member' || ctx.actor.role !== 'platform-administrator')
    refuse('identity.role_missing')
}

/** What is about many rows or none has an event with a subject of its own. */
export async function recordAlone(ctx: Ctx, name: string, count: number): Promise<void> {
  const [row] = await ctx.sql<{ id: string }[]>`select new_id() as id`
  await record(ctx, name, { subjectId: must(row, 'an id').id, detail: { count } })
}
