import { importOpenHours } from '@yiqi/server/booking/import-open-hours.ts'
import { findInstrumentByCode, getInstrument } from '@yiqi/server/catalogue/queries.ts'
import { importTariffs } from '@yiqi/server/charging/import-tariffs.ts'
import { loadDemoRegisters } from '@yiqi/server/demo.ts'
import { demoInstitutionUscc, demoInstrumentInnerId } from '@yiqi/server/identity/demo-people.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { act, outcome } from '../support/act.ts'
import { jobCtx } from '../support/ctx.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let shown: { id: string; shortCode: string }
beforeAll(async () => {
  database = await freshDatabase()
  await loadDemoRegisters(jobCtx(database.sql))
  const [row] = await database.sql<{ id: string; shortCode: string }[]>`
    select i.id, i.short_code from instruments i join organisations o on o.id = i.institution_id
    where o.uscc = ${demoInstitutionUscc} and i.inner_id = ${demoInstrumentInnerId}`
  if (!row) throw new Error('no instrument')
  shown = row
})
afterAll(() => database?.drop())

const visitor = () => jobCtx(database.sql, { actor: { kind: 'visitor' } })
const MISSING = '00000000-0000-7000-8000-000000000000'

describe('getInstrument', () => {
  it('shows an instrument with its institution and technicians, and nobody a phone number', async () => {
    const instrument = await getInstrument(visitor(), { id: shown.id })
    expect(instrument).toMatchObject({
      model: 'Regulus 8230',
      kind: 'fesem',
      classCode: '010102',
      className: '扫描电镜',
      classPath: '分析仪器 / 电子光学仪器 / 扫描电镜',
      institution: { name: '晋原理工大学', cityCode: '140100' },
      technicians: [{ name: '陆骁行', title: '助理实验师' }],
      customsSupervised: false,
    })
    expect(JSON.stringify(instrument)).not.toMatch(/1390000\d{4}/)
  })

  it('is found by its six characters; unknown ones are refused', async () => {
    const card = await findInstrumentByCode(visitor(), { code: shown.shortCode })
    expect(card.id).toBe(shown.id)
    expect(await outcome(findInstrumentByCode(visitor(), { code: 'ZZZZZZ' }))).toBe(
      'catalogue.code_unknown',
    )
    expect(await outcome(getInstrument(visitor(), { id: MISSING }))).toBe(
      'catalogue.no_such_instrument',
    )
  })
})

const TARIFF_HEADER =
  'institution_uscc,inner_id,tier,effective_from,effective_to,material_fen_per_sample,utilities_fen_per_hour,labour_fen_per_hour,minimum_minutes,basis\n'
const HOURS_HEADER =
  'institution_uscc,inner_id,mon,tue,wed,thu,fri,sat,sun,holiday,adjusted_workday,slot_minutes,min_minutes,max_minutes,lead_minutes,horizon_days,buffer_minutes,note\n'
const KEY = `${demoInstitutionUscc},${demoInstrumentInnerId}`
const job = () => jobCtx(database.sql)

describe('importTariffs and importOpenHours', () => {
  it('write all rows or none, and say which row and column is wrong', async () => {
    const csv = Buffer.from(
      `${TARIFF_HEADER}${demoInstitutionUscc},nowhere,external,2030-01-01,,1,1,1,30,\n${KEY},other,2030-02-30,,-1,1,1,30,\n`,
    )
    const report = await act(job(), importTariffs, { csv })
    expect(report.written).toBe(0)
    expect(report.errors.map((each) => [each.row, each.column])).toEqual([
      [2, 'inner_id'],
      [3, 'tier'],
      [3, 'effective_from'],
      [3, 'material_fen_per_sample'],
    ])
    const hours = Buffer.from(`${HOURS_HEADER}${KEY},12:00-08:00,,,,,,,,,60,120,60,0,14,0,\n`)
    const found = await act(job(), importOpenHours, { csv: hours })
    expect(found.errors.map((each) => each.column)).toEqual(['mon', 'max_minutes'])
  })

  it('leave a tariff version that is there as it is, and replace open hours', async () => {
    const [before] = await database.sql<
      { tier: string; effectiveFrom: string; labourFenPerHour: number }[]
    >`
      select tier, effective_from, labour_fen_per_hour from tariffs
      where instrument_id = ${shown.id} order by effective_from desc limit 1`
    const csv = Buffer.from(
      `${TARIFF_HEADER}${KEY},${before?.tier},${before?.effectiveFrom},,9,9,9,30,\n`,
    )
    expect((await act(job(), importTariffs, { csv })).written).toBe(0)
    const hours = Buffer.from(
      `${HOURS_HEADER}${KEY},20:00-24:00,,,,,,,,08:00-12:00,60,60,240,0,14,15,夜间\n`,
    )
    expect((await act(job(), importOpenHours, { csv: hours })).written).toBe(1)
    const [row] = await database.sql`
      select week, buffer_minutes, note from open_hours where instrument_id = ${shown.id}`
    expect(row).toEqual({
      week: {
        weekdays: [[[1200, 1440]], [], [], [], [], [], []],
        holiday: [],
        adjustedWorkday: [[480, 720]],
      },
      bufferMinutes: 15,
      note: '夜间',
    })
  })

  it('are for jobs and platform administrators', async () => {
    const csv = Buffer.from(TARIFF_HEADER)
    expect(await outcome(act(visitor(), importTariffs, { csv }))).toBe('identity.not_logged_in')
    expect(await outcome(act(visitor(), importOpenHours, { csv: Buffer.from(HOURS_HEADER) }))).toBe(
      'identity.not_logged_in',
    )
  })
})
