import { openSlots } from '@yiqi/shared/booking/rules.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addDays, addMinutes, dateOf, MINUTE_MS, type Slot } from '@yiqi/shared/kernel/time.ts'
import { getTerms } from './booking/week.ts'
import { calendarDays } from './catalogue/facts.ts'
import { asActor, type Ctx, type Member } from './kernel/ctx.ts'

// The stage of the living demonstration: people who act at a given time, and slots on given days.

/** Runs a verb as a person would have, at that time, in a transaction of its own. */
export type Play = <I, O>(
  person: string,
  at: Date,
  verb: (ctx: Ctx, input: I) => Promise<O>,
  input: I,
) => Promise<O>

/** A stage on this database. Nobody acts later than now: what would is done now. */
export function makeStage(base: Ctx): Play {
  const members = new Map<string, Member>()
  return async (person, at, verb, input) => {
    const member = members.get(person) ?? (await memberOf(base, person))
    members.set(person, member)
    const now = base.now()
    const acting: Ctx = { ...base, actor: member, now: () => earlier(at, now) }
    return asActor(acting, (tx) => verb(tx, input))
  }
}

function earlier(one: Date, other: Date): Date {
  return one.getTime() < other.getTime() ? one : other
}

async function memberOf(base: Ctx, person: string): Promise<Member> {
  const [row] = await base.sql<
    { userId: string; membershipId: string; organisationId: string; role: Role }[]
  >`
    select m.user_id, m.id as membership_id, m.organisation_id, m.role
    from memberships m join users u on u.id = m.user_id where u.person_id = ${person}
      order by m.id limit 1`
  const strongAt = new Date(Date.now())
  return {
    kind: 'member',
    ...must(row, `the person ${person}`),
    logInId: null,
    strongAt,
    duties: null,
  }
}

/**
 * A slot of `minutes` on the n-th open day before (negative) or after today; 0 is today. `part`
 * picks the segment of the day, `skip` starts that many minutes into it. Null when the instrument
 * has no such time.
 */
export async function slotOn(
  base: Ctx,
  instrumentId: string,
  asked: { day: number; part: number; skip?: number; minutes: number },
): Promise<Slot | null> {
  const terms = await getTerms(base, instrumentId)
  const today = dateOf(base.now())
  const { days } = await calendarDays(base, addDays(today, -90), addDays(today, 30))
  const step = asked.day < 0 ? -1 : 1
  let day = today
  for (let left = Math.abs(asked.day), walked = 0; left > 0 && walked < 60; walked++) {
    day = addDays(day, step)
    if (openSlots(day, terms.week, days).length > 0) left--
  }
  const segments = openSlots(day, terms.week, days)
  const segment = segments[Math.min(asked.part, segments.length - 1)]
  if (!segment) return null
  const startsAt = addMinutes(segment.startsAt, asked.skip ?? 0)
  const longest = Math.floor(
    (segment.endsAt.getTime() - startsAt.getTime()) / MINUTE_MS / terms.slotMinutes,
  )
  const minutes = Math.max(
    terms.minMinutes,
    Math.min(asked.minutes, longest * terms.slotMinutes, terms.maxMinutes),
  )
  const endsAt = addMinutes(startsAt, minutes)
  return endsAt <= segment.endsAt ? { startsAt, endsAt } : null
}
