import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { CONNECTIONS, type Driver, withDriver } from './driver.ts'
import { type Figure, figure, medianFigure } from './figures.ts'
import { inRounds, rateOf } from './loops.ts'
import type { Stage } from './stage.ts'

const PAIRS = 500
const ROUNDS = 5
const ROUND_MS = 2_000
const FEN = 100
const QUOTA_FEN = 10_000_000

/** A quota that pays and an account that is paid. */
type Pair = { quota: string; payable: string }

/**
 * Transfers a second: an earmark, which moves one account, then its posting, which moves two.
 * Beside it the same changes of the same number of rows, which nobody watches or writes down.
 */
export function ledger(stage: Stage): Promise<Figure[]> {
  return stage.withDatabase(async ({ sql, url }) => {
    const pairs = await openAccounts(sql)
    const rates = await withDriver(url, (driver) => {
      const rate = (work: (driver: Driver, pair: Pair) => Promise<void>, of: readonly Pair[]) => {
        let next = 0
        const once = () => work(driver, must(of[next++ % of.length], 'a pair of accounts'))
        // Two transfers each time.
        return async () => 2 * (await rateOf(CONNECTIONS, ROUND_MS, once))
      }
      const hot = pairs.slice(0, 1)
      return inRounds(ROUNDS, {
        spread: rate(transfer, pairs),
        spreadRows: rate(changeRows, pairs),
        spreadTogether: rate(changeTogether, pairs),
        hot: rate(transfer, hot),
        hotRows: rate(changeRows, hot),
      })
    })
    return [
      medianFigure(
        `transfers over ${PAIRS} quotas, beside bare updates`,
        '/s',
        { own: rates.spread, baseline: rates.spreadRows },
        { of: 'ratio', atLeast: 0.5 },
      ),
      medianFigure(`transfers over ${PAIRS} quotas, beside a statement for each`, '/s', {
        own: rates.spread,
        baseline: rates.spreadTogether,
      }),
      medianFigure('transfers on one quota, beside bare updates', '/s', {
        own: rates.hot,
        baseline: rates.hotRows,
      }),
      figure('accounts that are not what their transfers say', '', await astray(sql), {
        bound: { of: 'value', atMost: 0 },
      }),
    ]
  })
}

async function transfer(sql: Driver, { quota, payable }: Pair): Promise<void> {
  const [earmark] = await sql<{ id: string }[]>`
    insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, pending)
    values (now(), 'earmark', ${quota}, ${payable}, ${FEN}, true) returning id`
  await sql`
    insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen, resolves_id)
    values (now(), 'post', ${quota}, ${payable}, ${FEN}, ${must(earmark, 'an earmark').id})`
}

/** What the trigger does to balances for these two transfers, a row at a time. */
async function changeRows(sql: Driver, { quota, payable }: Pair): Promise<void> {
  await sql`update bench_balances set pending = pending + ${FEN}::bigint where id = ${quota}`
  await sql`
    update bench_balances set pending = pending - ${FEN}::bigint, debits = debits + ${FEN}::bigint
    where id = ${quota}`
  await sql`update bench_balances set credits = credits + ${FEN}::bigint where id = ${payable}`
}

/** The same in as many statements and commits as there are transfers. */
async function changeTogether(sql: Driver, { quota, payable }: Pair): Promise<void> {
  await sql`update bench_balances set pending = pending + ${FEN}::bigint where id = ${quota}`
  await sql`
    with paid as (
      update bench_balances set pending = pending - ${FEN}::bigint, debits = debits + ${FEN}::bigint
      where id = ${quota})
    update bench_balances set credits = credits + ${FEN}::bigint where id = ${payable}`
}

/** Quotas with enough on them, opened and issued as the product does, and rows like them. */
async function openAccounts(sql: Sql): Promise<Pair[]> {
  const pairs = await sql<Pair[]>`
    select ledger_account('quota:bench-' || n, 'quota', null, null) as quota,
      ledger_account('payable:bench-' || n, 'payable', null, null) as payable
    from generate_series(1, ${PAIRS}::int) n`
  await sql`select ledger_account('treasury:bench', 'treasury', null, null)`
  await sql`
    insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen)
    select now(), 'issue', t.id, q.id, ${QUOTA_FEN}::bigint
    from accounts t, accounts q where t.kind = 'treasury' and q.kind = 'quota'`
  await sql`
    create table bench_balances as
    select id, 0::bigint as debits, 0::bigint as credits, 0::bigint as pending from accounts`
  await sql`alter table bench_balances add primary key (id)`
  await sql`vacuum analyze`
  return pairs
}

/** Accounts whose sums differ from those that their transfers alone give. */
async function astray(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from accounts a join accounts_recomputed r using (id)
    where (a.credits_posted, a.debits_posted, a.debits_pending)
      <> (r.credits_posted, r.debits_posted, r.debits_pending)`
  return must(row, 'a count').n
}
