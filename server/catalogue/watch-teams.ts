import type { TeamAlarmKind } from '@yiqi/shared/catalogue/terms.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { alarmsWhere } from './queries-team-alarms.ts'

const eventOf: Record<TeamAlarmKind, string> = {
  'below-minimum': 'catalogue.team_below_minimum',
  'duty-uncovered': 'catalogue.duty_uncovered',
  'licence-expired': 'catalogue.licence_expired',
  'licence-expiring': 'catalogue.licence_expiring',
}

/**
 * Records an event for every alarm of a team that was not there the last time, of which the
 * institution's managers are told. An alarm that lasts is told once; one that comes again, again.
 * Answers how many were new.
 */
export async function watchTeams(ctx: Ctx): Promise<{ told: number }> {
  const alarms = (await alarmsWhere(ctx, ctx.sql`true`)).map((alarm) => {
    return { instrument_id: alarm.instrument.id, kind: alarm.kind, about: alarm.about }
  })
  const now = ctx.sql`
    jsonb_to_recordset(${ctx.sql.json(alarms)}) as n(instrument_id uuid, kind text, about text)`
  await ctx.sql`
    update team_alarms a set ended_at = ${ctx.now()}
    where a.ended_at is null and not exists (select from ${now}
      where (n.instrument_id, n.kind, n.about) = (a.instrument_id, a.kind, a.about))`
  const fresh = await ctx.sql<{ instrumentId: string; kind: TeamAlarmKind }[]>`
    insert into team_alarms (instrument_id, kind, about, told_at)
    select n.instrument_id, n.kind, n.about, ${ctx.now()} from ${now}
    on conflict (instrument_id, kind, about) where ended_at is null do nothing
    returning instrument_id, kind`
  for (const { instrumentId, kind } of fresh)
    await record(ctx, eventOf[kind], { subjectId: instrumentId })
  return { told: fresh.length }
}
