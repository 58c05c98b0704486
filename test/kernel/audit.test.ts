import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { audit } from '@yiqi/server/kernel/audit.ts'
import { type Seal, sealKey } from '@yiqi/server/kernel/audit-seals.ts'
import { type Finding, type Verified, verifyAudit } from '@yiqi/server/kernel/audit-verify.ts'
import { connect, inTransaction, isNotDone, type Sql } from '@yiqi/server/kernel/connect.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { sealAudit } from '@yiqi/server/kernel/seal-audit.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'
import { jobCtx } from '../support/ctx.ts'

const POSITIONS = 100
const WRITERS = 8
const WRITES = 200
const UNDO = 'undo'

type Link = { shard: number; seq: number; source: 'audit_entries' | 'transfers'; rowId: string }

let cast: Cast
let links: Link[]
let seal: Seal
let folder: string
let accounts: { from: string; to: string }
const key = () => sealKey(path.join(folder, 'audit-key'))

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'yiqi-audit-'))
  cast = await newCast()
  const [row] = await cast.sql<{ from: string; to: string }[]>`
    select (select id from accounts where kind = 'treasury' limit 1) as from,
      ledger_account('payable:audit', 'payable', null, null) as to`
  accounts = must(row, 'two accounts')
  await write(2, 60)
  links = await linksNow()
  seal = must(await sealAudit(jobCtx(cast.sql), { key: key(), folder }), 'a seal')
})
afterEach(async () => expect((await verified()).findings).toEqual([]))
afterAll(async () => {
  await cast.drop()
  rmSync(folder, { recursive: true })
})

/** So many writers side by side, each with so many transactions of two entries and a transfer. */
async function write(writers: number, times: number): Promise<void> {
  const one = async (writer: number) => {
    for (let n = 0; n < times; n++)
      await transact(cast.ctx(cast.people.province), async (ctx) => {
        const about = { kind: 'money', action: 'voucher.issueQuota', subjectId: `${n}` } as const
        await audit(ctx, { ...about, detail: { writer, n } })
        await move(ctx.sql)
        await audit(ctx, { ...about, detail: { writer, n, amountFen: 1 } })
      })
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => one(writer)))
}

let moved = 0
/** A transfer like no other one. */
const move = (sql: Sql) => sql<{ id: string }[]>`
  insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, reason)
  values (${START}, 'payment', ${accounts.from}, ${accounts.to}, ${++moved}, '年度"额度')
  returning id`

const linksNow = async () => [
  ...(await cast.sql<Link[]>`select shard, seq, source, row_id from audit_links order by 1, 2`),
]

const verified = (sql = cast.sql) =>
  verifyAudit(sql, {
    seals: [{ origin: 'outside', seals: [seal], unreadable: 0 }],
    keys: new Map([[seal.kid, key().publicKey]]),
  })

/** What is found after `damage`, done past every trigger, and undone. */
async function foundAfter(
  damage: (sql: Sql) => Promise<unknown>,
  verify: (sql: Sql) => Promise<Verified> = verified,
): Promise<Finding[]> {
  let found: Finding[] = []
  const work = inTransaction(cast.sql, async (tx) => {
    await tx`set local session_replication_role = replica`
    await damage(tx)
    found = (await verify(tx)).findings
    throw new Error(UNDO)
  })
  await expect(work).rejects.toThrow(UNDO)
  return found
}

const positions = () =>
  Array.from({ length: POSITIONS }, (_, n) =>
    must(links[Math.floor((n * links.length) / POSITIONS)], 'a link there'),
  )
const partner = (link: Link) =>
  must(
    links.find((one) => one.source === link.source && one.rowId !== link.rowId),
    'another row of the table',
  )
const change = (sql: Sql, { source, rowId }: Link) =>
  source === 'transfers'
    ? sql`update transfers set amount_fen = amount_fen + 1 where id = ${rowId}`
    : sql`update audit_entries set detail = detail || '{"n": -1}' where id = ${rowId}`
const place = ({ shard, seq }: { shard: number | null; seq: number | null }) => `${shard}/${seq}`

describe('tampering is found wherever it is done:', () => {
  it('a row that was altered', async () => {
    for (const link of positions())
      expect(await foundAfter((tx) => change(tx, link))).toEqual([{ kind: 'altered', ...link }])
  }, 120_000)

  it('a row that was deleted', async () => {
    for (const link of positions())
      expect(
        await foundAfter((tx) => tx`delete from ${tx(link.source)} where id = ${link.rowId}`),
      ).toEqual([{ kind: 'deleted', ...link }])
  }, 120_000)

  it('two rows that were swapped', async () => {
    for (const link of positions()) {
      const other = partner(link)
      const name = (tx: Sql, from: string, to: string) =>
        tx`update ${tx(link.source)} set id = ${to} where id = ${from}`
      const found = await foundAfter(async (tx) => {
        const aside = '00000000-0000-0000-0000-000000000001'
        await name(tx, link.rowId, aside)
        await name(tx, other.rowId, link.rowId)
        await name(tx, aside, other.rowId)
      })
      expect(found.map((one) => one.kind)).toEqual(['swapped', 'swapped'])
      expect(found.map((one) => one.rowId).sort()).toEqual([link.rowId, other.rowId].sort())
    }
  }, 120_000)

  it('a tail that was cut off, by the head; where that was cut back too, by the seal', async () => {
    for (const [n, { shard, seq }] of positions().entries()) {
      const cut = async (tx: Sql) => {
        for (const source of ['transfers', 'audit_entries'])
          await tx`delete from ${tx(source)} r using audit_links l where l.row_id = r.id
            and l.shard = ${shard} and l.seq >= ${seq}`
        await tx`delete from audit_links where shard = ${shard} and seq >= ${seq}`
      }
      const cutBack = async (tx: Sql) => {
        await cut(tx)
        await tx`delete from audit_heads where shard = ${shard}`
        await tx`insert into audit_heads select shard, seq, hash from audit_links
          where shard = ${shard} order by seq desc limit 1`
        await tx`delete from audit_seals`
      }
      expect(await foundAfter(cut, (tx) => verifyAudit(tx))).toContainEqual(
        expect.objectContaining({ kind: 'truncated', shard, seq }),
      )
      // Only the seal from outside tells; every tenth time looked at without it.
      if (n % 10 === 0) expect(await foundAfter(cutBack, (tx) => verifyAudit(tx))).toEqual([])
      expect((await foundAfter(cutBack)).map((one) => [one.kind, one.shard])).toEqual([
        ['truncated', shard],
      ])
    }
  }, 120_000)

  it('two links that changed places, with their hashes and without', async () => {
    for (const [n, a] of positions().entries()) {
      const next = links.find((one) => one.shard === a.shard && one.seq === a.seq + 1)
      const far = links.find((one) => one.shard === a.shard && Math.abs(one.seq - a.seq) > 2)
      const b = must(n % 2 ? (next ?? far) : far, 'another link of the shard')
      const found = await foundAfter(async (tx) => {
        await tx`drop index audit_links_row`
        await tx`
          update audit_links l set source = o.source, row_id = o.row_id, row_hash = o.row_hash,
            hash = ${n % 4 < 2 ? tx`o.hash` : tx`l.hash`}
          from audit_links o where l.shard = ${a.shard} and o.shard = l.shard
            and l.seq in (${a.seq}, ${b.seq}) and o.seq = ${a.seq + b.seq}::bigint - l.seq`
      })
      const swapped = found.filter((one) => one.kind === 'swapped').map(place)
      expect(swapped.sort()).toEqual([place(a), place(b)].sort())
    }
  }, 120_000)
})

describe('also found is', () => {
  it('a row that was written past the chain', async () => {
    expect(await foundAfter((tx) => move(tx))).toMatchObject([
      { kind: 'unlinked', source: 'transfers' },
    ])
  })

  it('a link that is gone, at its place and at its row', async () => {
    const link = must(
      links.find((one) => one.seq === 3),
      'a third link',
    )
    const found = await foundAfter(
      (tx) => tx`delete from audit_links where (shard, seq) = (${link.shard}, ${link.seq})`,
    )
    expect(found).toContainEqual(
      expect.objectContaining({ kind: 'link_missing', shard: link.shard, seq: 3 }),
    )
    expect(found).toContainEqual(
      expect.objectContaining({ kind: 'unlinked', rowId: link.rowId, source: link.source }),
    )
  })

  it('a link that was made to fit its altered row: at the link that follows', async () => {
    const link = must(
      links.find((one) => one.seq === 3),
      'a third link',
    )
    const found = await foundAfter((tx) => refit(tx, link, link.seq))
    expect(found.map((one) => [one.kind, place(one)])).toEqual([
      ['link_edited', `${link.shard}/${link.seq + 1}`],
    ])
  })

  it('a chain rewritten to its very end and head: by the seal', async () => {
    const link = must(
      links.find((one) => one.seq === 3),
      'a third link',
    )
    const end = Math.max(...links.filter((one) => one.shard === link.shard).map((one) => one.seq))
    const found = await foundAfter(async (tx) => {
      await refit(tx, link, end)
      await tx`delete from audit_seals`
      await tx`update audit_heads h set hash = l.hash from audit_links l
        where (h.shard, h.seq) = (l.shard, l.seq)`
    })
    expect(found).toMatchObject([{ kind: 'seal_mismatch', shard: link.shard, seq: end }])
  })

  it('a head that is gone or is not its last link', async () => {
    const kinds = async (damage: (tx: Sql) => Promise<unknown>) =>
      (await foundAfter(damage)).map((one) => one.kind)
    const { shard } = must(links[0], 'a link')
    expect(await kinds((tx) => tx`delete from audit_heads where shard = ${shard}`)).toEqual([
      'head_mismatch',
    ])
    expect(
      await kinds((tx) => tx`update audit_heads set hash = 'x' where shard = ${shard}`),
    ).toEqual(['head_mismatch'])
  })

  it('a transfer without a link, by the invariants as well', async () => {
    const broken = async (recent: string | null) => {
      let rows: { invariant: string }[] = []
      await foundAfter(async (tx) => {
        await move(tx)
        rows = [
          ...(await tx<{ invariant: string }[]>`
          select invariant from broken_invariants(${START}, ${recent}::interval)`),
        ]
      })
      return rows.map((row) => row.invariant)
    }
    expect(await broken(null)).toContain('I9')
    expect(await broken('30 minutes')).toContain('I9')
    expect(await broken('-30 minutes')).not.toContain('I9')
  })

  /** Alters a row and makes its link, and those that follow up to `end`, fit it. */
  async function refit(tx: Sql, link: Link, end: number): Promise<void> {
    await change(tx, link)
    for (let seq = link.seq; seq <= end; seq++)
      await tx`
        update audit_links l set row_hash = r.hash, hash = link_hash(b.hash, l.shard, l.seq,
          l.source, l.row_id, r.hash)
        from audit_links b, (select id, audit_hash(audit_text(t)) as hash from transfers t
          union all select id, audit_hash(audit_text(e)) from audit_entries e) r
        where l.shard = ${link.shard} and l.seq = ${seq} and r.id = l.row_id
          and b.shard = l.shard and b.seq = l.seq - 1`
  }
})

describe('the chain', () => {
  it('has no gap and verifies after many writers at once, and none of them deadlocks', async () => {
    const before = (await linksNow()).length
    await write(WRITERS, WRITES)
    const after = await linksNow()
    expect(after.length - before).toBe(WRITERS * WRITES * 3)
    const [gaps] = await cast.sql<{ n: number }[]>`
      select count(*) as n from (select max(seq) - count(*) as missing from audit_links
        group by shard) s where missing <> 0`
    expect(gaps?.n).toBe(0)
    expect(new Set(after.map((one) => one.shard)).size).toBeGreaterThan(1)
  }, 120_000)

  it('holds the ledger’s transfers themselves, in one shard those of one transaction', async () => {
    const ids = await inTransaction(cast.sql, async (tx) => [
      ...(await move(tx)),
      ...(await move(tx)),
    ])
    const rows = await cast.sql<Link[]>`select shard, seq from audit_links
      where source = 'transfers' and row_id = any(${ids.map((one) => one.id)}::uuid[]) order by seq`
    const [first, second] = rows
    expect(second).toEqual({ shard: first?.shard, seq: (first?.seq ?? 0) + 1 })
    const [issued] = await cast.sql<{ n: number }[]>`
      select count(*) as n from transfers t join audit_links l on l.row_id = t.id
      where t.kind = 'issue'`
    expect(issued?.n).toBe(2)
  })

  it('keeps nothing of what was rolled back', async () => {
    const before = await linksNow()
    const undone = transact(jobCtx(cast.sql), async (ctx) => {
      await audit(ctx, { kind: 'money', action: 'test', subjectId: 'x' })
      await move(ctx.sql)
      await ctx.sql`set constraints all immediate`
      throw new Error(UNDO)
    })
    await expect(undone).rejects.toThrow(UNDO)
    expect(await linksNow()).toEqual(before)
  })

  it('acknowledges no statement that it could not chain at its commit', async () => {
    const hasty = connect(cast.url, { max: 1, lockTimeoutMs: 100 })
    const before = await linksNow()
    await inTransaction(cast.sql, async (tx) => {
      await tx`lock table audit_heads in exclusive mode`
      const refused = await move(hasty).then(
        () => false,
        (error: unknown) => isNotDone(error),
      )
      expect(refused).toBe(true)
    })
    await hasty.end({ timeout: 1 })
    expect(await linksNow()).toEqual(before)
  })

  it('reads rows the same whatever a session’s settings are', async () => {
    await inTransaction(cast.sql, async (tx) => {
      await tx`set local timezone = 'Asia/Shanghai'`
      await tx`set local datestyle = 'German'`
      await tx`set local intervalstyle = 'sql_standard'`
      await tx`set local extra_float_digits = -5`
      await tx`set local bytea_output = 'escape'`
      await tx`insert into audit_entries (at, kind, action, subject_id, detail, request_id)
        values (now(), 'money', 'test', 'x', '{"b": 1.50, "aa": "√", "a": null}', 'test')`
      await move(tx)
      await tx`set constraints all immediate`
      expect((await verified(tx)).findings).toEqual([])
    })
  })

  it('is history: nothing of it is updated, deleted or truncated', async () => {
    for (const table of ['audit_entries', 'audit_links', 'audit_seals', 'audit_heads']) {
      const name = cast.sql(table)
      if (table !== 'audit_heads')
        expect(
          await outcome(cast.sql`update ${name} set ${cast.sql(columnOf(table))} = null`),
        ).toBe('voucher.immutable')
      expect(await outcome(cast.sql`delete from ${name}`)).toBe('voucher.immutable')
      expect(await outcome(cast.sql`truncate ${name}`)).toBe('voucher.immutable')
    }
  })

  it('is written by its triggers only: the server’s role adds entries, and no link', async () => {
    const app = connect(cast.url, { max: 1, role: 'yiqi_app' })
    await audit(jobCtx(app), { kind: 'protected', action: 'test', subjectId: 'x' })
    const forge = 'permission denied'
    await expect(
      app`insert into audit_links values (0, 1000000, 'transfers', new_id(), '', '')`,
    ).rejects.toThrow(forge)
    await expect(app`update audit_heads set hash = ''`).rejects.toThrow(forge)
    await expect(app`select append_link('transfers', new_id(), '')`).rejects.toThrow(forge)
    await app.end({ timeout: 1 })
  })
})

function columnOf(table: string): string {
  return table === 'audit_entries' ? 'detail' : table === 'audit_links' ? 'hash' : 'signature'
}
