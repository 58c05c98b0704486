import { type OpenWeek, segmentsOn } from '@yiqi/shared/booking/rules.ts'
import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { TeamAlarm } from '@yiqi/shared/catalogue/endpoints-team.ts'
import {
  alarmsOf,
  ROSTER_DAYS,
  type TeamFacts,
  type Teammate,
} from '@yiqi/shared/catalogue/rules.ts'
import { teamAlarmKinds, teamAlarmLabels } from '@yiqi/shared/catalogue/terms.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { addDays, dateOf, minuteOfDay } from '@yiqi/shared/kernel/time.ts'
import type { Fragment } from '../kernel/connect.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'
import { calendarDays } from './facts.ts'
import { isTechnicianOf } from './queries-team.ts'

/**
 * The alarms of now, the gravest kind first: of the own institution's instruments, of those in the
 * technician's care, or of all.
 */
export async function listTeamAlarms(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.listTeamAlarms>,
): Promise<Page<TeamAlarm>> {
  const { relation, organisationId, userId } = allow(ctx, 'catalogue.listTeamAlarms')
  const limit = pageLimit(input.limit)
  const after = readCursor(input.cursor)?.[0] ?? ''
  const whose =
    relation === 'all'
      ? ctx.sql`true`
      : relation === 'assigned'
        ? ctx.sql`i.institution_id = ${organisationId} and exists (
            select from instrument_technicians x
            where x.instrument_id = i.id and x.user_id = ${userId})`
        : ctx.sql`i.institution_id = ${organisationId}`
  const all = (await alarmsWhere(ctx, whose)).map(({ about, ...alarm }) => alarm)
  const rows = all
    .filter((row) => keyOf(row) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return pageBy(
    rows,
    limit,
    (row) => [keyOf(row)],
    (row) => row,
  )
}

/** The alarms of now of these instruments `i`, in no order, with what tells them apart. */
export async function alarmsWhere(
  ctx: Ctx,
  condition: Fragment,
): Promise<(TeamAlarm & { about: string })[]> {
  const now = { today: dateOf(ctx.now()), minute: minuteOfDay(ctx.now()) }
  const last = addDays(now.today, ROSTER_DAYS - 1)
  const days = Array.from({ length: ROSTER_DAYS }, (_, i) => addDays(now.today, i))
  const calendar = (await calendarDays(ctx, now.today, last)).days
  const rows = await ctx.sql<FactsRow[]>`
    select i.id, i.number, i.name, i.staff_min, i.institution_id, o.name as institution_name,
      h.week,
      (select coalesce(json_agg(json_build_object('userId', t.user_id, 'name', u.name,
          'isTechnician', ${isTechnicianOf(ctx)}, 'leftOn', s.left_on,
          'licenceExpiresOn', t.licence_expires_on)), '[]')
        from instrument_technicians t join users u on u.id = t.user_id
          left join staff_records s on s.user_id = t.user_id
            and s.organisation_id = i.institution_id
        where t.instrument_id = i.id) as team,
      (select coalesce(json_agg(json_build_object('userId', d.user_id, 'onDate', d.on_date,
          'startsMinute', d.starts_minute, 'endsMinute', d.ends_minute)), '[]')
        from duty_shifts d where d.instrument_id = i.id
          and d.on_date between ${now.today} and ${last}) as duty
    from instruments i join organisations o on o.id = i.institution_id
      left join open_hours h on h.instrument_id = i.id
    where ${condition}`
  return rows.flatMap(({ week, institutionId, institutionName, ...row }) => {
    const { id, number, name, staffMin, team, duty } = row
    const open = days.map((day) => {
      return { day, spans: week === null ? [] : segmentsOn(week, day, calendar) }
    })
    return alarmsOf({ staffMin, team, duty, open }, now).map((alarm) => ({
      ...alarm,
      id: `${id} ${alarm.kind} ${alarm.about}`,
      label: teamAlarmLabels[alarm.kind],
      instrument: { id, number, name },
      institution: { id: institutionId, name: institutionName },
    }))
  })
}

type FactsRow = Pick<TeamFacts, 'staffMin' | 'duty'> & {
  id: string
  number: string
  name: string
  institutionId: string
  institutionName: string
  /** When people may book it; null: not at all. */
  week: OpenWeek | null
  team: Teammate[]
}

function keyOf({ kind, instrument, id }: Omit<TeamAlarm, 'about'>): string {
  return `${teamAlarmKinds.indexOf(kind)} ${instrument.number} ${id}`
}
