import { connect, inTransaction, type Sql } from '@yiqi/server/kernel/connect.ts'
import { sendMessage } from '@yiqi/server/message/send-message.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { act, requested } from '../support/act.ts'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { testVault } from '../support/vault.ts'

let cast: Cast
let sql: Sql
const walled = ['messages', 'bank_accounts', 'audit_entries', 'files'] as const

beforeAll(async () => {
  cast = await newCast()
  sql = connect(cast.url, { max: 2, role: 'yiqi_app' })
  const { xiaojin, stranger, lab } = { ...cast.people, lab: cast.people.finance }
  const { id } = await requested(cast)
  await act(cast.ctx(xiaojin), sendMessage, { bookingId: id, text: '样品已寄出' })
  await cast.sql`
    insert into bank_accounts (organisation_id, bank_name, account, account_tail, state,
      proposed_at)
    select o.id, '示例银行', 'sealed', '0001', 'refused', now() from organisations o
    where o.id in (${lab.organisationId}, ${stranger.organisationId})`
  await cast.sql`
    insert into files (organisation_id, owner_id, purpose, name, type, bytes, sha256, state, scan,
      stored_as, key, created_at)
    values (${xiaojin.organisationId}, ${xiaojin.userId}, 'licence', 'sealed', 'application/pdf', 1,
      '', 'clean', 'none', 'x', 'sealed', now())`
  await cast.sql`
    insert into audit_entries (at, kind, action, subject_id, detail, request_id)
    values (now(), 'money', 'test', '', '{}', 'test')`
})
afterAll(async () => {
  await sql?.end({ timeout: 1 })
  await cast?.drop()
})

/** How many rows of each walled table somebody sees; null: nobody was said. */
async function seen(person: Person | null): Promise<Record<string, number>> {
  return inTransaction(sql, async (tx) => {
    if (person) await tx`select act_as(${person.userId}, ${person.organisationId}, ${person.role})`
    const counts: Record<string, number> = {}
    for (const table of walled) {
      const rows = await tx`select from ${tx(table)}`
      counts[table] = rows.length
    }
    return counts
  })
}

describe('row-level security', () => {
  it('shows nobody anything before it is said who asks', async () => {
    expect(await seen(null)).toEqual({ messages: 0, bank_accounts: 0, audit_entries: 0, files: 0 })
  })

  it('shows each organisation what is its own', async () => {
    const { xiaojin, stranger, hao, otherTechnician, auditor } = cast.people
    expect(await seen(xiaojin)).toMatchObject({ messages: 1, bank_accounts: 0, files: 1 })
    expect(await seen(hao)).toMatchObject({ messages: 1, bank_accounts: 1, files: 0 })
    expect(await seen(stranger)).toMatchObject({ messages: 0, bank_accounts: 1, files: 0 })
    expect(await seen(otherTechnician)).toMatchObject({ messages: 0, bank_accounts: 0 })
    expect((await seen(auditor)).audit_entries).toBeGreaterThan(0)
    expect((await seen(xiaojin)).audit_entries).toBe(0)
  })

  it('is forgotten with the transaction', async () => {
    await seen(cast.people.xiaojin)
    const rows = await sql`select from messages`
    expect(rows.length).toBe(0)
  })

  it('lets nobody write for another organisation', async () => {
    const { stranger, hao } = cast.people
    const forge = (person: Person) =>
      inTransaction(sql, async (tx) => {
        await tx`select act_as(${person.userId}, ${person.organisationId}, ${person.role})`
        await tx`insert into bank_accounts (organisation_id, bank_name, account, account_tail,
            state, proposed_at)
          values (${hao.organisationId}, 'x', 'x', 'x', 'refused', now())`
      })
    await expect(forge(stranger)).rejects.toMatchObject({ code: '42501' })
    await expect(forge(hao)).resolves.toBeUndefined()
  })

  it('holds on every table whose fields are sealed, or that table says why not', async () => {
    // Behind the owner's own key: read by exact key only, before it is known who asks.
    const excepted = ['users', 'factors', 'wechat_bindings', 'audit_links', 'audit_seals']
    const { sealedColumns } = await import('@yiqi/server/kernel/reseal.ts')
    const rows = await cast.sql<{ relname: string }[]>`
      select relname from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace`
    const secured = rows.map((row) => row.relname)
    for (const { table } of sealedColumns) expect([...secured, ...excepted], table).toContain(table)
    expect(new Set(secured)).toEqual(new Set(walled))
  })
})

describe('the role of the server', () => {
  it('writes history once and the chain not at all', async () => {
    for (const statement of [
      'update events set name = name',
      'delete from transfers',
      'update audit_entries set action = action',
      'delete from audit_links',
      'update audit_heads set seq = 0',
      'truncate events',
      'alter table messages disable row level security',
      'create table mine (id int)',
    ])
      await expect(sql.unsafe(statement), statement).rejects.toMatchObject({ code: '42501' })
  })
})

it('sealed fields say nothing without the vault', async () => {
  const [row] = await cast.sql<{ text: string; id: string }[]>`select id, text from messages`
  expect(row?.text).toMatch(/^v1\.intl\./)
  const cell = { column: 'messages.text', rowId: row?.id ?? '' } as const
  expect(await testVault.unseal(cast.sql, cell, row?.text ?? '')).toBe('样品已寄出')
})
