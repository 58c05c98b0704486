import type { Page } from '@yiqi/shared/kernel/schema.ts'
import type { AuditDetail, AuditKind } from './audit.ts'
import { type Ctx, iso } from './ctx.ts'
import { pageBy, pageLimit, readCursor } from './page.ts'

export type AuditFilter = {
  /** Half-open: instants from `from` on, before `to`. */
  from: Date
  to: Date
  kind?: AuditKind | undefined
  action?: string | undefined
  actorId?: string | undefined
  subjectId?: string | undefined
  /** The page's cursor. */
  after?: string | undefined
  limit?: number | undefined
}

export type AuditEntry = {
  id: string
  at: string
  kind: AuditKind
  action: string
  actorId: string | null
  /** Null for a job, and for a person whose account was erased. */
  actorName: string | null
  job: string | null
  role: string | null
  organisationId: string | null
  logInId: string | null
  subjectId: string
  detail: AuditDetail
  address: string | null
  requestId: string
  /** The entry's place in the chain; null only for an entry that was written past it. */
  shard: number | null
  seq: number | null
  hash: string | null
}

type Row = Omit<AuditEntry, 'at'> & { at: Date; sortKey: string }

/**
 * Entries of the audit record, newest first. Who may read them is the caller's to say. Refuses
 * kernel.cursor_malformed.
 */
export async function listAudit(ctx: Ctx, filter: AuditFilter): Promise<Page<AuditEntry>> {
  const { sql } = ctx
  const limit = pageLimit(filter.limit)
  const [afterAt, afterId] = readCursor(filter.after) ?? []
  const rows = await sql<Row[]>`
    select e.id, e.at, e.kind, e.action, e.actor_id, u.name as actor_name, e.job, e.role,
      e.organisation_id, e.log_in_id, e.subject_id, e.detail, e.address, e.request_id,
      l.shard, l.seq, l.hash, audit_instant(e.at) as sort_key
    from audit_entries e
      left join audit_links l on l.source = 'audit_entries' and l.row_id = e.id
      left join users u on u.id = e.actor_id
    where e.at >= ${filter.from} and e.at < ${filter.to}
      and ${filter.kind ? sql`e.kind = ${filter.kind}` : sql`true`}
      and ${filter.action ? sql`e.action = ${filter.action}` : sql`true`}
      and ${filter.actorId ? sql`e.actor_id = ${filter.actorId}` : sql`true`}
      and ${filter.subjectId ? sql`e.subject_id = ${filter.subjectId}` : sql`true`}
      and ${
        afterAt && afterId
          ? sql`(e.at, e.id) < (${afterAt}::text::timestamptz, ${afterId}::text::uuid)`
          : sql`true`
      }
    order by e.at desc, e.id desc limit ${limit + 1}`
  return pageBy(
    rows,
    limit,
    (row) => [row.sortKey, row.id],
    ({ sortKey: _, at, ...row }) => ({ ...row, at: iso(at) }),
  )
}
