import { randomUUID } from 'node:crypto'
import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import type { Driver } from './driver.ts'
import { type Connection, succeed } from './wire.ts'
import {
  type Hour,
  SAMPLES,
  SERVICE_MODE,
  TOTAL_FEN,
  type User,
  VOUCHER_FEN,
  type World,
} from './world.ts'

// The two writes of a booking, twice: asked of the server, and by the driver alone with the
// arguments that the server gives.

/** Who has which hour. */
export type Booking = { user: User; hour: Hour; id: string }

const HOLD_MINUTES = 10
const HOLDS_MAX = 5
const ANSWER_MINUTES = 240

/** POST /bookings: holds the hour. */
export async function askHold(connection: Connection, user: User, hour: Hour): Promise<Booking> {
  const text = await succeed(connection, holdQuestion(user, hour))
  const { id }: { id: string } = JSON.parse(text)
  return { user, hour, id }
}

export function holdQuestion(user: User, { instrument, startsAt, endsAt }: Hour) {
  return {
    method: 'POST',
    path: '/bookings',
    token: user.token,
    key: randomUUID(),
    body: { instrumentId: instrument.id, startsAt, endsAt },
  } as const
}

/** PUT /bookings/:id/request: asks for the held hour, half of it on the voucher. */
export async function askRequest(
  connection: Connection,
  { programmeId, noticeId }: World,
  { user, id }: Booking,
): Promise<void> {
  await succeed(connection, {
    method: 'PUT',
    path: `/bookings/${id}/request`,
    token: user.token,
    key: randomUUID(),
    body: {
      ...wish,
      noticeId,
      programmeId,
      expected: { totalFen: TOTAL_FEN, voucherFen: VOUCHER_FEN },
    },
  })
}

/** The same by `hold_slot` alone. */
export async function callHold(sql: Driver, user: User, hour: Hour): Promise<Booking> {
  const [now, id, key] = [new Date(), idAt(new Date()), randomUUID()]
  const { instrument, startsAt, endsAt } = hour
  const number = `B${key.slice(0, 13)}`
  const step = { id, number, state: 'held', startsAt, endsAt }
  const body = JSON.stringify({ ...step, holdExpiresAt: addMinutes(now, HOLD_MINUTES) })
  await sql`
    select hold_slot(${id}, ${number}, ${instrument.id}, ${instrument.institutionId},
      ${user.organisationId}, ${user.userId}, ${startsAt}, ${endsAt}, 0, ${HOLD_MINUTES},
      ${HOLDS_MAX}, ${now}, row(${user.userId}, ${key}, ${'POST /bookings'}, ${HASH}, 200, ${body},
        ${now.toISOString()})::idempotency_keys)`
  return { user, hour, id }
}

/** The same by `request_booking` alone. */
export async function callRequest(
  sql: Driver,
  papers: Papers,
  world: World,
  { user, hour, id }: Booking,
): Promise<void> {
  const [now, key] = [new Date(), randomUUID()]
  const { instrument, startsAt, endsAt } = hour
  const terms = termsOf(world, papers, instrument.tariffId)
  const step = { id, number: `B${key.slice(0, 13)}`, state: 'requested', startsAt, endsAt }
  const body = JSON.stringify({ ...step, holdExpiresAt: null })
  await sql`
    select request_booking(${id}, ${now}, ${user.userId}, ${user.organisationId}, null,
      ${addMinutes(now, ANSWER_MINUTES)}, ${now}, ${sql.json(terms)},
      ${sql.json(papers.agreement)}, null, row(${user.userId}, ${key},
        ${'PUT /bookings/:id/request'}, ${HASH}, 200, ${body},
        ${now.toISOString()})::idempotency_keys)`
}

/** What the server works out for a request before it writes. */
export type Papers = {
  price: { billableMinutes: number; totalFen: number; lines: Record<string, string | number>[] }
  agreement: {
    noticeId: string
    matters: Record<string, string>
    hash: string
    signature: string
  }
}

/** What a request says of the use, as the server gives it to the SQL function. */
export function termsOf({ programmeId }: World, { price }: Papers, tariffId: string | null) {
  return {
    ...wish,
    sampleNames: [],
    preparation: null,
    tariffId,
    price,
    totalFen: TOTAL_FEN,
    programmeId,
    voucherFen: VOUCHER_FEN,
  }
}

/** The papers of a booking that was requested over HTTP, to be given again. */
export async function papersOf(sql: Sql, id: string): Promise<Papers> {
  const [papers] = await sql<Papers[]>`
    select b.price, json_build_object('noticeId', g.notice_id, 'matters', g.matters,
      'hash', g.hash, 'signature', a.hash) as agreement
    from bookings b join agreements g on g.booking_id = b.id
      join acknowledgements a on a.booking_id = b.id where b.id = ${id}`
  return must(papers, 'the papers of a booking')
}

/** Gives back every held hour, so that nobody has held too many. */
export async function cancelHolds(sql: Sql): Promise<void> {
  await sql`
    select move_booking(id, array['held'], 'cancelled', 'booking.cancelled', now(), requester_id)
    from bookings where state = 'held'`
}

const HASH = '0'.repeat(64)

const wish = {
  serviceMode: SERVICE_MODE,
  samples: SAMPLES,
  purpose: '断口形貌',
  serviceDirection: '136',
  confidentiality: 'normal',
}

/** UUIDv7, as the server makes them. */
function idAt(now: Date): string {
  const hex = now.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${randomUUID().slice(15)}`
}
