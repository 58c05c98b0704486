import type { Sql } from './connect.ts'

/** One row of the record with its link; `text` is what `rowHash` is the SHA-256 of. */
export type AuditLine = {
  shard: number
  seq: number
  /** The table of the row: audit_entries or transfers. */
  source: string
  /** The columns by the names the database has. */
  row: Record<string, unknown>
  text: string
  rowHash: string
  hash: string
}

const PAGE = 2_000

/**
 * Gives `write` every entry and transfer of the half-open time, in the order of the chain: shard by
 * shard, each from its first link on. Answers how many. A row of which only the link is left is not
 * among them; `verifyAudit` tells of it.
 */
export async function exportAudit(
  sql: Sql,
  { from, to }: { from: Date; to: Date },
  write: (lines: readonly AuditLine[]) => Promise<void>,
): Promise<number> {
  const chains = await sql<{ shard: number; lastSeq: number }[]>`
    select shard, last_seq from audit_chains() order by shard`
  let written = 0
  for (const { shard, lastSeq } of chains) {
    for (let after = 0; after < lastSeq; after += PAGE) {
      const lines = await sql<AuditLine[]>`
        select l.shard, l.seq, l.source, coalesce(to_jsonb(t), to_jsonb(e)) as row,
          coalesce(case when t.id is not null then audit_text(t) end, audit_text(e)) as text,
          l.row_hash, l.hash
        from audit_links l
          left join transfers t on l.source = 'transfers' and t.id = l.row_id
          left join audit_entries e on l.source = 'audit_entries' and e.id = l.row_id
        where l.shard = ${shard} and l.seq > ${after} and l.seq <= ${after + PAGE}
          and coalesce(t.at, e.at) >= ${from} and coalesce(t.at, e.at) < ${to}
        order by l.seq`
      await write(lines)
      written += lines.length
    }
  }
  return written
}
