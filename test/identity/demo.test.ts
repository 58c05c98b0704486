import { advanceClock } from '@yiqi/server/identity/advance-clock.ts'
import { demoPeople, demoRoles } from '@yiqi/server/identity/demo-people.ts'
import { importPeople } from '@yiqi/server/identity/import-people.ts'
import { listDemoRoles, logInAsDemo } from '@yiqi/server/identity/log-in-as-demo.ts'
import { getClock, getMe, listEnterprises, membersInRole } from '@yiqi/server/identity/queries.ts'
import { transact } from '@yiqi/server/kernel/ctx.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { newWorld, START, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await newWorld()
})
afterAll(() => world?.drop())

const demo = { demo: true }
const logInAs = (personId: string, other: { demo: boolean } = demo) =>
  transact(world.ctx(undefined, other), (tx) => logInAsDemo(tx, { personId }, world.ports))

describe('the people of the tour', () => {
  it('are listed in their order, each with a task', async () => {
    const { rows } = await listDemoRoles(world.ctx(undefined, demo), {})
    expect(rows.map((row) => row.personId)).toEqual(demoRoles.map((row) => row.personId))
    expect(rows.every((row) => row.task.length > 5 && row.roleLabel !== '')).toBe(true)
  })

  it('can be logged in as, and nobody else', async () => {
    const { me, token } = await logInAs(demoPeople.enterpriseMember)
    expect(me.membership?.organisation.name).toBe('太原穆晖泽轻合金有限公司')
    expect(await world.actorOf(token)).toMatchObject({ kind: 'member' })
    expect(await outcome(logInAs('P0003'))).toBe('identity.no_such_person')
  })

  it('do not exist outside a demonstration', async () => {
    expect(await outcome(logInAs(demoPeople.auditor, { demo: false }))).toBe('identity.demo_off')
    expect(await outcome(listDemoRoles(world.ctx(), {}))).toBe('identity.demo_off')
  })
})

describe('advanceClock', () => {
  const advance = async (to: Date, offsetMs: number, other = demo) => {
    const ctx = world.ctx(await world.person('P0305'), other)
    return transact(ctx, (tx) => advanceClock(tx, { to: to.toISOString() }, { offsetMs }))
  }

  it('moves forward only, once for two who ask the same, and is seen by getClock', async () => {
    const to = addMinutes(START, 90)
    const both = await Promise.all([advance(to, 0), advance(to, 0)])
    expect(both.map((each) => each.offsetMinutes)).toEqual([90, 90])
    expect((await getClock(world.ctx(undefined, demo), {})).offsetMinutes).toBe(90)
    expect(await outcome(advance(addMinutes(START, 10), 0))).toBe('identity.clock_backwards')
    const [event] = await world.sql`
      select detail from events where name = 'identity.clock_advanced' limit 1`
    expect(event?.detail).toEqual({ count: 90 })
  })

  it('is refused outside a demonstration and to visitors', async () => {
    expect(await outcome(advance(addMinutes(START, 200), 0, { demo: false }))).toBe(
      'identity.demo_off',
    )
    const visitor = transact(world.ctx(undefined, demo), (tx) =>
      advanceClock(tx, { to: START.toISOString() }, { offsetMs: 0 }),
    )
    expect(await outcome(visitor)).toBe('identity.not_logged_in')
  })
})

describe('listEnterprises', () => {
  const list = async (personId: string, input: Parameters<typeof listEnterprises>[1] = {}) =>
    listEnterprises(world.ctx(await world.person(personId)), input)

  it('pages through all of them for the province, through its own for a city', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await list(demoPeople.provinceAdministrator, {
        limit: 30,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...page.rows.map((row) => row.uscc))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(new Set(seen).size).toBe(80)
    expect(seen.length).toBe(80)
    const mine = await list(demoPeople.cityAdministrator, { limit: 100 })
    expect(new Set(mine.rows.map((row) => row.city))).toEqual(new Set(['太原市']))
  })

  it('finds by a part of the name, and is for voucher administrators', async () => {
    const { rows } = await list(demoPeople.provinceAdministrator, { q: '穆晖泽' })
    expect(rows.map((row) => row.credential?.validTo)).toEqual(['2026-12-31'])
    expect(await outcome(list(demoPeople.technician))).toBe('identity.role_missing')
    expect(await outcome(listEnterprises(world.ctx(), {}))).toBe('identity.not_logged_in')
  })
})

describe('people and organisations', () => {
  it('getMe tells who acts, and refuses visitors', async () => {
    const me = await getMe(world.ctx(await world.person(demoPeople.technician)), {})
    expect(me).toMatchObject({
      user: { name: '陆骁行' },
      membership: {
        role: 'technician',
        organisation: { name: '晋原理工大学', kind: 'institution' },
      },
    })
    expect(await outcome(getMe(world.ctx(), {}))).toBe('identity.not_logged_in')
  })

  it("a city's voucher administrator belongs to a department of that city", async () => {
    const ids = await membersInRole(world.ctx(), 'voucher-administrator-city', '140100')
    expect(ids).toEqual([(await world.person(demoPeople.cityAdministrator)).userId])
  })

  it('are imported by jobs and platform administrators only, and twice without doubles', async () => {
    const csv = Buffer.from(
      'person_id,name,role,org_name,org_uscc,city,title,phone,email\nP9001,甲,hr,某处,,,,13800000001,\n',
    )
    const importAs = async (personId: string) =>
      transact(world.ctx(await world.person(personId)), (tx) => importPeople(tx, { csv }))
    expect(await outcome(importAs(demoPeople.institutionManager))).toBe('identity.role_missing')
    await importAs('P0456')
    await importAs('P0456')
    const rows = await world.sql`
      select o.kind from users u join memberships m on m.user_id = u.id
      join organisations o on o.id = m.organisation_id where u.person_id = 'P9001'`
    expect(rows.map((row) => row.kind)).toEqual(['department'])
  })
})
