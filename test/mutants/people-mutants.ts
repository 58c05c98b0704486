import type { Mutant } from './mutants.ts'

const TABLES = 'drizzle/0007_two_people.sql'
const ACCOUNT_TABLES = 'drizzle/0005_access.sql'
const VOUCHER = 'drizzle/functions/02_voucher.sql'
const REDEMPTION = 'drizzle/functions/05_redemption.sql'
const ACCOUNTS = 'drizzle/functions/11_bank_accounts.sql'
const ISSUES = 'test/voucher/quota-issues.test.ts'
const BATCHES = 'test/redemption/two-people.test.ts'
const BANK = 'test/identity/bank-accounts.test.ts'

/** Guards of what takes two people. */
export const peopleMutants: readonly Mutant[] = [
  {
    name: 'issues-own-quota',
    guard: 'who proposed quota may issue it where the program does not ask',
    file: TABLES,
    find: 'CHECK ("quota_issues"."made_by" <> "quota_issues"."checked_by")',
    replace: 'CHECK (true)',
    caughtBy: { file: ISSUES, test: 'by the rule and by the database alone' },
  },
  {
    name: 'own-quota-offered',
    guard: 'the rule lets who proposed quota issue it: the button is there, the database says no',
    file: 'shared/voucher/rules.ts',
    find: "return issue.madeBy === userId ? 'voucher.own_proposal' : null",
    replace: 'return null',
    caughtBy: { file: ISSUES, test: 'only somebody else may check it' },
  },
  {
    name: 'issued-without-money',
    guard: 'a proposal becomes issued and no money moves',
    file: VOUCHER,
    find: "for each row when (new.state = 'issued') execute",
    replace: "for each row when (new.state = 'never') execute",
    caughtBy: { file: ISSUES, test: 'moves the money together with the state' },
  },
  {
    name: 'checked-again',
    guard: 'a proposal is checked whatever its state: who comes second is told a bug, not a state',
    file: VOUCHER,
    find: "    where id = p_issue and state = 'proposed';",
    replace: '    where id = p_issue;',
    caughtBy: { file: ISSUES, test: 'keeps the reason and ends it' },
  },
  {
    name: 'proposal-editable',
    guard: 'a proposal may be changed after it was made: the checker issues another amount',
    file: VOUCHER,
    find: `if old.state <> 'proposed' or (new.id,`,
    replace: `if false and (new.id,`,
    caughtBy: { file: ISSUES, test: 'never changes: not its content' },
  },
  {
    name: 'approves-own-batch',
    guard: 'who composed a batch may be written as who approved it',
    file: TABLES,
    find: 'CHECK ("batches"."approved_by" <> "batches"."opened_by")',
    replace: 'CHECK (true)',
    caughtBy: { file: BATCHES, test: 'are kept apart by the database alone' },
  },
  {
    name: 'one-of-two-approvers-composed',
    guard: 'who composed a batch may give one of its approvals',
    file: REDEMPTION,
    find: 'where id = new.batch_id and opened_by = new.user_id) then',
    replace: 'where id = new.batch_id and false) then',
    caughtBy: { file: BATCHES, test: 'are kept apart by the database alone' },
  },
  {
    name: 'pays-own-approval',
    guard: 'who approved a batch may be written as who paid it',
    file: TABLES,
    find: 'CHECK ("batches"."instructed_by" <> "batches"."approved_by")',
    replace: 'CHECK (true)',
    caughtBy: { file: BATCHES, test: 'are kept apart by the database alone' },
  },
  {
    name: 'first-approver-pays',
    guard: 'of two who approved only the last may not pay',
    file: REDEMPTION,
    find: `          and a.user_id = new.instructed_by) then
        perform refuse('redemption.own_batch');`,
    replace: `          and a.user_id = new.instructed_by) then
        null;`,
    caughtBy: { file: BATCHES, test: 'of a large batch takes two people' },
  },
  {
    name: 'changed-batch-paid',
    guard: 'what changed after the approval is paid all the same',
    file: REDEMPTION,
    find: "        perform refuse('redemption.batch_changed');",
    replace: '        null;',
    caughtBy: { file: BATCHES, test: 'is of exactly this content' },
  },
  {
    name: 'payee-not-approved',
    guard: 'the approval is of amounts only: another payee is paid',
    file: REDEMPTION,
    find: 'c.enterprise_id, c.institution_id, c.payee_id, c.amount_fen,',
    replace: 'c.enterprise_id, c.institution_id, c.amount_fen,',
    caughtBy: { file: BATCHES, test: 'is of exactly this content' },
  },
  {
    name: 'large-batch-by-one',
    guard: 'one approval is enough for any sum',
    file: 'shared/redemption/rules.ts',
    find: 'claimsFen > inForce.aboveFen ? 2 : 1',
    replace: 'claimsFen > inForce.aboveFen ? 1 : 1',
    caughtBy: { file: BATCHES, test: 'of a large batch takes two people' },
  },
  {
    name: 'approves-twice',
    guard: 'one person may give both approvals where the program does not ask',
    file: TABLES,
    find: 'CREATE UNIQUE INDEX "batch_approvals_once"',
    replace: 'CREATE INDEX "batch_approvals_once"',
    caughtBy: { file: BATCHES, test: 'of a large batch takes two people' },
  },
  {
    name: 'approvals-of-different-contents',
    guard: 'two approvals count together though the batch changed between them',
    file: REDEMPTION,
    find: '    where batch_id = p_batch and content_hash = content;',
    replace: '    where batch_id = p_batch;',
    caughtBy: { file: BATCHES, test: 'of another content does not count' },
  },
  {
    name: 'reconciles-own-explanation',
    guard: 'who explained a difference may close the books over it',
    file: REDEMPTION,
    find: "        perform refuse('redemption.own_explanation');",
    replace: '        null;',
    caughtBy: { file: BATCHES, test: 'is refused to who explained a difference' },
  },
  {
    name: 'puts-own-account-in-use',
    guard: 'who proposed an account may put it in use where the program does not ask',
    file: ACCOUNT_TABLES,
    find: 'CHECK ("bank_accounts"."decided_by" <> "bank_accounts"."proposed_by")',
    replace: 'CHECK (true)',
    caughtBy: { file: BANK, test: 'by the rule and by the database alone' },
  },
  {
    name: 'account-used-unchecked',
    guard: 'an account is in use and nobody checked it',
    file: TABLES,
    find: 'or "bank_accounts"."decided_by" is not null or',
    replace: 'or true or',
    caughtBy: { file: BANK, test: 'by the rule and by the database alone' },
  },
  {
    name: 'account-decided-again',
    guard: 'an account goes from any state to any other: what is in use waits again',
    file: ACCOUNTS,
    find: 'if new.state <> old.state and (old.state',
    replace: 'if false and (old.state',
    caughtBy: { file: BANK, test: 'ends only by being replaced' },
  },
  {
    name: 'account-of-another',
    guard: 'any organisation finds any account: a stranger puts it in use',
    file: 'server/identity/queries-bank.ts',
    find: '`k.organisation_id = ',
    replace: '`k.organisation_id is not null or k.organisation_id = ',
    caughtBy: { file: BANK, test: 'is nobody else’s' },
  },
  {
    name: 'province-goes-first',
    guard: 'the province checks accounts that the organisation itself can check',
    file: 'server/identity/queries-bank.ts',
    find: "ctx.sql`k.state = 'proposed' and c.others = 0`",
    replace: "ctx.sql`k.state = 'proposed'`",
    caughtBy: { file: BANK, test: 'is the province’s only where the organisation has nobody' },
  },
]
