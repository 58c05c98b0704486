import { verifyAudit } from '@yiqi/server/kernel/audit-verify.ts'
import { connect, type Sql } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { type Driver, withDriver } from './driver.ts'
import { type Figure, figure, medianFigure } from './figures.ts'
import { inRounds, rateOf } from './loops.ts'
import type { Database, Stage } from './stage.ts'

const ACCOUNTS = 500
const MANY = 8
const ROUNDS = 7
const ROUND_MS = 1_500
const ENTRIES = 100_000
const AT_ONCE = 1_000
const LANES = 2

/**
 * What the chain costs a transaction of one transfer, alone and beside others, and how fast it is
 * verified. Beside it the same ledger without the chain's trigger.
 */
export function audit(stage: Stage): Promise<Figure[]> {
  return stage.withDatabase((chained) =>
    stage.withDatabase(async (bare) => {
      await bare.sql`alter table transfers disable trigger transfers_chain`
      const rates = await ratesOf(chained, bare)
      return [
        medianFigure(
          'chained transfers on one connection, beside unchained',
          '/s',
          { own: rates.one, baseline: rates.oneBare },
          { of: 'ratio', atLeast: 0.4 },
        ),
        medianFigure(
          `chained transfers on ${MANY} connections, beside unchained`,
          '/s',
          { own: rates.many, baseline: rates.manyBare },
          { of: 'ratio', atLeast: 0.4 },
        ),
        ...(await verifying(chained)),
      ]
    }),
  )
}

async function ratesOf(chained: Database, bare: Database) {
  const [ours, theirs] = [await openAccounts(chained.sql), await openAccounts(bare.sql)]
  return withDriver(chained.url, (own) =>
    withDriver(bare.url, (baseline) => {
      const rate = (driver: Driver, accounts: Accounts, loops: number) => {
        let next = 0
        return () => rateOf(loops, ROUND_MS, () => transfer(driver, accounts, next++))
      }
      return inRounds(ROUNDS, {
        one: rate(own, ours, 1),
        oneBare: rate(baseline, theirs, 1),
        many: rate(own, ours, MANY),
        manyBare: rate(baseline, theirs, MANY),
      })
    }),
  )
}

/** As many entries again as make the walk long, then all links against all rows. */
async function verifying({ sql, url }: Database): Promise<Figure[]> {
  for (let n = 0; n < ENTRIES; n += AT_ONCE)
    await sql`
      insert into audit_entries (at, kind, action, actor_id, subject_id, detail, request_id)
      select now(), 'permission', 'identity.grantMembership', new_id(), new_id()::text,
        jsonb_build_object('role', 'technician', 'membershipId', new_id()), 'bench'
      from generate_series(1, ${AT_ONCE}::int)`
  await sql`vacuum analyze`
  const pool = connect(url, { max: LANES, statementTimeoutMs: 0, deadlineMs: 0 })
  const started = performance.now()
  const { links, findings } = await verifyAudit(pool, { lanes: LANES })
  const seconds = (performance.now() - started) / 1000
  await pool.end({ timeout: 5 })
  return [
    figure('links verified', '/s', links / seconds),
    figure('links that do not verify', '', findings.length, { bound: { of: 'value', atMost: 0 } }),
  ]
}

type Accounts = { treasuries: string[]; payables: string[] }

/** Many of both sides, so that transfers wait for each other only where the chain makes them. */
async function openAccounts(sql: Sql): Promise<Accounts> {
  const rows = await sql<{ treasury: string; payable: string }[]>`
    select ledger_account('treasury:bench-' || n, 'treasury', null, null) as treasury,
      ledger_account('payable:bench-' || n, 'payable', null, null) as payable
    from generate_series(1, ${ACCOUNTS}::int) n`
  await sql`vacuum analyze`
  return { treasuries: rows.map((row) => row.treasury), payables: rows.map((row) => row.payable) }
}

async function transfer(sql: Driver, accounts: Accounts, nth: number): Promise<void> {
  const from = must(accounts.treasuries[nth % ACCOUNTS], 'an account that pays')
  const to = must(accounts.payables[(nth * 7) % ACCOUNTS], 'an account that is paid')
  await sql`
    insert into transfers (at, kind, debit_account_id, credit_account_id, amount_fen)
    values (now(), 'payment', ${from}, ${to}, 1)`
}
