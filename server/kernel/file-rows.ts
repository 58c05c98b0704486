import type { FileScan, FileState, FileType } from '@yiqi/shared/kernel/files.ts'
import { actingAs, type Ctx, refuse, transact } from './ctx.ts'

// The rows of files, for the store alone. Row-level security shows a file to its owner and their
// organisation; whom else its purpose allows to read it only the purpose knows, so the store asks
// as a job and then the purpose.

/** A file as its purpose is asked about it. */
export type FileFacts = {
  id: string
  ownerId: string
  /** Of the owner's role when they brought it; null: they had none. */
  organisationId: string | null
  purpose: string
  type: FileType
  bytes: number
  sha256: string
  state: FileState
  scan: FileScan
  createdAt: Date
}

export type FileRow = FileFacts & {
  /** Sealed. */
  name: string
  storedAs: string
  /** Sealed; null: destroyed. */
  key: string | null
  deletedAt: Date | null
}

/** Limits of an organisation; of a person where there is none. */
export type Quota = { files: number; bytes: number }

type Owner = { ownerId: string; organisationId: string | null }

const LOCK = 12

/**
 * Runs SQL with the database told that a job asks, and tells it afterwards who really does. `fn`
 * only asks the database: it refuses nothing.
 */
export function asStore<T>(ctx: Ctx, fn: (ctx: Ctx) => Promise<T>): Promise<T> {
  const store: Ctx = { ...ctx, actor: { kind: 'job', name: 'file-store' } }
  return transact(store, async (tx) => {
    await tx.sql`select ${actingAs(tx)}`
    const answer = await fn(tx)
    await tx.sql`select ${actingAs({ sql: tx.sql, actor: ctx.actor })}`
    return answer
  })
}

/** A file by its id, deleted ones as well; null where there is none. */
export function fileById(ctx: Ctx, id: string): Promise<FileRow | null> {
  return asStore(ctx, async ({ sql }) => {
    const [row] = await sql<FileRow[]>`
      select id, owner_id, organisation_id, purpose, name, type, bytes, sha256, state, scan,
        stored_as, key, created_at, deleted_at
      from files where id = ${id}`
    return row ?? null
  })
}

/** Refuses kernel.file_quota where one file of `bytes` more would be too much. */
export async function checkQuota(
  ctx: Ctx,
  owner: Owner,
  { quota, bytes }: { quota: Quota; bytes: number },
): Promise<void> {
  const kept = await asStore(ctx, (tx) => keptBy(tx, owner))
  if (kept.files + 1 > quota.files || kept.bytes + bytes > quota.bytes) refuse('kernel.file_quota')
}

/**
 * Adds the row of a file whose content is on disk. One at a time for each organisation, so that its
 * limits hold. Refuses kernel.file_quota.
 */
export async function insertFile(
  ctx: Ctx,
  row: FileRow & { deleteOn: Date | null },
  quota: Quota,
): Promise<void> {
  const { ownerId, organisationId } = row
  await transact(ctx, async (tx) => {
    await tx.sql`
      select pg_advisory_xact_lock(hashtextextended(${organisationId ?? ownerId}, ${LOCK}))`
    if (row.state !== 'refused') await checkQuota(tx, row, { quota, bytes: row.bytes })
    await asStore(
      tx,
      ({ sql }) => sql`
        insert into files (id, organisation_id, owner_id, purpose, name, type, bytes, sha256, state,
          scan, stored_as, key, created_at, delete_on)
        values (${row.id}, ${organisationId}, ${ownerId}, ${row.purpose}, ${row.name}, ${row.type},
          ${row.bytes}, ${row.sha256}, ${row.state}, ${row.scan}, ${row.storedAs}, ${row.key},
          ${row.createdAt}, ${row.deleteOn})`,
    )
  })
}

/**
 * Destroys a file's key and name, and its links with it; the row says that it was there. False:
 * there is none, or it is deleted already.
 */
export function forgetFile(ctx: Ctx, id: string): Promise<boolean> {
  return asStore(ctx, async ({ sql, now }) => {
    await sql`delete from file_links where file_id = ${id}`
    const gone = await sql`
      update files set key = null, name = '', deleted_at = ${now()}
      where id = ${id} and deleted_at is null`
    return gone.count > 0
  })
}

async function keptBy({ sql }: Ctx, { ownerId, organisationId }: Owner): Promise<Quota> {
  const whose =
    organisationId === null
      ? sql`owner_id = ${ownerId} and organisation_id is null`
      : sql`organisation_id = ${organisationId}`
  const [kept] = await sql<Quota[]>`
    select count(*)::int as files, coalesce(sum(bytes), 0)::int8 as bytes from files
    where ${whose} and deleted_at is null and state <> 'refused'`
  return kept ?? { files: 0, bytes: 0 }
}
