import { inTransaction, type Sql } from '@yiqi/server/kernel/connect.ts'
import { priceUse } from '@yiqi/shared/charging/rules.ts'
import { assert, must } from '@yiqi/shared/kernel/assert.ts'
import { dateOf, instantAt } from '@yiqi/shared/kernel/time.ts'
import { INSTRUMENTS, OPENS, SAMPLES, SERVICE_MODE, TARIFF, USERS } from './world.ts'

// Every instrument is booked for four of the seven pairs of hours of each day, behind as ahead.

/** Some years of a province, and as many more as it may take. */
export const FEW = 108_000
export const MANY = 1_000_000

const AHEAD_DAYS = 30
const PAIRS = 7
const TAKEN = 4
const A_DAY = INSTRUMENTS * TAKEN

/** For `freeHours`: whether a booking of `addBookings` stands in this hour. */
export function isTaken(instrument: number, day: number, hour: number): boolean {
  return day <= AHEAD_DAYS && (Math.floor(hour / 2) + instrument + day) % PAIRS < TAKEN
}

/**
 * Fills the database up to so many bookings of two hours: those of the next month are confirmed and
 * occupy their time, all others are over. May be called again with more.
 */
export async function addBookings(sql: Sql, count: number): Promise<void> {
  const [row] = await sql<{ n: number }[]>`select count(*) as n from bookings`
  const daysThere = Math.round(must(row, 'a count').n / A_DAY)
  const behind = {
    from: AHEAD_DAYS - Math.round(count / A_DAY),
    to: Math.min(0, AHEAD_DAYS - daysThere) - 1,
  }
  await inTransaction(sql, async (tx) => {
    // Without triggers, which take a row at a time; what they would do is done for all at once.
    await tx`set local session_replication_role = replica`
    if (daysThere === 0) {
      await addDays(tx, { from: 1, to: AHEAD_DAYS, state: 'confirmed' })
      await tx`insert into occupancies (instrument_id, occupied, booking_id)
        select instrument_id, occupied_range(starts_at, ends_at, buffer_minutes), id from bookings`
    }
    await addDays(tx, { ...behind, state: 'closed' })
    await addEvents(tx, behind)
  })
  const wrong = await sql`select * from broken_time()`
  assert(wrong.length === 0, 'what is booked is occupied')
  await sql`vacuum analyze`
  await sql`checkpoint`
}

type Days = { from: number; to: number }

/** Days from today, oldest first, with ids of the time when they were booked. */
async function addDays(sql: Sql, { from, to, state }: Days & { state: string }): Promise<void> {
  const price = priceUse(TARIFF, { minutes: 120, samples: SAMPLES })
  await sql`
    insert into bookings (id, number, state, instrument_id, institution_id, enterprise_id,
      requester_id, starts_at, ends_at, buffer_minutes, created_at, requested_at, confirmed_at,
      service_mode, samples, purpose, service_direction, confidentiality, tariff_id, price,
      total_fen)
    select ${idAt(sql)}, format('P%s/%s/%s', day, i.nth, pair), ${state}, i.id, i.institution_id,
      m.organisation_id, m.user_id, start, start + interval '2 hours', 0, made, made, made,
      ${SERVICE_MODE}, ${SAMPLES}::int, '断口形貌', '136', 'normal', i.tariff_id,
      ${sql.json(price)}::jsonb, ${price.totalFen}::bigint
    from generate_series(${from}::int, ${to}::int) day
      cross join generate_series(0, ${PAIRS - 1}::int) pair
      cross join (select i.id, i.institution_id, t.id as tariff_id,
        (row_number() over (order by i.id) - 1)::int as nth
        from instruments i join tariffs t on t.instrument_id = i.id) i
      cross join lateral (select ${today()}::timestamptz
        + make_interval(days => day, hours => pair * 2) as start) s
      cross join lateral (select least(start, ${today()}) - interval '3 days' as made) b
      join (select organisation_id, user_id, row_number() over (order by id) - 1 as nth
        from memberships) m on m.nth = (abs(day) * 31 + i.nth * 7 + pair) % ${USERS}::int
    where ((pair + i.nth + day) % ${PAIRS}::int + ${PAIRS}::int) % ${PAIRS}::int < ${TAKEN}::int
    order by day`
}

/** The last event of each booking of these days. */
async function addEvents(sql: Sql, { from, to }: Days): Promise<void> {
  await sql`
    insert into events (id, at, name, actor_id, subject_id, booking_id)
    select ${idAt(sql)}, made, 'session.agreed', requester_id, id, id
    from (select id, requester_id, created_at as made from bookings
      where starts_at >= ${today()}::timestamptz + make_interval(days => ${from}::int)
        and starts_at < ${today()}::timestamptz + make_interval(days => ${to + 1}::int)) b
    order by made`
}

/** A UUIDv7 of the time `made`. */
function idAt(sql: Sql) {
  return sql`(left(first_id_at(made)::text, 15) || substr(gen_random_uuid()::text, 16))::uuid`
}

function today(): Date {
  return instantAt(dateOf(new Date()), OPENS * 60)
}
