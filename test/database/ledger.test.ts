import { inTransaction } from '@yiqi/server/kernel/connect.ts'
import { issueQuota } from '@yiqi/server/voucher/issue-quota.ts'
import { proposeQuota } from '@yiqi/server/voucher/propose-quota.ts'
import { getLedgerProof, listTransfers, quotasOf } from '@yiqi/server/voucher/queries.ts'
import type { QuotaIssue } from '@yiqi/shared/voucher/endpoints.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, expectSound, outcome } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'
import { secondOfProvince } from '../support/second-person.ts'

let cast: Cast
beforeAll(async () => {
  cast = await newCast()
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const account = async (code: string, kind = 'payable') => {
  const [row] = await cast.sql<
    { id: string }[]
  >`select ledger_account(${code}, ${kind}, null, null) as id`
  return row?.id ?? ''
}
const quota = async () => {
  const found = (
    await quotasOf(cast.ctx(cast.people.xiaojin), cast.people.xiaojin.organisationId)
  ).find((one) => one.programmeId === cast.programmes.deduct)
  if (!found) throw new Error('the cast has a quota')
  return found
}
const earmark = async (amountFen: number) => {
  const { accountId } = await quota()
  const payable = await account('payable:lab')
  const [row] = await cast.sql<{ id: string }[]>`
    insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, pending)
    values (${START}, 'earmark', ${accountId}, ${payable}, ${amountFen}, true) returning id`
  return row?.id ?? ''
}
const resolve = (id: string, amountFen: number) =>
  cast.sql`select resolve_earmark(${id}, ${amountFen}, ${START}, null)`
/** How many connections wait for somebody else's row. */
const waiting = async () =>
  (
    await cast.sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  ).length

describe('the ledger', () => {
  it('never lets a quota fall below zero, whoever asks at once', async () => {
    const { availableFen } = await quota()
    const third = Math.floor(availableFen / 3)
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcome(earmark(third))))
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(3)
    expect(outcomes.filter((code) => code === 'voucher.quota_too_low')).toHaveLength(7)
    const left = await cast.sql<{ id: string }[]>`select id from transfers where pending`
    for (const { id } of left) await resolve(id, 0)
    expect((await quota()).availableFen).toBe(availableFen)
  })

  it('resolves an earmark once: of ten at once exactly one, posted or released', async () => {
    const before = await quota()
    const id = await earmark(1_000)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => outcome(resolve(id, i % 2 ? 700 : 0))),
    )
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1)
    expect((await quota()).earmarkedFen).toBe(before.earmarkedFen)
  })

  it('posts what was used and frees the rest, never more than was reserved', async () => {
    const before = await quota()
    const id = await earmark(1_000)
    expect(await outcome(resolve(id, 1_001))).toBe('voucher.earmark_resolved')
    await resolve(id, 800)
    expect(await quota()).toMatchObject({
      redeemedFen: before.redeemedFen + 800,
      availableFen: before.availableFen - 800,
      earmarkedFen: before.earmarkedFen,
    })
    expect(await outcome(resolve(id, 800))).toBe('voucher.earmark_resolved')
  })

  it('sums to zero after hundreds of opposite transfers at once, without a deadlock', async () => {
    const [a, b] = [await account('payable:a'), await account('payable:b')]
    const treasury = await account('treasury:province', 'treasury')
    const move = (from: string, to: string) => cast.sql`
      insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen)
      values (${START}, 'payment', ${from}, ${to}, 1)`
    await Promise.all(
      [a, b].map(
        (to) => cast.sql`
      insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen)
      values (${START}, 'payment', ${treasury}, ${to}, 1000)`,
      ),
    )
    await Promise.all(Array.from({ length: 300 }, (_, i) => (i % 2 ? move(a, b) : move(b, a))))
    const proof = await getLedgerProof(cast.ctx(cast.people.auditor))
    expect(proof.sumFen).toBe(0)
    expect(proof.byKind.find((row) => row.kind === 'payable')?.balanceFen).toBeGreaterThanOrEqual(
      2_000,
    )
  })

  it('takes the accounts of a whole act in one order, so that acts wait and never deadlock', async () => {
    const ids = [await account('payable:first'), await account('payable:second')].sort()
    const [low = '', high = ''] = ids
    let other: Promise<string> = Promise.resolve('')
    await inTransaction(cast.sql, async (tx) => {
      await tx`select lock_accounts(${[low]})`
      other = outcome(cast.sql`select lock_accounts(${[high, low]})`)
      await expect.poll(waiting, { timeout: 2_500 }).toBe(1)
      await tx`select lock_accounts(${[high]})`
    })
    expect(await other).toBe('done')
  })

  it('keeps its history: no transfer is changed or deleted, no sum written by hand', async () => {
    expect(await outcome(cast.sql`update transfers set amount_fen = 1`)).toBe('voucher.immutable')
    expect(await outcome(cast.sql`delete from transfers`)).toBe('voucher.immutable')
    expect(await outcome(cast.sql`truncate transfers cascade`)).toBe('voucher.immutable')
    expect(await outcome(cast.sql`update accounts set credits_posted = credits_posted + 1`)).toBe(
      'voucher.immutable',
    )
    expect(
      await outcome(
        cast.sql`insert into accounts (code, kind, credits_posted) values ('x', 'payable', 5)`,
      ),
    ).toBe('voucher.immutable')
    expect(await outcome(cast.sql`delete from events`)).toBe('voucher.immutable')
  })

  it('explains an account by its entries, newest first', async () => {
    const own = await quota()
    const { rows } = await listTransfers(cast.ctx(cast.people.xiaojin), { id: own.id, limit: 100 })
    expect(rows.at(-1)).toMatchObject({
      kind: 'issue',
      amountFen: 50_000_000,
      availableAfterFen: 50_000_000,
    })
    expect(rows[0]?.availableAfterFen).toBe(own.availableFen)
    expect(rows.reduce((sum, row) => sum + row.amountFen, 0)).toBe(own.availableFen)
    expect(await outcome(listTransfers(cast.ctx(cast.people.stranger), { id: own.id }))).toBe(
      'voucher.no_such_quota',
    )
  })

  it('pages without losing or repeating an entry', async () => {
    const own = await quota()
    const all = await listTransfers(cast.ctx(cast.people.xiaojin), { id: own.id, limit: 100 })
    const first = await listTransfers(cast.ctx(cast.people.xiaojin), { id: own.id, limit: 2 })
    const second = await listTransfers(cast.ctx(cast.people.xiaojin), {
      id: own.id,
      limit: 100,
      cursor: first.nextCursor ?? '',
    })
    expect([...first.rows, ...second.rows]).toEqual(all.rows)
  })
})

describe('issuing quota', () => {
  const proposed = (
    amountFen = 1_000,
    enterpriseId = cast.people.stranger.organisationId,
  ): Promise<QuotaIssue> =>
    act(cast.ctx(cast.people.province), proposeQuota, {
      programmeId: cast.programmes.deduct,
      enterpriseId,
      amountFen,
      reason: '年度额度',
    })
  const issue = async (amountFen?: number) => {
    const { id } = await proposed(amountFen)
    return act(cast.ctx(await secondOfProvince(cast)), issueQuota, { id })
  }

  it('moves budget to the enterprise, with its event', async () => {
    await issue()
    const { organisationId } = cast.people.stranger
    const [quota] = await quotasOf(cast.ctx(cast.people.stranger), organisationId)
    expect(quota).toMatchObject({ issuedFen: 1_000, availableFen: 1_000 })
    const [event] = await cast.sql`select 1 from events where name = 'quota.issued'`
    expect(event).toBeDefined()
  })

  it('stays within the yearly cap and the budget', async () => {
    expect(await outcome(issue(50_000_000))).toBe('voucher.quota_over_cap')
    await cast.sql`update programmes set enterprise_cap_fen = 900000000 where id = ${cast.programmes.deduct}`
    expect(await outcome(issue(200_000_000))).toBe('voucher.budget_too_low')
    await cast.sql`update programmes set enterprise_cap_fen = 50000000 where id = ${cast.programmes.deduct}`
  })

  it('of ten issues at once that together exceed the cap, only those within it happen', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcome(issue(12_000_000))))
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(4)
  })
})
