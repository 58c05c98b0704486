import { whyNotHold } from '@yiqi/shared/booking/rules.ts'
import { addDays, dateOf, instantAt, slotMinutes } from '@yiqi/shared/kernel/time.ts'
import { whyNotCheckIn } from '@yiqi/shared/session/rules.ts'
import type { Random } from '../support/random.ts'
import { isFullyReviewed, nextReview } from './claims.ts'
import { isDead, quote } from './machines.ts'
import type { Act, PlainVerb } from './serve.ts'
import type { Booking, Claim, Store, Table, Tables } from './store.ts'
import { instruments, modes, type Person, terms } from './world.ts'

// What a person of the simulation does next: mostly what the committed rows suggest, sometimes
// nonsense.

const RECENT = 40

/** Null when this person has nothing to do. */
export function chooseAct(store: Store, who: Person, random: Random, now: Date): Act | null {
  if (random.chance(0.05)) return nonsense(store, random)
  switch (who.side) {
    case 'enterprise':
      return random.chance(0.4)
        ? { verb: 'hold', ...anySlot(random, now) }
        : forEnterprise(store, who, random, now)
    case 'institution':
      return random.chance(0.01) ? wholeDay(store, random) : forInstitution(store, random, now)
    case 'province':
      return forProvince(store, random)
  }
}

/** Few instruments, days and hours, so that people want the same; mostly a slot that may be had. */
export function anySlot(random: Random, now: Date) {
  let slot = slotNear(random, now)
  for (let tries = 0; tries < 4 && whyNotHold(slot, terms, {}, now) !== null; tries++)
    slot = slotNear(random, now)
  return slot
}

/** A day out of service where people are booked: it displaces many at once. */
function wholeDay(store: Store, random: Random): Act | null {
  const booked = random.pick(recent(store, 'booking', (one) => !isDead(one.state)))
  if (booked === undefined) return null
  const [, { instrument, startsAt }] = booked
  const day = dateOf(startsAt)
  return {
    verb: 'declareOutage',
    instrument,
    startsAt: instantAt(day, 8 * 60),
    endsAt: instantAt(day, 18 * 60),
  }
}

function slotNear(random: Random, now: Date) {
  const day = addDays(dateOf(now), random.below(2))
  const hour = 8 + random.below(10)
  const hours = 1 + random.below(3)
  return {
    instrument: random.pick(instruments) ?? instruments[0],
    startsAt: instantAt(day, hour * 60),
    endsAt: instantAt(day, (hour + hours) * 60),
  }
}

function forEnterprise(store: Store, who: Person, random: Random, now: Date): Act | null {
  const found = random.pick(
    recent(store, 'booking', (one) => one.enterprise === who.organisation && !isDead(one.state)),
  )
  if (found === undefined) return null
  const [id, booking] = found
  switch (booking.state) {
    case 'held':
      if (booking.holdExpiresAt < now && random.chance(0.8)) return null
      return random.chance(0.9) ? requestOf(store, id, booking, random) : { verb: 'cancel', id }
    case 'requested':
    case 'confirmed':
      return random.chance(0.05) ? { verb: 'cancel', id } : null
    case 'finished':
      return { verb: 'agree', id }
    case 'closed':
      return booking.mode === 'refund' ? forClaimant(store, id, random) : null
    default:
      return null
  }
}

function requestOf(store: Store, id: string, booking: Booking, random: Random): Act {
  const mode = random.chance(0.8) ? (random.pick(modes) ?? null) : null
  const samples = random.below(3)
  const accountOf = (account: string) => store.rows.account.get(account) ?? null
  const { totalFen, voucherFen } = quote(accountOf, booking, { mode, samples })
  return { verb: 'request', id, mode, samples, expected: { totalFen, voucherFen } }
}

function forInstitution(store: Store, random: Random, now: Date): Act | null {
  const claim = random.chance(0.2)
    ? random.pick(recent(store, 'claim', (one) => bindable(one)))
    : undefined
  if (claim !== undefined) return review(claim[0], random)
  const found = random.pick(recent(store, 'booking', (one) => !isDead(one.state)))
  if (found === undefined) return null
  const [id, booking] = found
  const elapsed = Math.max(0, slotMinutes({ startsAt: booking.startsAt, endsAt: now }))
  switch (booking.state) {
    case 'requested':
      return { verb: random.chance(0.8) ? 'confirm' : 'decline', id }
    case 'confirmed':
      if (whyNotCheckIn(booking, now) === null) return { verb: 'checkIn', id }
      return random.chance(0.02) ? { verb: 'cancel', id } : null
    case 'running':
      return { verb: 'finish', id, minutes: 1 + random.below(Math.floor(elapsed) + 2) }
    case 'closed':
      return booking.mode === 'deduct' ? forClaimant(store, id, random) : null
    default:
      return null
  }
}

const bindable = (claim: Claim) => nextReview(claim.mode, claim.state) === 'binding'

function forClaimant(store: Store, booking: string, random: Random): Act {
  const claim = recent(store, 'claim', (one) => one.booking === booking).at(-1)
  if (claim === undefined || claim[1].state === 'withdrawn')
    return { verb: 'openClaim', id: booking }
  return { verb: random.chance(0.9) ? 'submitClaim' : 'withdrawClaim', id: claim[0] }
}

function forProvince(store: Store, random: Random): Act | null {
  const batch = random.pick(recent(store, 'batch', (one) => one.state !== 'reconciled'))
  if (batch !== undefined && random.chance(0.5)) {
    const [id, { state, mode }] = batch
    const next = {
      open: mode === 'refund' ? 'publicise' : 'approve',
      publicised: 'approve',
      approved: 'instruct',
      instructed: 'importReturn',
      returned: 'reconcile',
      reconciled: 'reconcile',
    } as const
    return { verb: next[state], id }
  }
  const claim = random.pick(
    recent(store, 'claim', (one) => one.state !== 'draft' && one.batch === null),
  )
  if (claim === undefined) return null
  const [id, row] = claim
  if (isFullyReviewed(row)) return { verb: 'openBatch', mode: row.mode }
  return nextReview(row.mode, row.state) === null ? null : review(id, random)
}

function review(id: string, random: Random): Act {
  return { verb: random.chance(0.9) ? 'passClaim' : 'returnClaim', id }
}

const plainVerbs: readonly PlainVerb[] = [
  'confirm',
  'decline',
  'cancel',
  'checkIn',
  'agree',
  'openClaim',
  'submitClaim',
  'withdrawClaim',
  'passClaim',
  'returnClaim',
  'publicise',
  'approve',
  'instruct',
  'importReturn',
  'reconcile',
]

/** Any verb on anything: it must be refused, or be a step that the tables allow. */
function nonsense(store: Store, random: Random): Act | null {
  const verb = random.pick(plainVerbs)
  const table = random.pick(['booking', 'claim', 'batch'] as const)
  const found = table === undefined ? undefined : random.pick(recent(store, table, () => true))
  return verb === undefined || found === undefined ? null : { verb, id: found[0] }
}

/** The newest rows of a table that suit. */
function recent<T extends Table>(
  store: Store,
  table: T,
  suits: (row: Tables[T]) => boolean,
): [string, Tables[T]][] {
  const found: [string, Tables[T]][] = []
  for (const [id, row] of store.rows[table]) if (row !== null && suits(row)) found.push([id, row])
  return found.slice(-RECENT)
}
