import { loadReference } from '@yiqi/server/catalogue/load-reference.ts'
import { loadDemoRegisters } from '@yiqi/server/demo.ts'
import {
  demoEnterpriseUscc,
  demoInstitutionUscc,
  demoInstrumentInnerId,
  demoPeople,
} from '@yiqi/server/identity/demo-people.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jobCtx } from '../support/ctx.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let tookMs = 0

beforeAll(async () => {
  database = await freshDatabase()
  const started = performance.now()
  await loadDemoRegisters(jobCtx(database.sql))
  tookMs = performance.now() - started
})
afterAll(() => database?.drop())

describe('the registers of the demonstration', () => {
  it('are loaded whole, in five seconds', async () => {
    const [counts] = await database.sql`
      select (select count(*) from instruments) as instruments,
        (select count(*) from instrument_search) as searchable,
        (select count(*) from organisations where kind = 'institution') as institutions,
        (select count(*) from organisations where kind = 'enterprise') as enterprises,
        (select count(*) from users) as people,
        (select count(*) from memberships) as memberships,
        (select count(*) from tariffs) as tariffs,
        (select count(*) from open_hours) as open_hours,
        (select count(distinct instrument_id) from instrument_technicians) as tended,
        (select count(distinct short_code) from instruments) as codes`
    expect(counts).toEqual({
      instruments: 600,
      searchable: 600,
      institutions: 47,
      enterprises: 81,
      people: 509,
      memberships: 509,
      tariffs: 1404,
      openHours: 600,
      tended: 600,
      codes: 600,
    })
    console.log(`demo registers loaded in ${Math.round(tookMs)} ms`)
    expect(tookMs).toBeLessThan(5_000)
  })

  it('are left alone when there are organisations already', async () => {
    expect(await loadDemoRegisters(jobCtx(database.sql))).toEqual({ loaded: false })
  })

  it('give every instrument a spoken number, a code without ambiguous letters and a kind', async () => {
    const rows = await database.sql<{ number: string; shortCode: string; kind: string }[]>`
      select number, short_code, kind from instruments order by number`
    expect(rows[0]?.number).toBe('SX-0001')
    expect(rows.every((row) => /^[2-9A-HJKMNP-TV-Z]{6}$/.test(row.shortCode))).toBe(true)
    expect(rows.every((row) => row.kind !== null)).toBe(true)
  })

  it('keep money to the fen and dates to the day', async () => {
    const [row] = await database.sql<{ worthFen: number; accountedOn: string; address: string }[]>`
      select i.worth_fen, i.accounted_on, i.address from instruments i
      join organisations o on o.id = i.institution_id
      where o.uscc = ${demoInstitutionUscc} and inner_id = '200800139'`
    expect(row).toEqual({
      worthFen: 49_780_000,
      accountedOn: '2008-07-10',
      address: '山西省太原市万柏林区学砚街88号矿业工程学院A座212室',
    })
  })

  it('hold the cast of the tour: an eligible enterprise and an electron microscope open on weekdays', async () => {
    const [instrument] = await database.sql<
      { kind: string; week: { weekdays: number[][][] }; technician: string }[]
    >`
      select i.kind, h.week, u.person_id as technician from instruments i
      join organisations o on o.id = i.institution_id join open_hours h on h.instrument_id = i.id
      join instrument_technicians t on t.instrument_id = i.id join users u on u.id = t.user_id
      where o.uscc = ${demoInstitutionUscc} and i.inner_id = ${demoInstrumentInnerId}`
    expect(instrument?.kind).toBe('fesem')
    expect(instrument?.technician).toBe(demoPeople.technician)
    expect(instrument?.week.weekdays.slice(0, 5).every((day) => day.length > 0)).toBe(true)
    const [entry] = await database.sql`
      select c.kind, c.valid_from, c.valid_to, c.state
      from credentials c join organisations o on o.id = c.organisation_id
      where o.uscc = ${demoEnterpriseUscc}`
    expect(entry).toEqual({
      kind: 'tech-sme',
      validFrom: '2026-01-01',
      validTo: '2026-12-31',
      state: 'accepted',
    })
    const people = await database.sql`
      select from users where person_id = any(${Object.values(demoPeople)}::text[])`
    expect(people.length).toBe(Object.keys(demoPeople).length)
  })
})

describe('the reference data', () => {
  it('is there, and costs nothing when it has not changed', async () => {
    const started = performance.now()
    await loadReference(database.sql)
    const tookMs = performance.now() - started
    console.log(`reference data unchanged: ${tookMs.toFixed(1)} ms`)
    expect(tookMs).toBeLessThan(100)
    const [counts] = await database.sql`
      select (select count(*) from instrument_classes) as classes,
        (select count(*) from instrument_kinds) as kinds,
        (select count(*) from synonyms) as synonyms,
        (select count(*) from calendar_days) as days`
    expect(counts).toEqual({ classes: 739, kinds: 191, synonyms: 1305, days: 121 })
  })
})
