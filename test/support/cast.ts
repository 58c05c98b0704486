import { randomUUID } from 'node:crypto'
import { proxies } from '@yiqi/server/kernel/address.ts'
import { makeClock } from '@yiqi/server/kernel/clock.ts'
import type { Sql } from '@yiqi/server/kernel/connect.ts'
import type { Ctx, Member } from '@yiqi/server/kernel/ctx.ts'
import { silentLog } from '@yiqi/server/kernel/log.ts'
import type { World } from '@yiqi/server/kernel/serve.ts'
import { loadNotices } from '@yiqi/server/notice/load-notices.ts'
import type { Role } from '@yiqi/shared/identity/terms.ts'
import { freshDatabase } from './database.ts'
import { testVault } from './vault.ts'

// The named characters of the tests, in a world of their own: one laboratory, two enterprises, two
// vouchers.

/** Tuesday 24 November 2026, 09:00 in Taiyuan. */
export const START = new Date('2026-11-24T01:00:00.000Z')
export const INSTRUMENT_CODE = 'SEM001'

const OFFICE = { open: [[480, 1080]], closed: [] as number[][] }

export type Person = Omit<Member, 'kind'> & {
  userId: string
  membershipId: string
  organisationId: string
  role: Role
  name: string
  phone: string
}
export type People = Record<
  | 'xiaojin'
  | 'admin'
  | 'stranger'
  | 'hao'
  | 'manager'
  | 'finance'
  | 'otherTechnician'
  | 'province'
  | 'city'
  | 'auditor',
  Person
>

export type Cast = {
  sql: Sql
  url: string
  world: World
  people: People
  instrumentId: string
  secondInstrumentId: string
  programmes: { deduct: string; refund: string }
  /** The ctx of a person (null: a visitor) on the pool; verbs that write want `act`. */
  ctx: (person: Person | null) => Ctx
  /** Sets the platform's clock. */
  setNow: (at: Date) => void
  drop: () => Promise<void>
}

/**
 * A fresh database with the characters in it. Quotas are in yuan fen: `deduct` 500,000, `refund`
 * 500,000.
 */
export async function newCast(options: { quotaFen?: number } = {}): Promise<Cast> {
  const database = await freshDatabase()
  const { sql } = database
  await loadNotices(sql)
  const organisations = await seedOrganisations(sql)
  const people = await seedPeople(sql, organisations)
  const instrumentId = await seedInstrument(sql, {
    institutionId: organisations.lab,
    innerId: '001',
    code: INSTRUMENT_CODE,
  })
  const secondInstrumentId = await seedInstrument(sql, {
    institutionId: organisations.lab,
    innerId: '002',
    code: 'SEM002',
  })
  await sql`insert into instrument_technicians (instrument_id, user_id)
    values (${instrumentId}, ${people.hao.userId}), (${secondInstrumentId}, ${people.hao.userId})`
  const programmes = await seedProgrammes(sql, people, options.quotaFen ?? 50_000_000)
  let now = START
  const clock = { ...makeClock(() => now), now: () => now }
  const world: World = {
    sql,
    clock,
    demo: false,
    log: silentLog,
    vault: testVault,
    trustedProxies: proxies([]),
    limits: null,
    secureCookies: false,
    actorOf: async () => ({ kind: 'visitor' }),
  }
  const ctx = (person: Person | null): Ctx => ({
    sql,
    actor: person === null ? { kind: 'visitor' } : { kind: 'member', ...person },
    now: () => now,
    demo: false,
    requestId: 'test',
    address: null,
    vault: testVault,
    log: silentLog,
  })
  const setNow = (at: Date) => {
    now = at
  }
  return { ...database, world, people, instrumentId, secondInstrumentId, programmes, ctx, setNow }
}

async function seedOrganisations(sql: Sql) {
  const add = async (row: Record<string, unknown>) => {
    const [added] = await sql<{ id: string }[]>`insert into organisations ${sql(row)} returning id`
    return added?.id ?? ''
  }
  const enterprise = {
    kind: 'enterprise',
    userKind: 'enterprise',
    cityCode: '140100',
    city: '太原市',
  }
  const addEnterprise = async (row: {
    uscc: string
    name: string
    legalRepresentative: string
  }) => {
    const id = await add({ ...enterprise, ...row })
    await sql`insert into credentials (organisation_id, kind, number, valid_from, valid_to, state,
        submitted_at)
      values (${id}, 'tech-sme', '202614010908990000', '2026-01-01', '2026-12-31', 'accepted',
        ${START})`
    return id
  }
  return {
    enterprise: await addEnterprise({
      uscc: '91140100MA0TEXT12Y',
      name: '示例新材料有限公司',
      legalRepresentative: '甲',
    }),
    rival: await addEnterprise({
      uscc: '91140200MA0TEXT20Y',
      name: '示例锻造有限公司',
      legalRepresentative: '乙',
    }),
    lab: await add({
      kind: 'institution',
      uscc: '12140000TEXT00017H',
      name: '示例大学',
      cityCode: '140100',
      city: '太原市',
    }),
    otherLab: await add({
      kind: 'institution',
      uscc: '12140000TEXT00025C',
      name: '示例研究院',
      cityCode: '140200',
      city: '大同市',
    }),
    province: await add({
      kind: 'department',
      uscc: '11140000TEXT00092D',
      name: '省创新券管理办公室',
    }),
    city: await add({
      kind: 'department',
      uscc: '11140100TEXT00001A',
      name: '太原市创新券管理办公室',
      cityCode: '140100',
      city: '太原市',
    }),
  }
}

async function seedPeople(
  sql: Sql,
  organisations: Awaited<ReturnType<typeof seedOrganisations>>,
): Promise<People> {
  let next = 13_900_000_001
  const add = async (name: string, organisationId: string, role: Role): Promise<Person> => {
    const digits = String(next++)
    const userId = randomUUID()
    const phone = await testVault.seal(sql, { column: 'users.phone', rowId: userId }, digits)
    await sql`
      insert into users (id, name, phone, phone_index)
      values (${userId}, ${name}, ${phone}, ${testVault.indexOf('users.phone', digits)})`
    const [membership] = await sql<{ id: string }[]>`
      insert into memberships (user_id, organisation_id, role) values (${userId},
        ${organisationId}, ${role}) returning id`
    return {
      userId,
      membershipId: membership?.id ?? '',
      organisationId,
      role,
      name,
      phone: digits,
      logInId: null,
      strongAt: START,
      duties: null,
    }
  }
  return {
    xiaojin: await add('小晋', organisations.enterprise, 'enterprise-member'),
    admin: await add('晋总', organisations.enterprise, 'enterprise-admin'),
    stranger: await add('小同', organisations.rival, 'enterprise-member'),
    hao: await add('郝工', organisations.lab, 'technician'),
    manager: await add('汾主任', organisations.lab, 'institution-manager'),
    finance: await add('财务老师', organisations.lab, 'institution-finance'),
    otherTechnician: await add('外院老师', organisations.otherLab, 'technician'),
    province: await add('省券管理员', organisations.province, 'voucher-administrator-province'),
    city: await add('市券管理员', organisations.city, 'voucher-administrator-city'),
    auditor: await add('审计员', organisations.province, 'auditor'),
  }
}

export async function seedInstrument(
  sql: Sql,
  row: { institutionId: string; innerId: string; code: string },
): Promise<string> {
  const [instrument] = await sql<{ id: string }[]>`
    insert into instruments (number, short_code, institution_id, inner_id, name, model,
      class_code, imported_at)
    values (${`SX-${row.innerId}`}, ${row.code}, ${row.institutionId}, ${row.innerId}, '场发射扫描电子显微镜',
      'SU8220', '010102', ${START}) returning id`
  const id = instrument?.id ?? ''
  await sql`
    insert into tariffs (instrument_id, tier, effective_from, material_fen_per_sample,
      utilities_fen_per_hour,
      labour_fen_per_hour, minimum_minutes)
    values (${id}, 'external', '2026-01-01', 6000, 12000, 28000, 60),
      (${id}, 'internal', '2026-01-01', 6000, 6000, 14000, 60)`
  const week = {
    weekdays: [OFFICE.open, OFFICE.open, OFFICE.open, OFFICE.open, OFFICE.open, [], []],
    holiday: [],
    adjustedWorkday: OFFICE.open,
  }
  await sql`
    insert into open_hours (instrument_id, week, slot_minutes, min_minutes, max_minutes,
      lead_minutes,
      horizon_days, buffer_minutes)
    values (${id}, ${sql.json(week)}, 60, 60, 480, 60, 14, 0)`
  return id
}

async function seedProgrammes(sql: Sql, people: People, quotaFen: number) {
  const add = async (mode: 'deduct' | 'refund') => {
    const [programme] = await sql<{ id: string }[]>`
      insert into programmes (code, name, year, mode, state, ratio_permille, enterprise_cap_fen,
        province_permille,
        publicity_days, service_modes, reviews, valid_from, valid_to)
      values (${`2026-${mode}`}, ${mode === 'deduct' ? '2026 通兑券' : '2026 后补助券'}, 2026, ${mode},
        'in_force',
        500, 50000000, 500, ${mode === 'deduct' ? 0 : 5}, ${['self-operated', 'operated', 'entrusted']},
        ${mode === 'deduct' ? ['province'] : ['binding', 'city', 'province']}, '2026-01-01',
          '2026-12-31') returning id`
    const id = programme?.id ?? ''
    const actor = people.province.userId
    await sql`select appropriate(${id}, 'province', 200000000, ${START}, ${actor}, '年度预算')`
    await sql`select issue_quota(${id}, ${people.xiaojin.organisationId}, ${quotaFen}, ${START}, ${actor}, '年度额度')`
    return id
  }
  return { deduct: await add('deduct'), refund: await add('refund') }
}
