import { must } from '@yiqi/shared/kernel/assert.ts'
import { canFrom, type Step } from '@yiqi/shared/kernel/can.ts'
import { Refusal, refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { addDays, dateOf } from '@yiqi/shared/kernel/time.ts'
import { whyNotApprove } from '@yiqi/shared/redemption/rules.ts'
import {
  type BatchState,
  batchCan,
  type ClaimState,
  claimCan,
  type Review,
  reviewedStates,
  reviews,
} from '@yiqi/shared/redemption/terms.ts'
import { splitFunders } from '@yiqi/shared/voucher/rules.ts'
import type { ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import { lockAccounts, payableOf, resolveEarmark, transfer } from './ledger.ts'
import { byId, type Call, record } from './machines.ts'
import {
  type Booking,
  type Claim,
  change,
  draw,
  insert,
  list,
  read,
  type Steps,
  type Tx,
  take,
} from './store.ts'
import { institution, programmes } from './world.ts'

// The verbs of claims and batches, in the steps of the server's.

const closedWithoutMoney: readonly ClaimState[] = ['withdrawn', 'rejected']

/** The review that a claim in this state waits for; null when there is none. */
export function nextReview(mode: ProgrammeMode, state: ClaimState): Review | null {
  const asked = programmes[mode].reviews
  if (state === 'submitted') return asked[0] ?? null
  const passed = reviews.find((review) => reviewedStates[review] === state)
  return passed === undefined ? null : (asked[asked.indexOf(passed) + 1] ?? null)
}

export function isFullyReviewed({ mode, state }: Pick<Claim, 'mode' | 'state'>): boolean {
  const underReview = canFrom(claimCan.publicise, state)
  return underReview && nextReview(mode, state) === null
}

export const payeeOf = (booking: Pick<Booking, 'mode' | 'enterprise'>) =>
  booking.mode === 'deduct' ? institution : booking.enterprise

export function* openClaim(call: Call, bookingId: string): Steps<string> {
  const { tx } = call
  const booking = read(tx, 'booking', bookingId)
  const session = read(tx, 'session', bookingId)
  const shareFen = session?.voucherFen ?? 0
  if (booking?.state !== 'closed' || booking.mode === null || shareFen === 0)
    throw new Refusal('redemption.not_claimable')
  yield* take(tx, `claims once ${bookingId}`)
  const live = ([, claim]: [string, Claim]) =>
    claim.booking === bookingId && !closedWithoutMoney.includes(claim.state)
  if (list(tx, 'claim').some(live)) throw new Refusal('redemption.already_claimed')
  const id = draw(tx, 'claim')
  const claim = { booking: bookingId, mode: booking.mode, amountFen: shareFen, batch: null }
  yield* insert(tx, 'claim', id, { ...claim, state: 'draft' })
  yield* record(call, 'claim.opened', id)
  return id
}

/** A claim's step outside any batch. Refuses `redemption.wrong_state`. */
export function* moveClaim(
  call: Call,
  id: string,
  action: 'submit' | 'withdraw',
  event: string,
): Steps<string> {
  const by: Step<ClaimState> = claimCan[action]
  const moved = yield* change(call.tx, 'claim', id, (row) =>
    canFrom(by, row.state) && row.batch === null ? { ...row, state: by.to } : null,
  )
  if (moved === null) throw new Refusal('redemption.wrong_state')
  yield* record(call, event, id)
  return id
}

export function* reviewClaim(call: Call, id: string, decision: 'pass' | 'return'): Steps<string> {
  let review: Review | null = null
  const reviewed = yield* change(call.tx, 'claim', id, (row) => {
    review = nextReview(row.mode, row.state)
    if (review === null || row.batch !== null) return null
    return { ...row, state: decision === 'pass' ? reviewedStates[review] : 'returned' }
  })
  if (reviewed === null) throw new Refusal('redemption.wrong_state')
  const passed = review === 'binding' ? 'claim.bound' : 'claim.reviewed'
  yield* record(call, decision === 'pass' ? passed : 'claim.returned', id)
  return id
}

/** Gathers what is fully reviewed; two who open at once wait for each other's claims. */
export function* openBatch(call: Call, mode: ProgrammeMode): Steps<string> {
  const { tx } = call
  const waiting = list(tx, 'claim').filter(([, row]) => row.mode === mode && row.batch === null)
  for (const [id] of waiting.sort(byId)) yield* take(tx, `claim ${id}`)
  const ready = list(tx, 'claim').filter(
    ([, row]) => row.mode === mode && row.batch === null && isFullyReviewed(row),
  )
  if (ready.length === 0) throw new Refusal('redemption.batch_empty')
  const batch = draw(tx, 'batch')
  yield* insert(tx, 'batch', batch, { state: 'open', mode, publicUntil: null })
  for (const [id] of ready.sort(byId)) yield* change(tx, 'claim', id, (row) => ({ ...row, batch }))
  yield* record(call, 'batch.opened', batch)
  return batch
}

export function* publiciseBatch(call: Call, id: string): Steps<string> {
  const today = dateOf(call.now())
  yield* moveBatch(call, id, 'publicise', (mode) => {
    const { publicityDays } = programmes[mode]
    if (publicityDays === 0) throw new Refusal('redemption.batch_wrong_state')
    return addDays(today, publicityDays)
  })
  yield* moveClaims(call, id, 'publicise', 'claim.publicised')
  yield* record(call, 'batch.publicised', id)
  return id
}

/** In a refund programme each claim's earmark is posted now, and its rest is free again. */
export function* approveBatch(call: Call, id: string): Steps<string> {
  const { tx } = call
  yield* take(tx, `batch ${id}`)
  const batch = read(tx, 'batch', id)
  if (batch === null) throw new Refusal('redemption.no_such_batch')
  const { publicityDays } = programmes[batch.mode]
  refuseIf(whyNotApprove({ ...batch, publicityDays }, dateOf(call.now())))
  yield* moveBatch(call, id, 'approve')
  if (batch.mode === 'refund') {
    const earmarks = claimsOf(tx, id).map(([, claim]) => ({
      id: must(bookingOf(tx, claim).earmark, 'the earmark of a claim'),
      usedFen: claim.amountFen,
    }))
    yield* lockAccounts(
      tx,
      earmarks.flatMap((earmark) => {
        const { debit, credit } = must(read(tx, 'transfer', earmark.id), 'the earmark')
        return [debit, credit]
      }),
    )
    for (const earmark of earmarks) yield* resolveEarmark(tx, earmark.id, earmark.usedFen)
  }
  yield* moveClaims(call, id, 'approve', 'claim.approved')
  yield* record(call, 'batch.approved', id)
  return id
}

/** One payment per claim and funder: payable to paid; the odd fen is the city's. */
export function* instructBatch(call: Call, id: string): Steps<string> {
  const { tx } = call
  yield* moveBatch(call, id, 'instruct')
  const payments = claimsOf(tx, id).flatMap(([, claim]) => {
    const booking = bookingOf(tx, claim)
    const shares = splitFunders(claim.amountFen, programmes[claim.mode].provincePermille)
    const loses = tx.store.bug === 'odd fen lost between funders'
    const cityFen = loses ? shares.provinceFen : shares.cityFen
    const from = { debit: payableOf(payeeOf(booking)), booking: claim.booking }
    return [
      { ...from, credit: 'paid:province', amountFen: shares.provinceFen },
      { ...from, credit: 'paid:city', amountFen: cityFen },
    ].filter((payment) => payment.amountFen > 0)
  })
  yield* lockAccounts(
    tx,
    payments.flatMap(({ debit, credit }) => [debit, credit]),
  )
  for (const payment of payments)
    yield* transfer(tx, { ...payment, kind: 'payment', pending: false, resolves: null })
  yield* moveClaims(call, id, 'pay', 'claim.paid')
  yield* record(call, 'batch.instructed', id)
  return id
}

export function* importReturn(call: Call, id: string): Steps<string> {
  yield* moveBatch(call, id, 'importReturn')
  yield* record(call, 'batch.returned', id)
  return id
}

export function* reconcileBatch(call: Call, id: string): Steps<string> {
  yield* moveBatch(call, id, 'reconcile')
  yield* moveClaims(call, id, 'reconcile', 'claim.reconciled')
  yield* record(call, 'batch.reconciled', id)
  return id
}

function* moveBatch(
  call: Call,
  id: string,
  action: keyof typeof batchCan,
  publicUntil: (mode: ProgrammeMode) => string | null = () => null,
): Steps<void> {
  const by: Step<BatchState> = batchCan[action]
  const moved = yield* change(call.tx, 'batch', id, (row) =>
    canFrom(by, row.state)
      ? { ...row, state: by.to, publicUntil: publicUntil(row.mode) ?? row.publicUntil }
      : null,
  )
  if (moved === null) throw new Refusal('redemption.batch_wrong_state')
}

function* moveClaims(
  call: Call,
  batch: string,
  action: keyof typeof claimCan,
  event: string,
): Steps<void> {
  const by: Step<ClaimState> = claimCan[action]
  for (const [id] of claimsOf(call.tx, batch)) {
    yield* change(call.tx, 'claim', id, (row) => ({ ...row, state: by.to }))
    yield* record(call, event, id)
  }
}

function claimsOf(tx: Tx, batch: string): [string, Claim][] {
  return list(tx, 'claim')
    .filter(([, claim]) => claim.batch === batch)
    .sort(byId)
}

function bookingOf(tx: Tx, claim: Claim): Booking {
  return must(read(tx, 'booking', claim.booking), 'the booking of a claim')
}
