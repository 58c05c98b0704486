import type { BookingState } from '@yiqi/shared/booking/terms.ts'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { overlaps, type Slot } from '@yiqi/shared/kernel/time.ts'
import type { BatchState, ClaimState } from '@yiqi/shared/redemption/terms.ts'
import type { SessionState } from '@yiqi/shared/session/terms.ts'
import type { AccountKind, ProgrammeMode, TransferKind } from '@yiqi/shared/voucher/terms.ts'

// What PostgreSQL promises at read committed, and no more: a row is locked by whoever changes it, a
// condition is asked again once the lock is there, uniqueness and exclusion also count those who
// have not committed yet, and a commit is one instant.

export type Booking = Slot & {
  state: BookingState
  instrument: string
  enterprise: string
  requester: string
  holdExpiresAt: Date
  mode: ProgrammeMode | null
  samples: number
  totalFen: number
  voucherFen: number
  earmark: string | null
}
export type Session = {
  state: SessionState
  startsAt: Date
  minutes: number
  voucherFen: number
  billFen: number
}
export type Account = {
  kind: AccountKind
  creditsPosted: number
  debitsPosted: number
  debitsPending: number
}
export type Transfer = {
  kind: TransferKind
  debit: string
  credit: string
  amountFen: number
  pending: boolean
  resolves: string | null
  booking: string | null
}
export type Claim = {
  state: ClaimState
  booking: string
  mode: ProgrammeMode
  amountFen: number
  batch: string | null
}
export type Batch = { state: BatchState; mode: ProgrammeMode; publicUntil: string | null }
export type Event = { seq: number; at: Date; name: string; subject: string; origin: string }

export type Tables = {
  booking: Booking
  session: Session
  occupancy: Slot & { instrument: string }
  account: Account
  transfer: Transfer
  claim: Claim
  batch: Batch
  /** `tx` tells two commits of one request apart. */
  event: Event & { tx: number }
  queue: { seq: number }
  inbox: { event: string; reader: string }
  key: { hash: string; body: string }
}
export type Table = keyof Tables
/** Null is a row that is gone. */
export type Rows = { [T in Table]: Map<string, Tables[T] | null> }

export type Store = {
  rows: Rows
  locks: Map<string, Tx>
  active: Set<Tx>
  drawn: number
  deadlocks: number
  /** Sees every transaction just before it takes effect. */
  watch: (tx: Tx) => void
  bug: Bug | null
}
export type Tx = {
  store: Store
  id: number
  writes: Rows
  locked: string[]
  waitsFor: Tx | null
  over: boolean
}

/** Work cut at every await: yields null to let others go on, or the one it must wait for. */
export type Steps<T> = Generator<Tx | null, T, undefined>

/** Faults that can be built in, so that the checks can show that they find them. */
export const bugs = [
  'slot checked, then inserted',
  'key stored apart from the effect',
  'state checked before the lock',
  'balance read before the lock',
  'earmark resolved twice',
  'release forgotten',
  'event forgotten',
  'event dequeued before its delivery',
  'event delivered before its dequeuing',
  'hold outlives its last moment',
  'holds never lapse',
  'odd fen lost between funders',
] as const
export type Bug = (typeof bugs)[number]

export function newStore(bug: Bug | null = null): Store {
  return {
    rows: emptyRows(),
    locks: new Map(),
    active: new Set(),
    drawn: 0,
    deadlocks: 0,
    watch: () => {},
    bug,
  }
}

export function begin(store: Store): Tx {
  const id = ++store.drawn
  const tx = { store, id, writes: emptyRows(), locked: [], waitsFor: null, over: false }
  store.active.add(tx)
  return tx
}

export function commit(tx: Tx): void {
  tx.store.watch(tx)
  for (const table of tables) apply(tx, table)
  end(tx)
}

export function abort(tx: Tx): void {
  end(tx)
}

/** Commits what `fn` did; nothing of it stays when it throws or is killed. */
export function* inTransaction<T>(store: Store, fn: (tx: Tx) => Steps<T>): Steps<T> {
  const tx = begin(store)
  try {
    const result = yield* fn(tx)
    yield null
    commit(tx)
    return result
  } finally {
    if (!tx.over) abort(tx)
  }
}

/** The row as this transaction sees it now. */
export function read<T extends Table>(tx: Tx, table: T, id: string): Tables[T] | null {
  const own = tx.writes[table].get(id)
  return own === undefined ? (tx.store.rows[table].get(id) ?? null) : own
}

/** Every row as this transaction sees it now. */
export function list<T extends Table>(tx: Tx, table: T): [string, Tables[T]][] {
  const seen: [string, Tables[T]][] = []
  const own = tx.writes[table]
  for (const [id, row] of tx.store.rows[table])
    if (row !== null && !own.has(id)) seen.push([id, row])
  for (const [id, row] of own) if (row !== null) seen.push([id, row])
  return seen
}

/** Takes the lock when it is free; refuses `kernel.busy` where waiting would be for ever. */
export function* take(tx: Tx, lock: string): Steps<void> {
  yield null
  for (;;) {
    const holder = tx.store.locks.get(lock)
    if (holder === tx) return
    if (holder === undefined) break
    yield* waitFor(tx, holder)
  }
  tx.store.locks.set(lock, tx)
  tx.locked.push(lock)
}

/** Takes the lock if nobody else has it, without waiting. */
export function tryTake(tx: Tx, lock: string): boolean {
  const holder = tx.store.locks.get(lock)
  if (holder === undefined) {
    tx.store.locks.set(lock, tx)
    tx.locked.push(lock)
  }
  return holder === undefined || holder === tx
}

/** A new id of a kind; ids sort by the time they were drawn. */
export function draw(tx: Tx, kind: string): string {
  return `${kind} ${String(++tx.store.drawn).padStart(6, '0')}`
}

/**
 * `update … where`: locks the row and asks `next` of its latest version; null from `next` leaves it
 * as it is and is answered.
 */
export function* change<T extends Table>(
  tx: Tx,
  table: T,
  id: string,
  next: (row: Tables[T]) => Tables[T] | null,
): Steps<Tables[T] | null> {
  yield* take(tx, `${table} ${id}`)
  const row = read(tx, table, id)
  const changed = row === null ? null : next(row)
  if (changed !== null) tx.writes[table].set(id, changed)
  return changed
}

/** `insert … on conflict do nothing`: false when the id is there already. */
export function* insert<T extends Table>(
  tx: Tx,
  table: T,
  id: string,
  row: Tables[T],
): Steps<boolean> {
  yield* take(tx, `${table} ${id}`)
  if (read(tx, table, id) !== null) return false
  tx.writes[table].set(id, row)
  return true
}

export function* remove<T extends Table>(tx: Tx, table: T, id: string): Steps<boolean> {
  yield* take(tx, `${table} ${id}`)
  const there = read(tx, table, id) !== null
  tx.writes[table].set(id, null)
  return there
}

/** Takes time of an instrument under the exclusion constraint; false when it is taken. */
export function* occupy(tx: Tx, id: string, wanted: Tables['occupancy']): Steps<boolean> {
  yield null
  const clashes = (one: Tables['occupancy'] | null) =>
    one !== null && one.instrument === wanted.instrument && overlaps(one, wanted)
  for (;;) {
    const writer = othersAt(tx).find((other) => [...other.writes.occupancy.values()].some(clashes))
    const taken = list(tx, 'occupancy').find(([, one]) => clashes(one))
    const remover = taken === undefined ? undefined : tx.store.locks.get(`occupancy ${taken[0]}`)
    const blocker = tx.store.bug === 'slot checked, then inserted' ? undefined : writer
    if (remover !== undefined && remover !== tx) yield* waitFor(tx, remover)
    else if (taken !== undefined) return false
    else if (blocker !== undefined) yield* waitFor(tx, blocker)
    else break
  }
  if (tx.store.bug === 'slot checked, then inserted') yield null
  // Between the look and the row nobody gets in: the index sees to that.
  tryTake(tx, `occupancy ${id}`)
  tx.writes.occupancy.set(id, wanted)
  return true
}

function othersAt(tx: Tx): Tx[] {
  return [...tx.store.active].filter((other) => other !== tx)
}

function* waitFor(tx: Tx, holder: Tx): Steps<void> {
  for (let at: Tx | null = holder; at !== null; at = at.waitsFor) {
    if (at !== tx) continue
    tx.store.deadlocks++
    throw new Refusal('kernel.busy')
  }
  tx.waitsFor = holder
  yield holder
  tx.waitsFor = null
}

function apply<T extends Table>(tx: Tx, table: T): void {
  const rows = tx.store.rows[table]
  for (const [id, row] of tx.writes[table]) {
    if (row === null) rows.delete(id)
    else rows.set(id, row)
  }
}

function end(tx: Tx): void {
  assert(!tx.over, 'a transaction ends once')
  tx.over = true
  tx.waitsFor = null
  tx.store.active.delete(tx)
  for (const lock of tx.locked) tx.store.locks.delete(lock)
}

const tables = [
  'booking',
  'session',
  'occupancy',
  'account',
  'transfer',
  'claim',
  'batch',
  'event',
  'queue',
  'inbox',
  'key',
] as const satisfies readonly Table[]

function emptyRows(): Rows {
  return {
    booking: new Map(),
    session: new Map(),
    occupancy: new Map(),
    account: new Map(),
    transfer: new Map(),
    claim: new Map(),
    batch: new Map(),
    event: new Map(),
    queue: new Map(),
    inbox: new Map(),
    key: new Map(),
  }
}
