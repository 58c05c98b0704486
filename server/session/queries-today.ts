import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { addDays, dateOf, instantAt, slotMinutes } from '@yiqi/shared/kernel/time.ts'
import type { sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { effectiveMinutes } from '@yiqi/shared/session/rules.ts'
import { bookingRows, toCard } from '../booking/queries.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx, iso, type Member } from '../kernel/ctx.ts'

const ROWS_MAX = 200

type Today = OutputOf<typeof sessionEndpoints.listToday>

/** The day of a technician's instruments, or of all the institution's for its manager. */
export async function listToday(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.listToday>,
): Promise<Today> {
  const actor = allow(ctx, 'session.listToday')
  const date = input.date ?? dateOf(ctx.now())
  const from = instantAt(date, 0)
  const to = instantAt(addDays(date, 1), 0)
  const [booked, requests, outages] = await Promise.all([
    bookingRows(
      ctx,
      ctx.sql`b.institution_id = ${actor.organisationId} and b.starts_at < ${to} and b.ends_at > ${from}
        and b.state in ('confirmed', 'running', 'finished', 'closed', 'no_show')
        order by b.starts_at, b.id limit ${ROWS_MAX}`,
    ),
    bookingRows(
      ctx,
      ctx.sql`b.institution_id = ${actor.organisationId} and b.state = 'requested'
        order by b.answer_due_at, b.id limit ${ROWS_MAX}`,
    ),
    outagesBetween(ctx, actor, from, to),
  ])
  const sessions = await sessionsOf(
    ctx,
    booked.map((row) => row.id),
  )
  return {
    date,
    toConfirm: requests.length,
    bookedMinutes: booked.reduce((sum, row) => sum + slotMinutes(row), 0),
    rows: booked.map((row) => {
      const session = sessions.get(row.id)
      return {
        booking: toCard(ctx, row),
        sessionId: session?.id ?? null,
        effectiveMinutes: session?.effectiveMinutes ?? null,
      }
    }),
    outages,
    requests: requests.map((row) => toCard(ctx, row)),
  }
}

/** The sessions of these bookings; what still runs has no confirmed minutes. */
async function sessionsOf(ctx: Ctx, bookingIds: string[]) {
  const rows = await ctx.sql<
    {
      id: string
      bookingId: string
      state: string
      preparation: number
      testing: number
      post: number
    }[]
  >`
    select id, booking_id, state, preparation_minutes as preparation, testing_minutes as testing,
      post_processing_minutes as post
    from sessions where booking_id = any (${bookingIds})`
  return new Map(
    rows.map(({ id, bookingId, state, preparation, testing, post }) => {
      const minutes = effectiveMinutes({ preparation, testing, post_processing: post })
      return [bookingId, { id, effectiveMinutes: state === 'running' ? null : minutes }]
    }),
  )
}

async function outagesBetween(
  ctx: Ctx,
  actor: Member,
  from: Date,
  to: Date,
): Promise<Today['outages']> {
  const rows = await ctx.sql<
    {
      id: string
      instrumentName: string
      startsAt: Date
      endsAt: Date
      kind: string
      note: string
    }[]
  >`
    select o.id, n.name as instrument_name, o.starts_at, o.ends_at, o.kind, o.note
    from outages o join instruments n on n.id = o.instrument_id
    where o.lifted_at is null and o.starts_at < ${to} and o.ends_at > ${from}
      and n.institution_id = ${actor.organisationId} and ${inCare(ctx, actor)}
    order by o.starts_at, o.id limit ${ROWS_MAX}`
  return rows.map((row) => ({ ...row, startsAt: iso(row.startsAt), endsAt: iso(row.endsAt) }))
}

/** A technician has some instruments in their care, the manager all of the institution's. */
function inCare(ctx: Ctx, actor: Member): Fragment {
  if (actor.role === 'institution-manager') return ctx.sql`true`
  return ctx.sql`exists (select 1 from instrument_technicians x
    where x.instrument_id = n.id and x.user_id = ${actor.userId})`
}
