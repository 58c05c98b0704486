import { naiveFloor, naiveReason } from './naive.ts'
import type { Act } from './serve.ts'
import { type modes, type Person, terms } from './world.ts'

// Bookings, earmarks and claims said slowly: diagrams written out edge by edge, and a list of all
// that ever happened to a quota, summed anew for every question.

type Mode = (typeof modes)[number]
type Span = { instrument: string; startsAt: Date; endsAt: Date }
type Booking = Span & {
  state: string
  requester: string
  enterprise: string
  expiresAt: number
  mode: Mode | null
  samples: number
}
type Session = { state: string; instrument: string; from: number; to: number; minutes: number }
type Claim = { state: string; booking: string; mode: Mode; batch: string | null; fen: number }
type Batch = { state: string; mode: Mode; lastPublicDay: number }

export type Naive = {
  quotaFen: number
  bookings: Map<string, Booking>
  sessions: Map<string, Session>
  claims: Map<string, Claim>
  batches: Map<string, Batch>
  outages: Span[]
  /** Every movement of a quota: what was earmarked counts down, what came back counts up. */
  entries: { quota: string; booking: string; fen: number }[]
}

const HOUR = 3_600_000
const HOLD = 600_000
const EARLY = 900_000
const PUBLIC_DAYS = 5

const edges = (text: string) =>
  text
    .trim()
    .split(/\s*\n\s*/)
    .map((line) => line.split(' '))

const bookingEdges = edges(`
  held request requested
  held cancel cancelled
  requested confirm confirmed
  requested decline declined
  requested cancel cancelled
  confirmed cancel cancelled
  confirmed checkIn running
  running finish finished
  finished agree closed`)
const beforeReview = `
  draft submitClaim submitted
  returned submitClaim submitted
  draft withdrawClaim withdrawn
  submitted withdrawClaim withdrawn
  returned withdrawClaim withdrawn
  submitted returnClaim returned`
const claimEdges = {
  deduct: edges(`${beforeReview}
  submitted passClaim province_reviewed`),
  refund: edges(`${beforeReview}
  submitted passClaim bound
  bound passClaim city_reviewed
  city_reviewed passClaim province_reviewed
  bound returnClaim returned
  city_reviewed returnClaim returned`),
}
const afterApproval = `
  approved instruct instructed
  instructed importReturn returned
  returned importReturn returned
  returned reconcile reconciled`
const batchEdges = {
  deduct: edges(`
  open approve approved${afterApproval}`),
  refund: edges(`
  open publicise publicised
  publicised approve approved${afterApproval}`),
}
const claimsOf: Record<string, string> = {
  publicise: 'publicised',
  approve: 'approved',
  instruct: 'paid',
  reconcile: 'reconciled',
}
const live = ['held', 'awaiting_approval', 'requested', 'confirmed', 'running']

export function newNaive(quotaFen: number): Naive {
  const maps = { bookings: new Map(), sessions: new Map(), claims: new Map(), batches: new Map() }
  return { quotaFen, ...maps, outages: [], entries: [] }
}

/** What is left of a quota, from the list. */
export function balanceOf(naive: Naive, quota: string): number {
  return naive.entries.reduce(
    (sum, one) => (one.quota === quota ? sum + one.fen : sum),
    naive.quotaFen,
  )
}

/** Does the act if it may be done; whether it was. `id` names what it makes. */
export function naiveAct(naive: Naive, who: Person, act: Act, at: Date, id: string): boolean {
  const now = at.getTime()
  switch (act.verb) {
    case 'hold':
      return hold(naive, who, act, at, id)
    case 'declareOutage':
      return declareOutage(naive, act)
    case 'openClaim':
      return openClaim(naive, act.id, id)
    case 'openBatch':
      return openBatch(naive, act.mode, id)
    default:
      return moveBooking(naive, act, now) || moveClaim(naive, act) || moveBatch(naive, act, now)
  }
}

export function naiveLapse(naive: Naive, now: number): void {
  for (const [id, one] of naive.bookings) {
    const over = one.state === 'held' && one.expiresAt <= now
    if (over || (one.state === 'requested' && one.startsAt.getTime() <= now))
      die(naive, id, 'lapsed')
  }
}

function hold(naive: Naive, who: Person, wanted: Span, at: Date, id: string): boolean {
  const now = at.getTime()
  const open = [...naive.bookings.values()].filter(
    (one) => one.requester === who.name && one.state === 'held' && one.expiresAt > now,
  )
  if (naiveReason(wanted, terms, {}, at) !== null || open.length >= 5) return false
  const inTheWay = meeting(naive, wanted)
  if (inTheWay.some(([, one]) => one.state !== 'held' || one.expiresAt > now)) return false
  if (naive.outages.some((outage) => meet(outage, wanted))) return false
  for (const [over] of inTheWay) die(naive, over, 'lapsed')
  const { instrument, startsAt, endsAt } = wanted
  const person = { requester: who.name, enterprise: who.organisation }
  const fresh = { state: 'held', expiresAt: now + HOLD, mode: null, samples: 0 }
  naive.bookings.set(id, { instrument, startsAt, endsAt, ...person, ...fresh })
  return true
}

function declareOutage(naive: Naive, wanted: Span): boolean {
  const inTheWay = meeting(naive, wanted)
  if (inTheWay.some(([, one]) => one.state === 'running')) return false
  if (naive.outages.some((outage) => meet(outage, wanted))) return false
  for (const [id, one] of inTheWay) die(naive, id, one.state === 'held' ? 'lapsed' : 'displaced')
  naive.outages.push(wanted)
  return true
}

function moveBooking(naive: Naive, act: Act, now: number): boolean {
  const id = 'id' in act ? act.id : ''
  const booking = naive.bookings.get(id)
  const to = follow(bookingEdges, booking?.state, act.verb)
  if (booking === undefined || to === null) return false
  const starts = booking.startsAt.getTime()
  if (act.verb === 'request') {
    if (booking.expiresAt <= now) return false
    const fen = shareOf(naive, booking, act.mode, act.samples, slotHours(booking) * 60)
    Object.assign(booking, { mode: fen > 0 ? act.mode : null, samples: act.samples })
    if (fen > 0) naive.entries.push({ quota: quotaOf(booking), booking: id, fen: -fen })
  } else if (act.verb === 'checkIn') {
    if (now < starts - EARLY || now >= booking.endsAt.getTime()) return false
    const others = [...naive.sessions.values()]
    if (others.some((one) => one.instrument === booking.instrument && one.to > now)) return false
    const { instrument } = booking
    naive.sessions.set(id, { state: 'running', instrument, from: now, to: Infinity, minutes: 0 })
  } else if (act.verb === 'finish') {
    const session = naive.sessions.get(id)
    if (session === undefined || (act.minutes - 1) * 60_000 >= Math.max(1, now - session.from))
      return false
    Object.assign(session, { to: Math.max(now, session.from + 1), minutes: act.minutes })
  } else if (act.verb === 'agree' && booking.mode !== null) {
    const used = usedFen(naive, id)
    if (booking.mode === 'deduct' || used === 0) keepOnly(naive, id, used)
  }
  if (['cancelled', 'declined'].includes(to)) die(naive, id, to)
  else booking.state = to
  return true
}

function openClaim(naive: Naive, bookingId: string, id: string): boolean {
  const booking = naive.bookings.get(bookingId)
  const claimed = [...naive.claims.values()].some(
    (one) => one.booking === bookingId && one.state !== 'withdrawn',
  )
  if (booking?.state !== 'closed' || booking.mode === null || claimed) return false
  const { mode } = booking
  const fen = mode === 'deduct' ? earmarkedFen(naive, bookingId) : usedFen(naive, bookingId)
  if (fen === 0) return false
  naive.claims.set(id, { state: 'draft', booking: bookingId, mode, batch: null, fen })
  return true
}

function moveClaim(naive: Naive, act: Act): boolean {
  const claim = 'id' in act ? naive.claims.get(act.id) : undefined
  if (claim === undefined || claim.batch !== null) return false
  const to = follow(claimEdges[claim.mode], claim.state, act.verb)
  if (to !== null) claim.state = to
  return to !== null
}

function openBatch(naive: Naive, mode: Mode, id: string): boolean {
  const ready = [...naive.claims.values()].filter(
    (one) => one.mode === mode && one.batch === null && one.state === 'province_reviewed',
  )
  if (ready.length === 0) return false
  for (const claim of ready) claim.batch = id
  naive.batches.set(id, { state: 'open', mode, lastPublicDay: Infinity })
  return true
}

function moveBatch(naive: Naive, act: Act, now: number): boolean {
  const id = 'id' in act ? act.id : ''
  const batch = naive.batches.get(id)
  const to = batch === undefined ? null : follow(batchEdges[batch.mode], batch.state, act.verb)
  if (batch === undefined || to === null) return false
  const today = Math.floor((now + 8 * HOUR) / (24 * HOUR))
  if (act.verb === 'publicise') batch.lastPublicDay = today + PUBLIC_DAYS
  if (act.verb === 'approve' && batch.mode === 'refund') {
    if (today <= batch.lastPublicDay) return false
    for (const claim of naive.claims.values())
      if (claim.batch === id) keepOnly(naive, claim.booking, claim.fen)
  }
  for (const claim of naive.claims.values())
    if (claim.batch === id) claim.state = claimsOf[act.verb] ?? claim.state
  batch.state = to
  return true
}

function follow(diagram: string[][], state: string | undefined, name: string): string | null {
  return diagram.find(([from, edge]) => from === state && edge === name)?.[2] ?? null
}

function meet(one: Span, other: Span): boolean {
  if (one.instrument !== other.instrument) return false
  for (let at = one.startsAt.getTime(); at < one.endsAt.getTime(); at += HOUR)
    if (at >= other.startsAt.getTime() && at < other.endsAt.getTime()) return true
  return false
}

function meeting(naive: Naive, wanted: Span): [string, Booking][] {
  return [...naive.bookings].filter(([, one]) => live.includes(one.state) && meet(one, wanted))
}

/** Half of the price, in whole fen, and never more than is left of the quota. */
function shareOf(
  naive: Naive,
  booking: Booking,
  mode: Mode | null,
  samples: number,
  minutes: number,
): number {
  if (mode === null) return 0
  const left = balanceOf(naive, `${booking.enterprise} ${mode}`)
  return naiveFloor((fen) => fen * 2n <= BigInt(priceOf(samples, minutes)) && fen <= BigInt(left))
}

/** Used of the earmark: half of the actual price, and never more than was earmarked. */
function usedFen(naive: Naive, id: string): number {
  const total = priceOf(naive.bookings.get(id)?.samples ?? 0, naive.sessions.get(id)?.minutes ?? 0)
  const earmarked = BigInt(earmarkedFen(naive, id))
  return naiveFloor((fen) => fen * 2n <= BigInt(total) && fen <= earmarked)
}

function priceOf(samples: number, minutes: number): number {
  const billed = Math.max(60, minutes)
  return 6000 * samples + Math.round((12_000 * billed) / 60) + Math.round((28_000 * billed) / 60)
}

const quotaOf = (booking: Booking) => `${booking.enterprise} ${booking.mode}`
const slotHours = ({ startsAt, endsAt }: Span) => (endsAt.getTime() - startsAt.getTime()) / HOUR

function earmarkedFen(naive: Naive, id: string): number {
  return naive.entries.reduce((sum, one) => (one.booking === id ? sum - one.fen : sum), 0)
}

/** What was earmarked and not used goes back to the quota. */
function keepOnly(naive: Naive, id: string, fen: number): void {
  const booking = naive.bookings.get(id)
  const back = earmarkedFen(naive, id) - fen
  if (booking !== undefined && back !== 0)
    naive.entries.push({ quota: quotaOf(booking), booking: id, fen: back })
}

function die(naive: Naive, id: string, state: string): void {
  const booking = naive.bookings.get(id)
  if (booking === undefined) return
  booking.state = state
  keepOnly(naive, id, 0)
}
