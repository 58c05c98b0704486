import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { sharedTokens, tokensFor } from '../support/log-ins.ts'

/** Who acts and on what: a few instruments, many users, quotas that run out. */
export type World = {
  enterpriseUsers: Person[]
  technician: Person
  /** Booked by the hour for the days to come. */
  instruments: Instrument[]
  /** Booked by the quarter of an hour for now: one for each who walks in. */
  walkIns: Instrument[]
  programmeIds: string[]
}
export type Person = { userId: string; token: string }
export type Instrument = { id: string; code: string }

const INSTRUMENTS = 6
const WALK_INS = 2
const ENTERPRISES = 6
const USERS_EACH = 6
const QUOTA_FEN = 400_000
const BUDGET_FEN = 200_000_000
const SINCE = '2020-01-01'
const UNTIL = '2099-12-31'
const ALWAYS = [[0, 1440]]
const WEEK = { weekdays: Array(7).fill(ALWAYS), holiday: ALWAYS, adjustedWorkday: ALWAYS }
const HOURLY = { slot: 60, max: 240 }
const QUARTERLY = { slot: 15, max: 60 }

/** Fills a migrated database through the SQL that the product itself uses. */
export async function makeWorld(sql: Sql): Promise<World> {
  const tokens = sharedTokens()
  let people = 0
  const addPerson = async (organisationId: string, role: string): Promise<Person> => {
    const userId = await added(sql`insert into users (name)
      values (${`用户 ${++people}`}) returning id`)
    const membershipId = await added(sql`insert into memberships (user_id, organisation_id, role)
      values (${userId}, ${organisationId}, ${role}) returning id`)
    const [token] = await tokensFor(sql, [{ userId, membershipId }], tokens)
    return { userId, token: must(token, 'a token') }
  }
  const lab = await addOrganisation(sql, 'institution', 1)
  const technician = await addPerson(lab, 'technician')
  const addInstruments = (count: number, prefix: string, terms: typeof HOURLY) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        addInstrument(sql, { lab, code: `${prefix}00${i}`, technician, terms }),
      ),
    )
  const programmeIds = [await addProgramme(sql, 'deduct'), await addProgramme(sql, 'refund')]
  const enterpriseUsers: Person[] = []
  for (let i = 0; i < ENTERPRISES; i++) {
    const enterprise = await addOrganisation(sql, 'enterprise', 10 + i)
    for (let n = 0; n < USERS_EACH; n++)
      enterpriseUsers.push(await addPerson(enterprise, 'enterprise-member'))
    for (const programmeId of programmeIds)
      await sql`select issue_quota(${programmeId}, ${enterprise}, ${QUOTA_FEN}, now(),
        ${technician.userId}, '年度额度')`
  }
  return {
    enterpriseUsers,
    technician,
    instruments: await addInstruments(INSTRUMENTS, 'FLT', HOURLY),
    walkIns: await addInstruments(WALK_INS, 'WLK', QUARTERLY),
    programmeIds,
  }
}

async function addOrganisation(sql: Sql, kind: string, number: number): Promise<string> {
  const id = await added(sql`
    insert into organisations (uscc, name, kind, city_code, city)
    values (${`91140100MA0TEXT${number}Y`}, ${`单位 ${number}`}, ${kind}, '140100', '太原市')
    returning id`)
  await sql`
    insert into credentials (organisation_id, kind, number, valid_from, valid_to, state,
      submitted_at)
    values (${id}, 'tech-sme', '202614010908990000', ${SINCE}, ${UNTIL}, 'accepted', now())`
  return id
}

async function addInstrument(
  sql: Sql,
  {
    lab,
    code,
    technician,
    terms,
  }: {
    lab: string
    code: string
    technician: Person
    terms: typeof HOURLY
  },
): Promise<Instrument> {
  const id = await added(sql`
    insert into instruments (number, short_code, institution_id, inner_id, name, class_code,
      imported_at)
    values (${`SX-${code}`}, ${code}, ${lab}, ${code}, '扫描电子显微镜', '010102', now())
    returning id`)
  await sql`
    insert into tariffs (instrument_id, tier, effective_from, material_fen_per_sample,
      utilities_fen_per_hour, labour_fen_per_hour, minimum_minutes)
    values (${id}, 'external', ${SINCE}, 6000, 12000, 28000, 15)`
  await sql`
    insert into open_hours (instrument_id, week, slot_minutes, min_minutes, max_minutes,
      lead_minutes, horizon_days, buffer_minutes)
    values (${id}, ${sql.json(WEEK)}, ${terms.slot}, ${terms.slot}, ${terms.max}, 0, 30, 0)`
  await sql`insert into instrument_technicians (instrument_id, user_id)
    values (${id}, ${technician.userId})`
  return { id, code }
}

async function addProgramme(sql: Sql, mode: 'deduct' | 'refund'): Promise<string> {
  const id = await added(sql`
    insert into programmes (code, name, year, mode, state, ratio_permille, enterprise_cap_fen,
      province_permille, publicity_days, service_modes, reviews, valid_from, valid_to)
    values (${`faults-${mode}`}, ${mode}, 2026, ${mode}, 'in_force', 500, ${QUOTA_FEN}, 500, 0,
      ${['self-operated', 'operated', 'entrusted']}, ${['province']}, ${SINCE}, ${UNTIL})
    returning id`)
  await sql`select appropriate(${id}, 'province', ${BUDGET_FEN}, now(), null, '年度预算')`
  return id
}

async function added(rows: PromiseLike<{ id?: string }[]>): Promise<string> {
  return must((await rows)[0]?.id, 'the id of the added row')
}
