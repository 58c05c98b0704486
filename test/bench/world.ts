import type { Sql } from '@yiqi/server/kernel/connect.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { addDays, addMinutes, dateOf, instantAt } from '@yiqi/shared/kernel/time.ts'
import { sharedTokens, tokensFor } from '../support/log-ins.ts'

/** Who books what: many people of many enterprises, each with its quota; 200 instruments. */
export type World = {
  users: readonly User[]
  instruments: readonly Instrument[]
  programmeId: string
  noticeId: string
}
export type User = { userId: string; organisationId: string; token: string }
export type Instrument = { id: string; institutionId: string; tariffId: string }

/** An hour of one instrument. */
export type Hour = { instrument: Instrument; startsAt: Date; endsAt: Date }

export const INSTRUMENTS = 200
export const USERS = 2_000
/** Every instrument is open on every day from 8 to 22. */
export const OPENS = 8
export const HOURS_A_DAY = 14
/** What everybody books: an hour and one sample, half of it paid by the voucher. */
export const SERVICE_MODE = 'entrusted'
export const SAMPLES = 1
export const TARIFF = {
  materialFenPerSample: 6_000,
  utilitiesFenPerHour: 12_000,
  labourFenPerHour: 28_000,
  minimumMinutes: 30,
}
export const TOTAL_FEN = 46_000
export const VOUCHER_FEN = 23_000

const INSTITUTIONS = 20
const ENTERPRISES = 200
const QUOTA_FEN = 1_000_000_000
const SINCE = '2015-01-01'
const UNTIL = '2099-12-31'
const OPEN = [[OPENS * 60, (OPENS + HOURS_A_DAY) * 60]]
const WEEK = { weekdays: Array(7).fill(OPEN), holiday: OPEN, adjustedWorkday: OPEN }

/** Fills a migrated database. */
export async function makeWorld(sql: Sql): Promise<World> {
  await addOrganisations(sql, 'institution', INSTITUTIONS)
  await addOrganisations(sql, 'enterprise', ENTERPRISES)
  const programmeId = await addProgramme(sql)
  const users = await addUsers(sql)
  const instruments = await addInstruments(sql)
  const [notice] = await sql<{ id: string }[]>`
    select id from notices where service_mode = ${SERVICE_MODE} order by version desc limit 1`
  // Not the tables that are still empty: it would tell the planner that they stay so.
  await sql`analyze organisations, users, memberships, instruments, open_hours, tariffs, programmes,
    accounts, quotas, transfers`
  return { users, instruments, programmeId, noticeId: must(notice, 'a notice').id }
}

/**
 * The hours that are free from tomorrow on, one after the other, on each instrument in turn.
 * `isTaken` gets the number of the instrument, of the day from today, and of the hour of the day.
 */
export function freeHours(
  { instruments }: World,
  isTaken: (instrument: number, day: number, hour: number) => boolean = () => false,
): () => Hour {
  const today = dateOf(new Date())
  let next = 0
  return () => {
    for (;;) {
      const nth = next++
      const [i, hours] = [nth % INSTRUMENTS, Math.floor(nth / INSTRUMENTS)]
      const [day, hour] = [1 + Math.floor(hours / HOURS_A_DAY), hours % HOURS_A_DAY]
      if (isTaken(i, day, hour)) continue
      const startsAt = instantAt(addDays(today, day), (OPENS + hour) * 60)
      const instrument = must(instruments[i], 'an instrument')
      return { instrument, startsAt, endsAt: addMinutes(startsAt, 60) }
    }
  }
}

/** The users one after the other, again and again. */
export function inTurn(users: readonly User[]): () => User {
  let next = 0
  return () => must(users[next++ % users.length], 'a user')
}

async function addOrganisations(sql: Sql, kind: string, count: number): Promise<void> {
  await sql`
    with added as (
      insert into organisations (uscc, name, kind, city_code, city)
      select format('%s-%s', ${kind}::text, n), format('单位 %s', n), ${kind}, '140100', '太原市'
      from generate_series(1, ${count}::int) n returning id)
    insert into credentials (organisation_id, kind, number, valid_from, valid_to, state,
      submitted_at)
    select id, 'tech-sme', '202614010908990000', ${SINCE}, ${UNTIL}, 'accepted', now() from added`
}

async function addProgramme(sql: Sql): Promise<string> {
  const [programme] = await sql<{ id: string }[]>`
    insert into programmes (code, name, year, mode, state, ratio_permille, enterprise_cap_fen,
      province_permille, publicity_days, service_modes, reviews, valid_from, valid_to)
    values ('bench', '通兑券', 2026, 'deduct', 'in_force', 500, ${QUOTA_FEN}, 500, 0,
      ${[SERVICE_MODE]}, ${['province']}, ${SINCE}, ${UNTIL}) returning id`
  const { id } = must(programme, 'the programme')
  await sql`select appropriate(${id}, 'province', ${QUOTA_FEN * ENTERPRISES}, now(), null, '预算')`
  await sql`select issue_quota(${id}, o.id, ${QUOTA_FEN}, now(), null, '额度')
    from organisations o where o.kind = 'enterprise'`
  return id
}

async function addUsers(sql: Sql): Promise<User[]> {
  const rows = await sql<{ userId: string; organisationId: string; membershipId: string }[]>`
    with people as (
      insert into users (name) select '经办'
      from generate_series(1, ${USERS}::int) n returning id),
    numbered as (select id, row_number() over (order by id) as n from people),
    enterprises as (
      select id, row_number() over (order by id) as n from organisations
      where kind = 'enterprise')
    insert into memberships (user_id, organisation_id, role)
    select p.id, e.id, 'enterprise-member' from numbered p
      join enterprises e on e.n = 1 + p.n % ${ENTERPRISES}
    returning user_id, organisation_id, id as membership_id`
  const tokens = await tokensFor(sql, rows, sharedTokens())
  return rows.map((row, nth) => ({ ...row, token: must(tokens[nth], 'a token each') }))
}

async function addInstruments(sql: Sql): Promise<Instrument[]> {
  return sql<Instrument[]>`
    with institutions as (
      select id, row_number() over (order by id) as n from organisations
      where kind = 'institution'),
    added as (
      insert into instruments (number, short_code, institution_id, inner_id, name, model,
        class_code, imported_at)
      select format('SX-%s', g.n), format('BNC%s', g.n), i.id, g.n::text, '场发射扫描电子显微镜', 'SU8220',
        '010102', now()
      from generate_series(1, ${INSTRUMENTS}::int) g(n)
        join institutions i on i.n = 1 + g.n % ${INSTITUTIONS}
      returning id, institution_id),
    hours as (
      insert into open_hours (instrument_id, week, slot_minutes, min_minutes, max_minutes,
        lead_minutes, horizon_days, buffer_minutes)
      select id, ${sql.json(WEEK)}, 30, 30, 480, 0, 60, 0 from added),
    priced as (
      insert into tariffs (instrument_id, tier, effective_from, material_fen_per_sample,
        utilities_fen_per_hour, labour_fen_per_hour, minimum_minutes)
      select id, 'external', ${SINCE}, ${TARIFF.materialFenPerSample},
        ${TARIFF.utilitiesFenPerHour}, ${TARIFF.labourFenPerHour}, ${TARIFF.minimumMinutes}
      from added returning id, instrument_id)
    select a.id, a.institution_id, p.id as tariff_id
    from added a join priced p on p.instrument_id = a.id order by a.id`
}
