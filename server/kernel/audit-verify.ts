import type { KeyObject } from 'node:crypto'
import { isSealed, rootOf, type Seal, type SealBatch } from './audit-seals.ts'
import type { Sql } from './connect.ts'

/**
 * Of a row: `altered` since it was linked, `deleted`, `swapped` with another one, `unlinked`. Of a
 * link: `link_edited`, `link_missing`, `swapped`. Of a chain: `truncated`, `head_mismatch`. Of a
 * seal: `seal_mismatch` when the chain is not what was sealed, `seal_forged` when nobody with the
 * key made it, `seal_unreadable`.
 */
export type FindingKind =
  | 'altered'
  | 'deleted'
  | 'swapped'
  | 'unlinked'
  | 'link_edited'
  | 'link_missing'
  | 'truncated'
  | 'head_mismatch'
  | 'seal_mismatch'
  | 'seal_forged'
  | 'seal_unreadable'

export type Finding = {
  kind: FindingKind
  shard: number | null
  seq: number | null
  /** The table of the row; of a seal its file, or audit_seals. */
  source: string | null
  rowId: string | null
}

export type Verified = {
  links: number
  seals: number
  /** At most FINDINGS_MAX of each step. */
  findings: Finding[]
}

export type VerifyOptions = {
  /** From outside the database: `sealsIn(folder)`. Those inside are always looked at. */
  seals?: Iterable<SealBatch>
  /** Public keys by kid: `sealKeysIn(folder)`. */
  keys?: ReadonlyMap<string, KeyObject>
  /** How many connections walk side by side; in a transaction one. */
  lanes?: number
}

type Chain = { shard: number; lastSeq: number; kind: FindingKind | null; seq: number | null }

/** Links, rows and seals in one statement: each stays far within the limit of a request's. */
const SLICE = 5_000
const ROWS = 20_000
const SEALS_PAGE = 1_000
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const FINDINGS_MAX = 1_000
const SWAPS_MAX = 200

/**
 * Verifies the whole audit record: every link against its row and the link before it, every head
 * against its chain, every entry and transfer for its link, every seal for its signature and for
 * the links it tells of. Walks page by page and may run while others write: what is committed
 * later is left for the next time. A tail that was cut off together with its head is found only by
 * a seal from outside.
 */
export async function verifyAudit(sql: Sql, options: VerifyOptions = {}): Promise<Verified> {
  const chains = await sql<Chain[]>`select * from audit_chains()`
  const findings = chains.flatMap(({ shard, seq, kind }) =>
    kind === null ? [] : [finding(kind, { shard, seq })],
  )
  findings.push(...(await walkAll(sql, chains, options.lanes ?? 1)), ...(await unlinked(sql)))
  await nameSwaps(sql, findings)
  const sealed = await verifySeals(sql, options)
  return {
    links: chains.reduce((sum, chain) => sum + chain.lastSeq, 0),
    seals: sealed.seals,
    findings: [...findings, ...sealed.findings],
  }
}

/** All chains side by side, a slice of each in turn: what was written together is read together. */
async function walkAll(sql: Sql, chains: readonly Chain[], lanes: number): Promise<Finding[]> {
  const found: Finding[] = []
  const slices = slicesOf(chains)
  const walk = async () => {
    for (const { shard, after, upto } of slices) {
      if (found.length >= FINDINGS_MAX) return
      const slice = await sql<Finding[]>`
        select kind, seq, source, row_id from audit_findings(${shard}, ${after}, ${upto})`
      found.push(...slice.map((one) => ({ ...one, shard })))
    }
  }
  await Promise.all(Array.from({ length: lanes }, walk))
  return found.slice(0, FINDINGS_MAX)
}

function* slicesOf(chains: readonly Chain[]) {
  const longest = Math.max(0, ...chains.map((chain) => chain.lastSeq))
  const rounds = Math.ceil(longest / SLICE)
  for (let round = 0; round < rounds; round++) {
    for (const { shard, lastSeq } of chains) {
      const after = Math.floor((lastSeq * round) / rounds)
      const upto = Math.floor((lastSeq * (round + 1)) / rounds)
      if (upto > after) yield { shard, after, upto }
    }
  }
}

async function unlinked(sql: Sql): Promise<Finding[]> {
  const found: Finding[] = []
  for (let after = FIRST_ID; after < LAST_ID && found.length < FINDINGS_MAX; ) {
    const [end] = await sql<{ id: string | null }[]>`
      select audit_rows_until(${after}, ${ROWS}) as id`
    const upto = end?.id ?? LAST_ID
    const rows = await sql<{ source: string; rowId: string }[]>`
      select * from audit_unlinked(${after}, ${upto})`
    found.push(...rows.map((row) => finding('unlinked', row)))
    after = upto
  }
  return found.slice(0, FINDINGS_MAX)
}

/** Calls what only changed places by that name: of the first findings, as it compares all pairs. */
async function nameSwaps(sql: Sql, findings: readonly Finding[]): Promise<void> {
  const altered = findings.filter((one) => one.kind === 'altered').slice(0, SWAPS_MAX)
  for (const group of groupsBy(altered, (one) => one.source)) {
    const rows = await sql<{ rowId: string }[]>`
      select * from audit_rows_swapped(${group[0]?.source ?? null},
        ${group.flatMap((one) => one.rowId ?? [])}::uuid[])`
    const swapped = new Set(rows.map((row) => row.rowId))
    for (const one of group) if (swapped.has(one.rowId ?? '')) one.kind = 'swapped'
  }
  const edited = findings.filter((one) => one.kind === 'link_edited').slice(0, SWAPS_MAX)
  for (const group of groupsBy(edited, (one) => one.shard)) {
    const rows = await sql<{ seq: number }[]>`
      select * from audit_links_swapped(${group[0]?.shard ?? null},
        ${group.flatMap((one) => one.seq ?? [])}::bigint[])`
    const swapped = new Set(rows.map((row) => row.seq))
    for (const one of group) if (swapped.has(one.seq ?? -1)) one.kind = 'swapped'
  }
}

function groupsBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): T[][] {
  const groups = new Map<K, T[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return [...groups.values()]
}

async function verifySeals(
  sql: Sql,
  { seals = [], keys = new Map() }: VerifyOptions,
): Promise<{ seals: number; findings: Finding[] }> {
  const findings: Finding[] = []
  let count = 0
  const take = async (batch: SealBatch) => {
    count += batch.seals.length
    if (findings.length < FINDINGS_MAX) findings.push(...(await verifyBatch(sql, batch, keys)))
  }
  for (const batch of seals) await take(batch)
  for await (const batch of sealsInside(sql)) await take(batch)
  return { seals: count, findings }
}

/**
 * A chain that agrees with a seal agrees with all before it. So of each batch the last seal must be
 * signed, and each that does not agree; of those the first for each shard is told.
 */
async function verifyBatch(
  sql: Sql,
  { origin, seals, unreadable }: SealBatch,
  keys: ReadonlyMap<string, KeyObject>,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const source = origin
  if (unreadable > 0) findings.push(finding('seal_unreadable', { source }))
  const last = seals.at(-1)
  if (last !== undefined && !isSealed(last, keys)) findings.push(finding('seal_forged', { source }))
  const told = new Set<number>()
  for (const { nth, shard, seq, isGone } of await partings(sql, seals)) {
    const seal = seals[nth]
    if (told.has(shard) || seal === undefined || !isSealed(seal, keys)) continue
    told.add(shard)
    findings.push(finding(isGone ? 'truncated' : 'seal_mismatch', { shard, seq, source }))
  }
  return findings
}

type Parting = { nth: number; shard: number; seq: number; isGone: boolean }

/** Where links are not what seals say, or not there; `nth` counts the seals from 0. */
function partings(sql: Sql, seals: readonly Seal[]): Promise<readonly Parting[]> {
  const heads = seals.flatMap((seal, nth) => seal.heads.map((head) => ({ ...head, nth })))
  return sql<Parting[]>`
    select h.nth, h.shard, h.seq, l.hash is null as is_gone
    from unnest(${heads.map((one) => one.nth)}::int[], ${heads.map((one) => one.shard)}::int[],
        ${heads.map((one) => one.seq)}::bigint[], ${heads.map((one) => one.hash)}::text[])
        as h (nth, shard, seq, hash)
      left join audit_links l on (l.shard, l.seq) = (h.shard, h.seq)
    where l.hash is distinct from h.hash order by h.nth, h.shard`
}

/** The copies in the database, as batches. */
async function* sealsInside(sql: Sql): AsyncGenerator<SealBatch> {
  type Row = Omit<Seal, 'root'> & { id: string }
  let after = FIRST_ID
  for (;;) {
    const rows = await sql<Row[]>`
      select id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, heads, kid,
        signature
      from audit_seals where id > ${after} order by id limit ${SEALS_PAGE}`
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
    const seals = rows.map((row) => ({ ...row, root: rootOf(row.at, row.heads) }))
    yield { origin: 'audit_seals', seals, unreadable: 0 }
  }
}

function finding(kind: FindingKind, about: Partial<Finding>): Finding {
  return { shard: null, seq: null, source: null, rowId: null, ...about, kind }
}
