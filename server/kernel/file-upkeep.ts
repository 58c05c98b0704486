import { type Ctx, transact } from './ctx.ts'
import { record } from './events.ts'
import { contentOf, type Store } from './file-reading.ts'
import { asStore, forgetFile } from './file-rows.ts'

/** Contents that no row knows, and files whose content is not there: never, but for a lost disk. */
export type Orphans = { contents: string[]; files: string[] }

/** A content's row comes within moments; one without it for so long has none. Real time. */
const ORPHAN_MS = 3_600_000
const FILES_AT_ONCE = 500
const LINKS_DAYS = 7
const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * A job, for every minute or so: removes from disk what deleted and refused files left, deletes
 * files whose day has come, and forgets old links. Answers how many files it deleted. What it
 * deletes now leaves the disk in the next round, when that is certain.
 */
export async function deleteExpiredFiles(ctx: Ctx, store: Store): Promise<number> {
  await removeLeftovers(ctx, store)
  const old = new Date(ctx.now().getTime() - LINKS_DAYS * 24 * 3_600_000)
  await ctx.sql`delete from file_links where expires_at < ${old}`
  return transact(ctx, async (tx) => {
    const expired = await asStore(
      tx,
      ({ sql, now }) => sql<{ id: string }[]>`
        select id from files where delete_on <= ${now()} and deleted_at is null
        order by delete_on limit ${FILES_AT_ONCE} for update skip locked`,
    )
    for (const { id } of expired) {
      await forgetFile(tx, id)
      await record(tx, 'file.deleted', { subjectId: id })
    }
    return expired.length
  })
}

/**
 * A job, not in a transaction: scanning takes long. Asks the scanner again about files that wait
 * for it, oldest first. A clean one may be used from then on; of one with a virus only the row
 * stays. Answers how many it decided.
 */
export async function scanQuarantined(ctx: Ctx, store: Store): Promise<number> {
  const { scanner } = store
  if (scanner === null) return 0
  let decided = 0
  for (let after: Waiting | undefined; ; ) {
    const file: Waiting | undefined = await nextWaiting(ctx, after)
    if (file === undefined) return decided
    const verdict = await scanner(await contentOf(ctx, store, file))
    if (verdict.kind !== 'unanswered')
      decided += await decide(ctx, file.id, verdict.kind === 'clean')
    else {
      ctx.log('error', 'scanner_unanswered', { id: file.id, why: verdict.why })
      // A scanner that is away would let each of the others wait in turn; one that refuses this
      // file, perhaps for its size, may answer for the next.
      if (decided === 0) return 0
    }
    after = file
  }
}

/**
 * A job for every hour or so, not in a transaction: removes from disk what no row knows and is
 * older than an hour, as a crash or a transaction that was rolled back leaves it. Answers what it
 * removed, and the files whose content is missing. Reads every name on disk.
 */
export async function findOrphans(ctx: Ctx, { contents }: Store): Promise<Orphans> {
  const gone: string[] = []
  const there = new Set<string>()
  for (const shelf of await contents.shelves()) {
    const onShelf = await contents.onShelf(shelf)
    const old = onShelf.filter(({ ageMs }) => ageMs > ORPHAN_MS).map(({ name }) => name)
    const known = old.length === 0 ? [] : await storedAmong(ctx, old)
    for (const { name } of onShelf) there.add(name)
    gone.push(...old.filter((name) => !known.includes(name)))
  }
  for (const name of gone) await contents.remove(name)
  const files = await missing(ctx, there)
  for (const id of files) ctx.log('error', 'file_content_missing', { id })
  if (gone.length > 0) ctx.log('warn', 'file_contents_removed', { count: gone.length })
  return { contents: gone, files }
}

/** Only of rows that others have committed: this transaction's own may yet be rolled back. */
async function removeLeftovers(ctx: Ctx, { contents }: Store): Promise<void> {
  const left = await asStore(
    ctx,
    ({ sql }) => sql<{ id: string; storedAs: string }[]>`
      select id, stored_as from files where key is null and stored_as <> ''
      limit ${FILES_AT_ONCE}`,
  )
  for (const { storedAs } of left) await contents.remove(storedAs)
  const ids = left.map(({ id }) => id)
  await asStore(
    ctx,
    ({ sql }) => sql`update files set stored_as = '' where id = any (${ids}::uuid[])`,
  )
}

type Waiting = { id: string; key: string; storedAs: string; createdAt: Date }

async function nextWaiting(ctx: Ctx, after: Waiting | undefined): Promise<Waiting | undefined> {
  const [next] = await asStore(
    ctx,
    ({ sql }) => sql<Waiting[]>`
      select id, key, stored_as, created_at from files
      where state = 'quarantined' and deleted_at is null
        and (created_at, id) > (${after?.createdAt ?? new Date(0)}, ${after?.id ?? NOBODY})
      order by created_at, id limit 1`,
  )
  return next
}

function decide(ctx: Ctx, id: string, clean: boolean): Promise<number> {
  const [state, scan] = clean ? ['clean', 'clean'] : ['refused', 'infected']
  return transact(ctx, async (tx) => {
    const decided = await asStore(
      tx,
      ({ sql }) => sql`
        update files set state = ${state}, scan = ${scan},
          key = case when ${clean} then key end
        where id = ${id} and state = 'quarantined' and deleted_at is null`,
    )
    const name = clean ? 'file.cleared' : 'file.refused'
    if (decided.count > 0) await record(tx, name, { subjectId: id })
    return decided.count
  })
}

async function storedAmong(ctx: Ctx, names: readonly string[]): Promise<string[]> {
  const rows = await asStore(
    ctx,
    ({ sql }) => sql<{ storedAs: string }[]>`
      select stored_as from files where stored_as = any (${[...names]}::text[])
        and stored_as <> ''`,
  )
  return rows.map(({ storedAs }) => storedAs)
}

/** Files on whose row nobody is at work: what was listed before was written before. */
async function missing(ctx: Ctx, there: ReadonlySet<string>): Promise<string[]> {
  const before = new Date(ctx.now().getTime() - ORPHAN_MS)
  const rows = await asStore(
    ctx,
    ({ sql }) => sql<{ id: string; storedAs: string }[]>`
      select id, stored_as from files where key is not null and created_at < ${before}`,
  )
  return rows.filter(({ storedAs }) => !there.has(storedAs)).map(({ id }) => id)
}
