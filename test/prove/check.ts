import { type BookingState, bookingCan, liveStates } from '@yiqi/shared/booking/terms.ts'
import type { Step } from '@yiqi/shared/kernel/can.ts'
import { MINUTE_MS, overlaps } from '@yiqi/shared/kernel/time.ts'
import { batchCan, claimCan, reviewedStates } from '@yiqi/shared/redemption/terms.ts'
import { sessionCan } from '@yiqi/shared/session/terms.ts'
import { availableFen } from './ledger.ts'
import { isDead } from './machines.ts'
import { originOf, type Request, readers } from './serve.ts'
import type { Account, Booking, Store, Table, Tables, Tx } from './store.ts'

// What must always hold, computed the slow way. The shape is that of `broken_invariants` in SQL.

export type Violation = { invariant: string; subject: string; detail: string }

/** What a client knows of one request in the end. */
export type Told = {
  request: Request
  outcome: 'done' | 'refused' | 'unknown'
  body: string | null
}

const HOLD_GRACE_MS = MINUTE_MS

/** The cheap checks, on what one transaction is about to change. */
export function checkCommit(tx: Tx): Violation[] {
  const { store, writes } = tx
  const broken: Violation[] = []
  const find = (invariant: string, subject: string, detail: string) =>
    broken.push({ invariant, subject, detail })
  for (const [id, account] of writes.account)
    if (account !== null && account.kind !== 'treasury' && availableFen(account) < 0)
      find('I3', id, `${availableFen(account)} fen`)
  for (const [id, taken] of writes.occupancy)
    for (const [other, one] of store.rows.occupancy) {
      const after = writes.occupancy.has(other) ? writes.occupancy.get(other) : one
      if (taken && after && other !== id && one?.instrument === taken.instrument)
        if (overlaps(taken, after)) find('I1', id, `overlaps ${other}`)
    }
  const events = new Set([...writes.event.values()].map((event) => event?.subject))
  for (const table of ['booking', 'session', 'claim', 'batch'] as const)
    for (const [id, row] of writes[table]) {
      const before = store.rows[table].get(id)?.state ?? 'nothing'
      if (row === null || row.state === before) continue
      if (!edges[table].has(`${before} > ${row.state}`)) find('I8', id, `${before} > ${row.state}`)
      if (!events.has(id)) find('I7', id, `${before} > ${row.state} without an event`)
    }
  for (const id of writes.event.keys())
    if (!writes.queue.has(id)) find('I7', id, 'not queued with its commit')
  return broken
}

/** Everything, when all requests are over and the worker had a minute. */
export function checkAtRest(store: Store, told: readonly Told[], now: Date): Violation[] {
  return [
    ...overlapping(store),
    ...unbalanced(store),
    ...earmarksAndClaims(store),
    ...unexplained(store, told),
    ...undelivered(store),
    ...illegalHistories(store),
    ...staleHolds(store, now),
  ]
}

const edges = {
  booking: edgesOf(bookingCan, 'held'),
  session: edgesOf(sessionCan, 'running'),
  batch: edgesOf(batchCan, 'open'),
  claim: edgesOf(
    {
      ...claimCan,
      bind: { states: ['submitted'], to: reviewedStates.binding },
      reviewInCity: { states: ['submitted', 'bound'], to: reviewedStates.city },
      review: { states: ['submitted', 'bound', 'city_reviewed'], to: reviewedStates.province },
      return: { states: ['submitted', 'bound', 'city_reviewed'], to: 'returned' },
    },
    'draft',
  ),
}

function edgesOf(can: Record<string, Step<string>>, first: string): Set<string> {
  const steps = Object.values(can).flatMap(({ states, to }) =>
    states.map((from) => `${from} > ${to}`),
  )
  return new Set([`nothing > ${first}`, ...steps])
}

function overlapping(store: Store): Violation[] {
  const live = rowsOf(store, 'booking').filter(([, one]) =>
    liveStates.some((state) => state === one.state),
  )
  const pairs = live.flatMap(([a, one], i) =>
    live.slice(i + 1).flatMap(([b, other]) => (clash(one, other) ? [`${a} and ${b}`] : [])),
  )
  const unoccupied = live.filter(([id]) => !store.rows.occupancy.has(id)).map(([id]) => id)
  return [...broken('I1', pairs, 'overlap'), ...broken('I1', unoccupied, 'lives without its time')]
}

const clash = (one: Booking, other: Booking) =>
  one.instrument === other.instrument && overlaps(one, other)

/** Each account's sums again from its transfers, one by one. */
function unbalanced(store: Store): Violation[] {
  const transfers = rowsOf(store, 'transfer')
  const resolved = new Set(transfers.map(([, one]) => one.resolves))
  const sums = new Map<string, Account>()
  for (const [id, { kind }] of rowsOf(store, 'account'))
    sums.set(id, { kind, creditsPosted: 0, debitsPosted: 0, debitsPending: 0 })
  for (const [id, one] of transfers) {
    const [debit, credit] = [sums.get(one.debit), sums.get(one.credit)]
    if (debit === undefined || credit === undefined || one.kind === 'release') continue
    if (one.pending) debit.debitsPending += resolved.has(id) ? 0 : one.amountFen
    else {
      debit.debitsPosted += one.amountFen
      credit.creditsPosted += one.amountFen
    }
  }
  const differing = rowsOf(store, 'account').flatMap(([id, account]) =>
    JSON.stringify(account) === JSON.stringify(sums.get(id)) ? [] : [id],
  )
  const total = rowsOf(store, 'account').reduce(
    (sum, [, one]) => sum + one.creditsPosted - one.debitsPosted,
    0,
  )
  const negative = rowsOf(store, 'account').flatMap(([id, one]) =>
    one.kind !== 'treasury' && availableFen(one) < 0 ? [id] : [],
  )
  return [
    ...broken('I2', differing, 'sums differ from the transfers'),
    ...broken('I2', total === 0 ? [] : ['ledger'], `sums to ${total}`),
    ...broken('I3', negative, 'below zero'),
  ]
}

function earmarksAndClaims(store: Store): Violation[] {
  const transfers = rowsOf(store, 'transfer')
  const resolutions = countBy(transfers.flatMap(([, one]) => one.resolves ?? []))
  const earmarks = transfers.filter(([, one]) => one.kind === 'earmark')
  const perBooking = countBy(earmarks.flatMap(([, one]) => one.booking ?? []))
  const live = rowsOf(store, 'claim').filter(
    ([, one]) => !['withdrawn', 'rejected'].includes(one.state),
  )
  const unresolved = rowsOf(store, 'booking').filter(
    ([, one]) =>
      one.earmark !== null &&
      (isDead(one.state) || (one.state === 'closed' && one.mode === 'deduct')) &&
      !resolutions.has(one.earmark),
  )
  const paid = rowsOf(store, 'claim').filter(([, one]) =>
    ['paid', 'reconciled'].includes(one.state),
  )
  const mispaid = paid.filter(([, claim]) => {
    const payments = transfers.filter(
      ([, one]) => one.kind === 'payment' && one.booking === claim.booking,
    )
    return payments.reduce((sum, [, one]) => sum + one.amountFen, 0) !== claim.amountFen
  })
  const stray = earmarks.filter(
    ([id, one]) => store.rows.booking.get(one.booking ?? '')?.earmark !== id,
  )
  return [
    ...broken('I4', many(resolutions), 'resolved more than once'),
    ...broken('I4', many(perBooking), 'more than one earmark'),
    ...broken('I4', many(countBy(live.map(([, one]) => one.booking))), 'claimed more than once'),
    ...broken(
      'I4',
      unresolved.map(([id]) => id),
      'over, with its earmark still pending',
    ),
    ...broken(
      'I4',
      mispaid.map(([id]) => id),
      'not paid what was claimed',
    ),
    ...broken(
      'I4',
      stray.map(([id]) => id),
      'an earmark that its booking does not know',
    ),
  ]
}

/**
 * The history explains the store: what was acknowledged is there once and can be had again by its
 * key, what was refused left nothing, unknown happened at most once, and nothing else happened.
 */
function unexplained(store: Store, told: readonly Told[]): Violation[] {
  const commits = new Map<string, Set<number>>()
  for (const [, { origin, tx }] of rowsOf(store, 'event'))
    commits.set(origin, (commits.get(origin) ?? new Set()).add(tx))
  const found = told.flatMap(({ request, outcome, body }): (readonly [string, string])[] => {
    const origin = originOf(request)
    const effects = commits.get(origin)?.size ?? 0
    const stored = store.rows.key.get(origin)?.body ?? null
    commits.delete(origin)
    if (effects > 1) return [[origin, `done ${effects} times`]]
    if (outcome === 'done' && effects === 0) return [[origin, 'acknowledged, without effect']]
    if (outcome === 'done' && stored !== body) return [[origin, 'answered otherwise']]
    if (outcome === 'refused' && effects > 0) return [[origin, 'refused, with effect']]
    if (effects > 0 !== (stored !== null)) return [[origin, 'effect and key apart']]
    return []
  })
  commits.delete('job')
  return [
    ...found.flatMap(([origin, detail]) => broken('I5', [origin], detail)),
    ...broken('I5', [...commits.keys()], 'nobody asked for this'),
  ]
}

function undelivered(store: Store): Violation[] {
  const inbox = countBy(rowsOf(store, 'inbox').map(([, one]) => `${one.event} ${one.reader}`))
  const wrong = [...store.rows.event.keys()].flatMap((event) =>
    readers.map((reader) => `${event} ${reader}`).filter((entry) => inbox.get(entry) !== 1),
  )
  return [
    ...broken('I7', wrong, 'not delivered exactly once'),
    ...broken('I11', [...store.rows.queue.keys()], 'still waits in the queue'),
    ...broken('I11', [...store.locks.keys()], 'still locked'),
  ]
}

const actionOf: Record<string, keyof typeof bookingCan> = {
  'booking.requested': 'request',
  'booking.confirmed': 'confirm',
  'booking.declined': 'decline',
  'booking.cancelled': 'cancel',
  'booking.displaced': 'displace',
  'booking.lapsed': 'lapse',
  'session.started': 'checkIn',
  'session.finished': 'finish',
  'session.agreed': 'close',
}

/** Replays each booking's events through the table of steps, and compares where that ends. */
function illegalHistories(store: Store): Violation[] {
  const histories = new Map<string, Tables['event'][]>()
  for (const [, event] of rowsOf(store, 'event')) {
    const history = histories.get(event.subject) ?? []
    history.push(event)
    histories.set(event.subject, history)
  }
  return rowsOf(store, 'booking').flatMap(([id, booking]) => {
    const history = (histories.get(id) ?? []).sort((a, b) => a.seq - b.seq)
    let state: BookingState = 'held'
    for (const event of history) {
      const action = actionOf[event.name]
      if (action === undefined) continue
      const by: Step<BookingState> = bookingCan[action]
      if (!by.states.includes(state)) return broken('I8', [id], `${event.name} from ${state}`)
      if (action === 'request' && event.at >= booking.holdExpiresAt)
        return broken('I10', [id], 'requested when its hold was over')
      state = by.to
    }
    return state === booking.state
      ? []
      : broken('I8', [id], `is ${booking.state}, its events say ${state}`)
  })
}

function staleHolds(store: Store, now: Date): Violation[] {
  const stale = rowsOf(store, 'booking').filter(
    ([, one]) =>
      one.state === 'held' && one.holdExpiresAt.getTime() + HOLD_GRACE_MS <= now.getTime(),
  )
  return broken(
    'I10',
    stale.map(([id]) => id),
    'a hold that should have lapsed',
  )
}

function rowsOf<T extends Table>(store: Store, table: T): [string, Tables[T]][] {
  const rows: [string, Tables[T]][] = []
  for (const [id, row] of store.rows[table]) if (row !== null) rows.push([id, row])
  return rows
}

function countBy(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

const many = (counts: Map<string, number>) =>
  [...counts].flatMap(([word, n]) => (n > 1 ? [word] : []))

const broken = (invariant: string, subjects: readonly string[], detail: string): Violation[] =>
  subjects.map((subject) => ({ invariant, subject, detail }))
