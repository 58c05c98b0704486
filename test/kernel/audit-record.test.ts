import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { audit } from '@yiqi/server/kernel/audit.ts'
import { type AuditLine, exportAudit } from '@yiqi/server/kernel/audit-export.ts'
import { listAudit } from '@yiqi/server/kernel/audit-read.ts'
import { makeSeal, sealKey, sealKeysIn, sealsIn } from '@yiqi/server/kernel/audit-seals.ts'
import { verifyAudit } from '@yiqi/server/kernel/audit-verify.ts'
import { childEnv, repoRoot } from '@yiqi/server/kernel/config.ts'
import { sealAudit } from '@yiqi/server/kernel/seal-audit.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'
import { jobCtx } from '../support/ctx.ts'

let cast: Cast
let dataDir: string
let folder: string
const key = () => sealKey(path.join(dataDir, 'secrets', 'audit-key'))
const allTime = { from: new Date(0), to: addMinutes(START, 1_000) }

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'yiqi-audit-'))
  folder = path.join(dataDir, 'audit-seals')
  cast = await newCast()
})
afterAll(async () => {
  await cast.drop()
  rmSync(dataDir, { recursive: true })
})

const verified = () =>
  verifyAudit(cast.sql, { seals: sealsIn(folder), keys: sealKeysIn(folder), lanes: 2 })

describe('an entry', () => {
  it('says who did what to whom, from where and in which request', async () => {
    const { province } = cast.people
    const ctx = { ...cast.ctx(province), address: '203.0.113.0/24', requestId: 'r-1' }
    const about = { kind: 'permission', action: 'identity.invite', subjectId: 's-1' } as const
    await audit(ctx, { ...about, detail: { role: 'technician' } })
    await audit(jobCtx(cast.sql, { actor: { kind: 'job', name: 'night' } }), about)
    const { rows } = await listAudit(ctx, { ...allTime, subjectId: 's-1' })
    expect(rows.map((row) => [row.actorId, row.actorName, row.job])).toEqual([
      [null, null, 'night'],
      [province.userId, province.name, null],
    ])
    expect(rows[1]).toMatchObject({
      ...about,
      at: START.toISOString(),
      role: province.role,
      organisationId: province.organisationId,
      detail: { role: 'technician' },
      address: '203.0.113.0/24',
      requestId: 'r-1',
      shard: expect.any(Number),
      seq: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('is found by its time, kind, action and actor, and paged newest first', async () => {
    for (let n = 0; n < 5; n++)
      await audit(jobCtx(cast.sql, { now: () => addMinutes(START, n < 2 ? 0 : n) }), {
        kind: n % 2 ? 'money' : 'protected',
        action: `page.${n}`,
        subjectId: 'pages',
      })
    const list = (filter: object) =>
      listAudit(jobCtx(cast.sql), { ...allTime, subjectId: 'pages', ...filter })
    const first = await list({ limit: 3 })
    const rest = await list({ limit: 3, after: must(first.nextCursor, 'a second page') })
    expect([...first.rows, ...rest.rows].map((row) => row.action)).toEqual([
      'page.4',
      'page.3',
      'page.2',
      'page.1',
      'page.0',
    ])
    expect(rest.nextCursor).toBeNull()
    const actions = async (filter: object) => (await list(filter)).rows.map((row) => row.action)
    expect(await actions({ kind: 'money' })).toEqual(['page.3', 'page.1'])
    expect(await actions({ action: 'page.2' })).toEqual(['page.2'])
    expect(await actions({ actorId: cast.people.hao.userId })).toEqual([])
    const minute = { from: addMinutes(START, 2), to: addMinutes(START, 3) }
    expect(await actions(minute)).toEqual(['page.2'])
    expect(await outcome(list({ after: 'nonsense' }))).toBe('kernel.cursor_malformed')
  })
})

describe('sealing', () => {
  const at = (minutes: number) => jobCtx(cast.sql, { now: () => addMinutes(START, minutes) })
  const entry = () => audit(at(0), { kind: 'money', action: 'test', subjectId: 'x' })

  it('signs all heads, once for each time that one has moved', async () => {
    const first = must(await sealAudit(at(1), { key: key(), folder }), 'a seal')
    expect(await sealAudit(at(2), { key: key(), folder })).toBeNull()
    await entry()
    const second = must(await sealAudit(at(3), { key: key(), folder }), 'a seal')
    expect(readdirSync(folder).sort()).toEqual(['2026-11-24.jsonl', `${key().kid}.pem`].sort())
    expect([...sealsIn(folder)]).toEqual([
      { origin: '2026-11-24.jsonl', seals: [first, second], unreadable: 0 },
    ])
    // In the file and in the table.
    expect(await verified()).toMatchObject({ seals: 4, findings: [] })
  })

  it('keeps its key for the owner only, and the same key for whoever asks', () => {
    expect(statSync(path.join(dataDir, 'secrets', 'audit-key')).mode & 0o777).toBe(0o600)
    expect(key().kid).toBe(key().kid)
    expect(readFileSync(path.join(dataDir, 'secrets', 'audit-key'), 'utf8')).toContain(
      'BEGIN PRIVATE KEY',
    )
  })

  it('goes on after a line that a crash cut off, and that line is told', async () => {
    const file = path.join(folder, '2026-11-24.jsonl')
    const before = readFileSync(file, 'utf8')
    appendFileSync(file, '{"at":"2026-1')
    await entry()
    await sealAudit(at(4), { key: key(), folder })
    expect((await verified()).findings).toEqual([
      { kind: 'seal_unreadable', shard: null, seq: null, source: '2026-11-24.jsonl', rowId: null },
    ])
    writeFileSync(file, `${before}${readFileSync(file, 'utf8').split('\n').at(-2)}\n`)
    expect((await verified()).findings).toEqual([])
  })

  it('is believed only with the signature of a known key', async () => {
    const [batch] = sealsIn(folder)
    const seal = must(batch?.seals.at(-1), 'a seal')
    const other = sealKey(path.join(dataDir, 'secrets', 'other-key'))
    const [head, ...others] = seal.heads
    const heads = [{ ...must(head, 'a head'), hash: 'f'.repeat(64) }, ...others]
    const kinds = async (...seals: (typeof seal)[]) => {
      const keys = sealKeysIn(folder)
      const all = await verifyAudit(cast.sql, {
        seals: [{ origin: 'x', seals, unreadable: 0 }],
        keys,
      })
      return all.findings.map((one) => one.kind)
    }
    expect(await kinds(seal)).toEqual([])
    expect(await kinds({ ...seal, heads })).toEqual(['seal_forged'])
    expect(await kinds({ ...seal, signature: 'AAAA' })).toEqual(['seal_forged'])
    expect(await kinds(makeSeal(other, seal.at, seal.heads))).toEqual(['seal_forged'])
    // Earlier ones are bound by the last one, as long as they agree.
    expect(await kinds(makeSeal(key(), seal.at, heads), seal)).toEqual(['seal_mismatch'])
  })
})

describe('the export', () => {
  const sha = (text: string) => createHash('sha256').update(text).digest('hex')
  const exported = async (time: { from: Date; to: Date }) => {
    const lines: AuditLine[] = []
    await exportAudit(cast.sql, time, async (some) => void lines.push(...some))
    return lines
  }

  it('proves itself without the database: rows, links and seals', async () => {
    const lines = await exported(allTime)
    const ends = new Map<number, AuditLine>()
    for (const { shard, seq, source, row, text, rowHash, hash } of lines) {
      const before = ends.get(shard)
      expect(seq).toBe((before?.seq ?? 0) + 1)
      expect(sha(text)).toBe(rowHash)
      expect(JSON.parse(text)[0]).toBe(row.id)
      expect(sha([before?.hash ?? '', shard, seq, source, row.id, rowHash].join('|'))).toBe(hash)
      ends.set(shard, { shard, seq, source, row, text, rowHash, hash })
    }
    const seal = must([...sealsIn(folder)].at(-1)?.seals.at(-1), 'a seal')
    for (const { shard, seq, hash } of seal.heads)
      expect(lines).toContainEqual(expect.objectContaining({ shard, seq, hash }))
    expect(new Set(lines.map((line) => line.source))).toEqual(
      new Set(['transfers', 'audit_entries']),
    )
  })

  it('holds what happened in the time asked for', async () => {
    const minute = { from: addMinutes(START, 2), to: addMinutes(START, 3) }
    expect((await exported(minute)).map((line) => line.row.action)).toEqual(['page.2'])
  })
})

describe('the command line', () => {
  const admin = (...args: string[]) => {
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'server/admin.ts', 'audit', ...args],
      {
        cwd: repoRoot,
        env: childEnv({ DATABASE_URL: cast.url, DATA_DIR: dataDir }),
        encoding: 'utf8',
      },
    )
    return { status, stdout }
  }

  it('verifies, and ends with 1 when something was tampered with', async () => {
    expect(admin('verify').status).toBe(0)
    await cast.sql`alter table audit_entries disable trigger audit_entries_immutable`
    const recount = (by: number) => cast.sql`
      update audit_entries set at = at + make_interval(secs => ${by}::int) where action = 'page.1'`
    await recount(1)
    const { status, stdout } = admin('verify', '--json')
    expect([status, JSON.parse(stdout).findings]).toMatchObject([1, [{ kind: 'altered' }]])
    await recount(-1)
    await cast.sql`alter table audit_entries enable trigger audit_entries_immutable`
    expect(admin('verify').status).toBe(0)
  }, 60_000)

  it('exports days, both included, into a file that was not there', () => {
    const out = path.join(dataDir, 'export.jsonl')
    const days = ['--from', '2026-11-24', '--to', '2026-11-24', '--out', out]
    expect(admin('export', ...days).status).toBe(0)
    const lines = readFileSync(out, 'utf8').trim().split('\n')
    expect(lines.length).toBeGreaterThan(8)
    expect(JSON.parse(lines[0] ?? '')).toHaveProperty('rowHash')
    expect(admin('export', ...days).status).toBe(2)
    expect(admin('export', '--from', 'today', '--to', 'today', '--out', `${out}2`).status).toBe(2)
    expect(existsSync(`${out}2`)).toBe(false)
  }, 60_000)
})
