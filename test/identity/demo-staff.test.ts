import { alarmsWhere } from '@yiqi/server/catalogue/queries-team-alarms.ts'
import { loadDemoRegisters } from '@yiqi/server/demo.ts'
import { loadDemoStaff } from '@yiqi/server/demo-staff.ts'
import { makeStage } from '@yiqi/server/demo-stage.ts'
import { demoInstitutionUscc } from '@yiqi/server/identity/demo-people.ts'
import { asActor } from '@yiqi/server/kernel/ctx.ts'
import { teamAlarmKinds } from '@yiqi/shared/catalogue/terms.ts'
import { expect, it } from 'vitest'
import { jobCtx } from '../support/ctx.ts'
import { freshDatabase } from '../support/database.ts'

it('the first institution of the demonstration has staff, teams, duty, and every kind of alarm', async () => {
  const database = await freshDatabase()
  try {
    const ctx = jobCtx(database.sql)
    await loadDemoRegisters(ctx)
    const started = performance.now()
    await asActor(ctx, (tx) => loadDemoStaff(tx, makeStage(tx)))
    console.log(`staff of the demonstration: ${Math.round(performance.now() - started)} ms`)
    const [counts] = await database.sql`
      select (select count(*) from staff_records) as staff,
        (select count(distinct establishment) from staff_records) as establishments,
        (select count(*) from trainings) as trainings,
        (select count(*) from instrument_technicians where position = 'lead') as leads,
        (select count(*) from experts) as experts,
        (select count(*) > 5 from duty_shifts) as on_duty,
        (select count(*) from duty_shifts where substitute_for is not null) > 0 as stood_in`
    expect(counts).toEqual({
      staff: 20,
      establishments: 4,
      trainings: 27,
      leads: 600,
      experts: 44,
      onDuty: true,
      stoodIn: true,
    })
    const asked = performance.now()
    const alarms = await alarmsWhere(ctx, ctx.sql`true`)
    console.log(`alarms of 600 instruments: ${Math.round(performance.now() - asked)} ms`)
    expect([...new Set(alarms.map((alarm) => alarm.kind))].sort()).toEqual(
      [...teamAlarmKinds].sort(),
    )
    const owners = await database.sql`
      select distinct o.uscc from instruments i join organisations o on o.id = i.institution_id
      where i.id = any(${alarms.map((alarm) => alarm.instrument.id)}::uuid[])`
    expect(owners.map((row) => row.uscc)).toEqual([demoInstitutionUscc])
  } finally {
    await database.drop()
  }
})
