import { must } from '@yiqi/shared/kernel/assert.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import type { ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import {
  type Account,
  change,
  draw,
  insert,
  read,
  type Steps,
  type Transfer,
  type Tx,
  take,
} from './store.ts'

// The double-entry ledger over the store: transfers are the history, sums are kept beside them.

export const quotaOf = (enterprise: string, mode: ProgrammeMode) => `quota:${enterprise}:${mode}`
export const payableOf = (payee: string) => `payable:${payee}`
export const availableFen = (account: Account) =>
  account.creditsPosted - account.debitsPosted - account.debitsPending

/** Writes a transfer and both sums. Refuses `voucher.quota_too_low`, `voucher.earmark_resolved`. */
export function* transfer(tx: Tx, wanted: Transfer): Steps<string> {
  const earmark = wanted.resolves === null ? null : read(tx, 'transfer', wanted.resolves)
  const unique = wanted.resolves !== null && tx.store.bug !== 'earmark resolved twice'
  const id = unique ? `resolves ${wanted.resolves}` : draw(tx, 'transfer')
  if (!(yield* insert(tx, 'transfer', id, wanted))) throw new Refusal('voucher.earmark_resolved')
  const { debit, credit, amountFen } = wanted
  const freedFen = earmark?.amountFen ?? 0
  if (wanted.pending) {
    yield* adjust(tx, debit, { debitsPending: amountFen })
  } else if (wanted.kind === 'release') {
    yield* adjust(tx, debit, { debitsPending: -freedFen })
  } else {
    yield* lockAccounts(tx, [debit, credit])
    yield* adjust(tx, debit, { debitsPosted: amountFen, debitsPending: -freedFen })
    yield* adjust(tx, credit, { creditsPosted: amountFen })
  }
  return id
}

/** Takes accounts in one order for all, so that nobody waits in a circle. */
export function* lockAccounts(tx: Tx, ids: readonly string[]): Steps<void> {
  for (const id of [...ids].sort()) yield* take(tx, `account ${id}`)
}

/** Posts what was used and frees the rest, or releases it all at zero. Once. */
export function* resolveEarmark(tx: Tx, id: string, usedFen: number): Steps<void> {
  const earmark = must(read(tx, 'transfer', id), 'the earmark')
  yield* transfer(tx, {
    ...earmark,
    kind: usedFen > 0 ? 'post' : 'release',
    amountFen: usedFen > 0 ? usedFen : earmark.amountFen,
    pending: false,
    resolves: id,
  })
}

type Sums = Omit<Account, 'kind'>

function* adjust(tx: Tx, id: string, by: Partial<Sums>): Steps<void> {
  const early = tx.store.bug === 'balance read before the lock' ? read(tx, 'account', id) : null
  yield* change(tx, 'account', id, (latest) => {
    const account = early ?? latest
    const next = {
      kind: account.kind,
      creditsPosted: account.creditsPosted + (by.creditsPosted ?? 0),
      debitsPosted: account.debitsPosted + (by.debitsPosted ?? 0),
      debitsPending: account.debitsPending + (by.debitsPending ?? 0),
    }
    if (next.kind !== 'treasury' && availableFen(next) < 0)
      throw new Refusal('voucher.quota_too_low')
    return next
  })
}
