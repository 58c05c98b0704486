import { appendFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Ctx, iso } from '../kernel/ctx.ts'
import { eraseAccount, type ForgetsPerson } from './erase-account.ts'
import { erasureDue } from './retention.ts'

/** How many accounts one run erases: it is one transaction. */
const ACCOUNTS_AT_ONCE = 100
const FILE = 'erasures.jsonl'

export type ErasurePorts = {
  /** Where the list of erasures lies beside the database. */
  folder: string
  forgetsPerson: ForgetsPerson
}

/** Where the list lies, below the data folder. */
export function erasuresFolder(dataDir: string): string {
  return path.join(dataDir, 'erasures')
}

/**
 * A job: erases accounts that were closed two weeks ago, oldest first; answers how many. Adds what
 * is new of the list of erasures to `<folder>/erasures.jsonl`, because a back-up that is older than
 * an erasure does not know of it. The line is on disk before the row is committed: an account that
 * is due is never opened again, so the line is true in any case, and twice does no harm.
 */
export async function eraseClosedAccounts(
  ctx: Ctx,
  { folder, forgetsPerson }: ErasurePorts,
): Promise<number> {
  const due = await ctx.sql<{ id: string }[]>`
    select id from users where closed_at <= ${erasureDue(ctx.now())} and erased_at is null
    order by closed_at limit ${ACCOUNTS_AT_ONCE} for update skip locked`
  for (const { id } of due) await eraseAccount(ctx, id, forgetsPerson)
  await copyErasures(ctx, folder)
  if (due.length > 0) ctx.log('info', 'accounts_erased', { count: due.length })
  return due.length
}

/**
 * Applies the list of erasures again, after a back-up was restored: those in the database and those
 * in the file beside it. Answers how many accounts it had to erase.
 */
export async function replayErasures(
  ctx: Ctx,
  { folder, forgetsPerson }: ErasurePorts,
): Promise<number> {
  const listed = await ctx.sql<{ userId: string }[]>`select user_id from erasures`
  const ids = new Set([...listed.map((row) => row.userId), ...(await copied(folder))])
  let erased = 0
  for (const id of [...ids].sort()) {
    const [user] = await ctx.sql`select from users where id = ${id} for update`
    if (user === undefined) continue
    const { users = 0 } = await eraseAccount(ctx, id, forgetsPerson)
    erased += users
  }
  return erased
}

async function copyErasures(ctx: Ctx, folder: string): Promise<void> {
  const fresh = await ctx.sql<{ userId: string; erasedAt: Date }[]>`
    update erasures set copied_at = ${ctx.now()} where copied_at is null
    returning user_id, erased_at`
  if (fresh.length === 0) return
  const lines = fresh.map(({ userId, erasedAt }) =>
    JSON.stringify({ userId, erasedAt: iso(erasedAt) }),
  )
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await appendFile(path.join(folder, FILE), lines.map((line) => `${line}\n`).join(''))
}

async function copied(folder: string): Promise<string[]> {
  const text = await readFile(path.join(folder, FILE), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').flatMap((line) => /"userId":"([0-9a-f-]{36})"/.exec(line)?.[1] ?? [])
}
