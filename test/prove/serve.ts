import { Refusal, type RefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import type { ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import {
  approveBatch,
  importReturn,
  instructBatch,
  moveClaim,
  openBatch,
  openClaim,
  publiciseBatch,
  reconcileBatch,
  reviewClaim,
} from './claims.ts'
import {
  agreeSession,
  byId,
  type Call,
  checkIn,
  declareOutage,
  type Expected,
  finishSession,
  holdSlot,
  lapseBookings,
  moveBooking,
  requestBooking,
} from './machines.ts'
import {
  abort,
  begin,
  commit,
  draw,
  insert,
  inTransaction,
  list,
  read,
  remove,
  type Steps,
  type Store,
  type Tx,
  tryTake,
} from './store.ts'
import type { Person } from './world.ts'

// Requests and jobs around the verbs: one transaction each, the key's row with the effect.

type Timed = { instrument: string; startsAt: Date; endsAt: Date }
export type Act =
  | ({ verb: 'hold' | 'declareOutage' } & Timed)
  | {
      verb: 'request'
      id: string
      mode: ProgrammeMode | null
      samples: number
      expected: Expected
    }
  | { verb: 'finish'; id: string; minutes: number }
  | { verb: 'openBatch'; mode: ProgrammeMode }
  | { verb: PlainVerb; id: string }
export type PlainVerb =
  | 'confirm'
  | 'decline'
  | 'cancel'
  | 'checkIn'
  | 'agree'
  | 'openClaim'
  | 'submitClaim'
  | 'withdrawClaim'
  | 'passClaim'
  | 'returnClaim'
  | 'publicise'
  | 'approve'
  | 'instruct'
  | 'importReturn'
  | 'reconcile'

export type Request = { key: string; who: Person; act: Act }
export type Answer = { code: 'done'; body: string } | { code: RefusalCode }
export type Clock = () => Date

/** Answers one request; killed at any await, its uncommitted work is gone and nobody is told. */
export function* serve(store: Store, request: Request, now: Clock): Steps<Answer> {
  const tx = begin(store)
  const apart = store.bug === 'key stored apart from the effect'
  try {
    const call = { tx, now, who: request.who, origin: originOf(request) }
    const body = yield* once(call, request, !apart)
    yield null
    commit(tx)
    if (apart)
      yield* inTransaction(store, (later) =>
        insert(later, 'key', originOf(request), keyRow(request, body)),
      )
    yield null
    return { code: 'done', body }
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code }
    throw error
  } finally {
    if (!tx.over) abort(tx)
  }
}

export function originOf(request: Request): string {
  return `${request.who.name} ${request.key}`
}

const keyRow = (request: Request, body: string) => ({ hash: JSON.stringify(request.act), body })

function* once(call: Call, request: Request, store: boolean): Steps<string> {
  const { tx, origin } = call
  const got = tryTake(tx, `asking ${origin}`)
  yield null
  const stored = read(tx, 'key', origin)
  if (stored !== null) {
    if (stored.hash !== JSON.stringify(request.act)) throw new Refusal('kernel.key_reused')
    return stored.body
  }
  if (!got) throw new Refusal('kernel.in_progress')
  const id = yield* perform(call, request.act)
  const body = JSON.stringify({ id, answered: draw(tx, 'answer') })
  if (store) yield* insert(tx, 'key', origin, keyRow(request, body))
  return body
}

/** One verb, to its answer's id. */
export function perform(call: Call, act: Act): Steps<string> {
  switch (act.verb) {
    case 'hold':
      return holdSlot(call, act)
    case 'declareOutage':
      return declareOutage(call, act)
    case 'request':
      return requestBooking(call, act)
    case 'confirm':
      return moveBooking(call, act.id, 'confirm', 'booking.confirmed')
    case 'decline':
      return moveBooking(call, act.id, 'decline', 'booking.declined')
    case 'cancel':
      return moveBooking(call, act.id, 'cancel', 'booking.cancelled')
    case 'checkIn':
      return checkIn(call, act.id)
    case 'finish':
      return finishSession(call, act.id, act.minutes)
    case 'agree':
      return agreeSession(call, act.id)
    case 'openClaim':
      return openClaim(call, act.id)
    case 'submitClaim':
      return moveClaim(call, act.id, 'submit', 'claim.submitted')
    case 'withdrawClaim':
      return moveClaim(call, act.id, 'withdraw', 'claim.withdrawn')
    case 'passClaim':
      return reviewClaim(call, act.id, 'pass')
    case 'returnClaim':
      return reviewClaim(call, act.id, 'return')
    case 'openBatch':
      return openBatch(call, act.mode)
    case 'publicise':
      return publiciseBatch(call, act.id)
    case 'approve':
      return approveBatch(call, act.id)
    case 'instruct':
      return instructBatch(call, act.id)
    case 'importReturn':
      return importReturn(call, act.id)
    case 'reconcile':
      return reconcileBatch(call, act.id)
  }
}

const DELIVERED_AT_ONCE = 20
export const readers = ['enterprise', 'institution'] as const

/** One round of the worker: what is due lapses, what waits is delivered; busy rows wait a round. */
export function* work(store: Store, now: Clock): Steps<undefined> {
  try {
    yield* inTransaction(store, (tx) => lapseBookings({ tx, now, who: null, origin: 'job' }))
    yield* deliverEvents(store)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

/** An event leaves the queue only together with what its listener wrote. */
function* deliverEvents(store: Store): Steps<void> {
  switch (store.bug) {
    case 'event dequeued before its delivery': {
      const taken = yield* inTransaction(store, dequeue)
      return yield* inTransaction(store, (tx) => deliver(tx, taken))
    }
    case 'event delivered before its dequeuing': {
      const waiting = [...store.rows.queue.keys()]
      yield* inTransaction(store, (tx) => deliver(tx, waiting))
      return void (yield* inTransaction(store, dequeue))
    }
    default:
      return yield* inTransaction(store, function* (tx) {
        yield* deliver(tx, yield* dequeue(tx))
      })
  }
}

function* dequeue(tx: Tx): Steps<string[]> {
  const waiting = list(tx, 'queue').sort(byId)
  const taken = waiting
    .map(([id]) => id)
    .filter((id) => tryTake(tx, `queue ${id}`))
    .slice(0, DELIVERED_AT_ONCE)
  for (const id of taken) yield* remove(tx, 'queue', id)
  return taken
}

function* deliver(tx: Tx, events: readonly string[]): Steps<void> {
  for (const event of events)
    for (const reader of readers) {
      const again = tx.store.bug === 'event delivered before its dequeuing'
      const id = again ? draw(tx, 'inbox') : `${event} ${reader}`
      yield* insert(tx, 'inbox', id, { event, reader })
    }
}
