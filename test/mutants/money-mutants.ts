import type { Mutant } from './mutants.ts'

const VOUCHER = 'drizzle/functions/02_voucher.sql'
const REDEMPTION = 'drizzle/functions/05_redemption.sql'
const TABLES = 'drizzle/0001_first_slice.sql'
const LEDGER = 'test/database/ledger.test.ts'

/** Guards of the ledger. */
export const moneyMutants: readonly Mutant[] = [
  {
    name: 'quota-below-zero',
    guard: 'a quota may fall below zero: many at once spend what is there once',
    file: TABLES,
    find: `CONSTRAINT "quota_never_negative" CHECK (`,
    replace: `CONSTRAINT "quota_never_negative" CHECK (true or `,
    caughtBy: { file: LEDGER, test: 'never lets a quota fall below zero' },
  },
  {
    name: 'quota-above-cap',
    guard: 'what was issued is summed without the lock: many at once exceed the cap',
    file: VOUCHER,
    find: '  perform 1 from accounts where id = quota_account for no key update;\n',
    replace: '',
    caughtBy: { file: LEDGER, test: 'of ten issues at once that together exceed the cap' },
  },
  {
    name: 'earmark-resolved-twice',
    guard: 'an earmark may be resolved twice: posted, and released as well',
    file: TABLES,
    find: 'CONSTRAINT "transfers_resolve_once" UNIQUE("resolves_id")',
    replace: 'CONSTRAINT "transfers_resolve_once" CHECK (true)',
    caughtBy: { file: LEDGER, test: 'resolves an earmark once' },
  },
  {
    name: 'more-than-reserved',
    guard: 'a posting may be higher than its earmark',
    file: VOUCHER,
    find: ' or new.amount_fen > earmark.amount_fen\n',
    replace: '\n',
    caughtBy: { file: LEDGER, test: 'posts what was used and frees the rest' },
  },
  {
    name: 'accounts-in-any-order',
    guard: 'a transfer takes its two accounts as they come: opposite ones deadlock',
    file: VOUCHER,
    find: `    perform 1 from accounts where id in (new.debit_account_id,
      new.credit_account_id) order by id for no key update;
`,
    replace: '',
    caughtBy: { file: LEDGER, test: 'sums to zero after hundreds of opposite transfers' },
  },
  {
    name: 'accounts-locked-as-keys',
    guard:
      'a transfer locks accounts as keys: the foreign keys of other transfers deadlock with it',
    file: VOUCHER,
    find: 'new.credit_account_id) order by id for no key update;',
    replace: 'new.credit_account_id) order by id for update;',
    caughtBy: { file: LEDGER, test: 'sums to zero after hundreds of opposite transfers' },
  },
  {
    name: 'act-accounts-in-any-order',
    guard: 'a batch takes its accounts one by one: two batches with the same payees deadlock',
    file: REDEMPTION,
    find: '  perform 1 from accounts where id = any (p_accounts) order by id for no key update;',
    replace: '  null;',
    caughtBy: { file: LEDGER, test: 'takes the accounts of a whole act in one order' },
  },
  {
    name: 'history-editable',
    guard: 'a transfer may be changed afterwards',
    file: VOUCHER,
    find: 'transfers_immutable before update or delete on transfers',
    replace: 'transfers_immutable before delete on transfers',
    caughtBy: { file: LEDGER, test: 'keeps its history' },
  },
  {
    name: 'sums-editable',
    guard: 'the sums of an account may be written by hand',
    file: VOUCHER,
    find: 'if pg_trigger_depth() < 2 and',
    replace: 'if pg_trigger_depth() < 1 and',
    caughtBy: { file: LEDGER, test: 'keeps its history' },
  },
]
