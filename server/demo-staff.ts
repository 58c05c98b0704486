import { segmentsOn } from '@yiqi/shared/booking/rules.ts'
import type { Position } from '@yiqi/shared/catalogue/terms.ts'
import { commonPosts, type Establishment } from '@yiqi/shared/identity/terms-staff.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addDays, dateOf } from '@yiqi/shared/kernel/time.ts'
import { getTerms } from './booking/week.ts'
import { calendarDays } from './catalogue/facts.ts'
import { planDuty } from './catalogue/plan-duty.ts'
import { putTeamMember } from './catalogue/put-team-member.ts'
import { setStaffMinimum } from './catalogue/set-staff-minimum.ts'
import { ICPMS, RAMAN, SEM, TUNGSTEN } from './demo-plans.ts'
import type { Play } from './demo-stage.ts'
import { demoInstitutionUscc, demoPeople } from './identity/demo-people.ts'
import { putStaffRecord } from './identity/put-staff-record.ts'
import { recordTraining } from './identity/record-training.ts'
import type { Ctx } from './kernel/ctx.ts'

// The laboratory staff of the demonstration's first institution, as its manager enters them: who is
// employed how, licences that are good, end soon and have ended, a week of duty with one hole.

/** Most are of the establishment; some of each other kind. */
const establishments: readonly Establishment[] = [
  'establishment',
  'establishment',
  'contract',
  'establishment',
  'dispatched',
  'contract',
  'part-time',
]

type Technician = { userId: string; title: string | null }

/** Enters staff, teams and a week's duty; everything lies around the day of `ctx`. */
export async function loadDemoStaff(ctx: Ctx, play: Play): Promise<void> {
  const technicians = await ctx.sql<Technician[]>`
    select u.id as user_id, u.title from memberships m join users u on u.id = m.user_id
      join organisations o on o.id = m.organisation_id
    where o.uscc = ${demoInstitutionUscc} and m.role = 'technician' order by u.person_id`
  for (const [i, technician] of technicians.entries()) await enter(ctx, play, technician, i)
  const [first, second, third] = technicians
  await team(ctx, play, SEM, { substitute: first, lead: 420, other: 200 })
  await team(ctx, play, RAMAN, { substitute: second, lead: 19, other: -12 })
  await team(ctx, play, TUNGSTEN, { substitute: undefined, lead: -5, other: 0 })
  await team(ctx, play, ICPMS, { substitute: third, lead: 300, other: 26 })
  await roster(ctx, play)
}

/** The last two are not in the register yet. */
async function enter(ctx: Ctx, play: Play, who: Technician, i: number): Promise<void> {
  const today = dateOf(ctx.now())
  const { userId, title } = who
  const manage = demoPeople.institutionManager
  if (i >= STAFF_ENTERED) return
  await play(manage, ctx.now(), putStaffRecord, {
    userId,
    title,
    post: commonPosts[i % commonPosts.length] ?? commonPosts[0],
    establishment: establishments[i % establishments.length] ?? 'contract',
    joinedOn: addDays(today, -400 - 211 * i),
    leftOn: null,
  })
  await play(manage, ctx.now(), recordTraining, {
    userId,
    kind: 'safety',
    name: '实验室安全年度培训',
    hours: 8,
    heldOn: addDays(today, -340 - (i % 5) * 6),
    result: 'passed',
    expiresOn: addDays(today, 25 - (i % 5) * 6),
  })
  if (i % 3 !== 0) return
  await play(manage, ctx.now(), recordTraining, {
    userId,
    kind: 'operation',
    name: '大型仪器操作技能提升班',
    hours: 24,
    heldOn: addDays(today, -150 - i),
    result: i % 2 === 0 ? 'passed' : 'attended',
    expiresOn: null,
  })
}

const STAFF_ENTERED = 20

type Place = { institution: string; innerId: string }
type Wish = {
  substitute: Technician | undefined
  /** In how many days the licences of lead and substitute end; negative: ended. */
  lead: number
  other: number
}

async function team(ctx: Ctx, play: Play, place: Place, wish: Wish): Promise<void> {
  const { id, lead } = await placeOf(ctx, place)
  const today = dateOf(ctx.now())
  const put = (userId: string, position: Position, days: number) =>
    play(demoPeople.institutionManager, ctx.now(), putTeamMember, {
      id,
      userId,
      position,
      licenceNumber: `SY-${place.innerId.slice(-4)}-${position === 'lead' ? 1 : 2}`,
      licensedOn: addDays(today, days - 2 * 365),
      licenceExpiresOn: addDays(today, days),
    })
  await put(lead, 'lead', wish.lead)
  const { substitute } = wish
  if (substitute === undefined || substitute.userId === lead) return
  await put(substitute.userId, 'substitute', wish.other)
  if (place === SEM)
    await play(demoPeople.institutionManager, ctx.now(), setStaffMinimum, { id, staffMin: 2 })
}

async function placeOf(ctx: Ctx, place: Place): Promise<{ id: string; lead: string }> {
  const [row] = await ctx.sql<{ id: string; lead: string }[]>`
    select i.id, t.user_id as lead from instruments i
      join organisations o on o.id = i.institution_id
      join instrument_technicians t on t.instrument_id = i.id
    where o.uscc = ${place.institution} and i.inner_id = ${place.innerId}
    order by t.position = 'lead' desc, t.user_id limit 1`
  return must(row, `the team of ${place.innerId}`)
}

/** A week on the tour's instrument: mornings the lead, afternoons shared, one of them empty. */
async function roster(ctx: Ctx, play: Play): Promise<void> {
  const { id: instrumentId, lead } = await placeOf(ctx, SEM)
  const [substitute] = await ctx.sql<{ userId: string }[]>`
    select user_id from instrument_technicians
    where instrument_id = ${instrumentId} and position = 'substitute' limit 1`
  const today = dateOf(ctx.now())
  const { week } = await getTerms(ctx, instrumentId)
  const { days } = await calendarDays(ctx, today, addDays(today, 7))
  let afternoons = 0
  for (let i = 0; i < 7; i++) {
    const onDate = addDays(today, i)
    for (const [part, [startsMinute, endsMinute]] of segmentsOn(week, onDate, days).entries()) {
      const isAfternoon = part > 0
      if (isAfternoon) afternoons++
      if (isAfternoon && afternoons === HOLE) continue
      const stands = isAfternoon && afternoons % 2 === 0 && substitute !== undefined
      await play(demoPeople.institutionManager, ctx.now(), planDuty, {
        instrumentId,
        userId: stands ? substitute.userId : lead,
        onDate,
        startsMinute,
        endsMinute,
        substituteFor: stands ? lead : null,
      })
    }
  }
}

/** The afternoon that nobody took. */
const HOLE = 3
