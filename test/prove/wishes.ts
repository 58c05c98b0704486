import { addDays, addMinutes, dateOf, instantAt, minuteOfDay } from '@yiqi/shared/kernel/time.ts'
import { requestInput, slotInput } from '../support/act.ts'
import type { Cast, Person } from '../support/cast.ts'
import type { Random } from '../support/random.ts'

// What the people of a recorded history want next, from what they saw a moment ago.

export type Wish = {
  method: 'POST' | 'PUT'
  path: string
  body: Record<string, unknown>
  /** The event that says it was done; exactly one for each time it was. */
  event: string
  /** The booking it is about; null when the answer names what it made. */
  subject: string | null
}

type Known = {
  id: string
  state: string
  organisationId: string
  instrumentId: string
  code: string
  mode: string | null
  startsAt: Date
  endsAt: Date
  sessionId: string | null
  claimId: string | null
}

/** Null when this person has nothing to do now. What they know may be old when they ask. */
export async function nextWish(
  cast: Cast,
  person: Person,
  noticeId: string,
  random: Random,
): Promise<Wish | null> {
  const known = await lately(cast)
  const one = random.pick(known)
  if (person.role.startsWith('enterprise')) {
    const own = random.pick(known.filter((row) => row.organisationId === person.organisationId))
    if (own === undefined || random.chance(0.3)) return hold(cast, random)
    return forEnterprise(cast, person, own, random)
  }
  if (one === undefined) return null
  if (person.role === 'institution-finance') return forFinance(one, random)
  return random.chance(0.01) ? outage(one) : forTechnician(person, one, noticeId, random)
}

function lately(cast: Cast): Promise<Known[]> {
  return cast.sql<Known[]>`
    select b.id, b.state, b.enterprise_id as organisation_id, b.instrument_id, b.starts_at,
      b.ends_at, i.short_code as code, p.mode, s.id as session_id, c.id as claim_id
    from bookings b join instruments i on i.id = b.instrument_id
      left join programmes p on p.id = b.programme_id
      left join sessions s on s.booking_id = b.id
      left join claims c on c.booking_id = b.id and c.state <> 'withdrawn'
    where b.state in ('held', 'requested', 'confirmed', 'running', 'finished', 'closed')
    order by b.id desc limit 30`
}

/** The same few hours on two instruments, so that people want the same. */
function hold(cast: Cast, random: Random): Wish {
  const now = cast.world.clock.now()
  const hour = Math.floor(minuteOfDay(now) / 60) + 2 + random.below(4)
  const today = dateOf(now)
  const [day, from] = hour < 17 ? [today, hour] : [addDays(today, 1), 8 + random.below(9)]
  const startsAt = instantAt(day, Math.max(8, from) * 60)
  const endsAt = addMinutes(startsAt, 60 * (1 + random.below(2)))
  const instrumentId = random.pick([cast.instrumentId, cast.secondInstrumentId])
  return {
    ...{ method: 'POST', path: '/bookings', event: 'booking.held', subject: null },
    body: slotInput(instrumentId ?? cast.instrumentId, startsAt, endsAt),
  }
}

async function forEnterprise(
  cast: Cast,
  person: Person,
  known: Known,
  random: Random,
): Promise<Wish | null> {
  switch (known.state) {
    case 'held': {
      if (random.chance(0.1)) return put(known, 'cancellation', 'booking.cancelled', {})
      const { deduct, refund } = cast.programmes
      const { id, ...body } = await requestInput(cast, cast.ctx(person), known.id, {
        ...slotInput(known.instrumentId, known.startsAt, known.endsAt),
        programmeId: random.pick([deduct, deduct, refund, null]) ?? null,
        samples: random.below(3),
      })
      return put({ ...known, id }, 'request', 'booking.requested', body)
    }
    case 'requested':
    case 'confirmed':
      return random.chance(0.15) ? put(known, 'cancellation', 'booking.cancelled', {}) : null
    case 'finished':
      return {
        ...put(known, '', 'session.agreed', { consentAboveQuote: true }),
        path: `/sessions/${known.sessionId}/agreement`,
      }
    default:
      return null
  }
}

function forTechnician(
  person: Person,
  known: Known,
  noticeId: string,
  random: Random,
): Wish | null {
  switch (known.state) {
    case 'requested':
      return random.chance(0.8)
        ? put(known, 'confirmation', 'booking.confirmed', { noticeId })
        : put(known, 'refusal', 'booking.declined', { reason: 'time_conflict' })
    case 'confirmed': {
      const body = { code: known.code, bookingId: known.id }
      const wish = { method: 'POST', path: '/sessions', event: 'session.started' } as const
      return person.role === 'technician' ? { ...wish, body, subject: known.id } : null
    }
    case 'running': {
      const handOver = { to: '小晋', pcCleared: true, samplesReturned: true }
      const body = { samples: 1, consumables: [], handOver, noticeId }
      const path = `/sessions/${known.sessionId}/finish`
      return { ...put(known, '', 'session.finished', body), path }
    }
    default:
      return null
  }
}

function forFinance(known: Known, random: Random): Wish | null {
  if (known.state !== 'closed' || known.mode !== 'deduct') return null
  if (known.claimId === null)
    return {
      ...{ method: 'POST', path: '/claims', event: 'claim.opened', subject: known.id },
      body: { bookingId: known.id },
    }
  const [verb, event] = random.chance(0.6)
    ? ['submission', 'claim.submitted']
    : ['withdrawal', 'claim.withdrawn']
  return { ...put(known, '', event, {}), path: `/claims/${known.claimId}/${verb}` }
}

function outage(known: Known): Wish {
  const { startsAt, endsAt } = slotInput(known.instrumentId, known.startsAt, known.endsAt)
  return {
    ...{ method: 'POST', path: `/instruments/${known.instrumentId}/outages` },
    body: { startsAt, endsAt, kind: 'fault', note: '停电' },
    ...{ event: 'outage.declared', subject: null },
  }
}

function put(known: Known, part: string, event: string, body: Record<string, unknown>): Wish {
  return { method: 'PUT', path: `/bookings/${known.id}/${part}`, body, event, subject: known.id }
}

/** The id that an answer names; empty when it names none. */
export function idOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : ''
}
