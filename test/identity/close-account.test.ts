import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { forgetsPerson, openBusiness } from '@yiqi/server/about-person.ts'
import { cancelBooking } from '@yiqi/server/booking/cancel-booking.ts'
import { closeAccount } from '@yiqi/server/identity/close-account.ts'
import { eraseClosedAccounts, replayErasures } from '@yiqi/server/identity/erase-closed-accounts.ts'
import { logIn } from '@yiqi/server/identity/log-in.ts'
import { makeLogIns, openLogIn } from '@yiqi/server/identity/log-ins.ts'
import { requestCode } from '@yiqi/server/identity/request-code.ts'
import { refusalOf } from '@yiqi/server/kernel/constraints.ts'
import { type Ctx, transact } from '@yiqi/server/kernel/ctx.ts'
import { getThread } from '@yiqi/server/message/queries.ts'
import { sendMessage } from '@yiqi/server/message/send-message.ts'
import { CLOSING_WORDS } from '@yiqi/shared/identity/terms-privacy.ts'
import { DAY_MS } from '@yiqi/shared/kernel/time.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { act, at, outcome, requested } from '../support/act.ts'
import { type Cast, newCast, type Person, START } from '../support/cast.ts'
import { jobCtx } from '../support/ctx.ts'
import { overHttp, refusedWith } from '../support/http.ts'
import { testTokens } from '../support/log-ins.ts'
import { addPerson } from '../support/second-person.ts'

let cast: Cast
let folder: string
const logIns = makeLogIns(testTokens(), 0)

beforeAll(async () => {
  cast = await newCast()
  folder = mkdtempSync(path.join(tmpdir(), 'yiqi-erasures-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await cast?.drop()
})
afterEach(() => cast.setNow(START))

const after = (days: number) => cast.setNow(new Date(START.getTime() + days * DAY_MS))
const ports = { logIns, openBusiness }
const close = (ctx: Ctx, confirmation = CLOSING_WORDS) =>
  transact(ctx, (tx) => closeAccount(tx, { confirmation, reason: 'privacy' }, ports))
const erase = () =>
  transact(jobCtx(cast.sql, { now: cast.world.clock.now }), (tx) =>
    eraseClosedAccounts(tx, { folder, forgetsPerson }),
  )
const replay = () =>
  transact(jobCtx(cast.sql, { now: cast.world.clock.now }), (tx) =>
    replayErasures(tx, { folder, forgetsPerson }),
  )
const member = (name: string) =>
  addPerson(cast, {
    name,
    organisationId: cast.people.xiaojin.organisationId,
    role: 'enterprise-member',
  })
const userRow = async ({ userId }: Person) => {
  const [row] = await cast.sql<Record<string, unknown>[]>`
    select name, phone, phone_index, email, title, person_id, closed_at, erased_at from users
    where id = ${userId}`
  return row
}

/** Logs in by phone and code, as anybody does. */
async function enter(phone: string) {
  const sent: string[] = []
  const visitor = cast.ctx(null)
  await cast.sql`delete from log_in_codes`
  const deliver = (_: string, code: string) => void sent.push(code)
  const { codeId } = await transact(visitor, (tx) => requestCode(tx, { phone }, { deliver }))
  return logIn(visitor, { phone, codeId, code: sent[0] ?? '' }, { logIns })
}

describe('closeAccount', () => {
  it('ends roles and log-ins at once and says what stays and until when', async () => {
    const leaving = await member('将走')
    const { token } = await transact(cast.ctx(null), (tx) =>
      openLogIn(tx, logIns, {
        userId: leaving.userId,
        membershipId: leaving.membershipId,
        channel: 'h5',
        device: 'test',
        methods: ['sms'],
        strong: true,
      }),
    )
    const closed = await close(cast.ctx(leaving))
    expect(closed).toMatchObject({
      id: leaving.userId,
      closedAt: START.toISOString(),
      reopenUntil: new Date(START.getTime() + 14 * DAY_MS).toISOString(),
      erasedBy: new Date(START.getTime() + 15 * DAY_MS).toISOString(),
    })
    expect(closed.kept.map((row) => row.years)).toEqual([10, 10, null])
    const how = { membershipId: null, fresh: true }
    expect(await outcome(logIns.actorOf(cast.sql, token, how))).toBe('identity.not_logged_in')
    const seats = await cast.sql`select from memberships where user_id = ${leaving.userId}`
    expect(seats.length).toBe(0)
    const [event] = await cast.sql<{ detail: unknown }[]>`
      select detail from events where name = 'identity.account_closed'
        and subject_id = ${leaving.userId}`
    expect(event?.detail).toEqual({ reason: 'privacy', memberships: 1 })
    expect(await outcome(close(cast.ctx(leaving)))).toBe('identity.not_logged_in')
  })

  it('refuses while bookings of the person live, names them, and changes nothing', async () => {
    const busy = await member('在办')
    const booking = await requested(cast, { person: busy, from: at(25, 9), to: at(25, 10) })
    const refused = await close(cast.ctx(busy)).catch(refusalOf)
    expect(refused).toMatchObject({
      code: 'identity.open_business',
      issues: [{ path: 'bookings', message: booking.number }],
    })
    expect((await userRow(busy))?.closedAt).toBeNull()
    await act(cast.ctx(busy), cancelBooking, { id: booking.id })
    expect(await outcome(close(cast.ctx(busy)))).toBe('done')
  })

  it('refuses the last administrator while others are in the organisation, not one alone', async () => {
    const { admin } = cast.people
    const [row] = await cast.sql<{ name: string }[]>`
      select name from organisations where id = ${admin.organisationId}`
    expect(await close(cast.ctx(admin)).catch(refusalOf)).toMatchObject({
      code: 'identity.last_administrator',
      issues: [{ path: 'memberships', message: row?.name }],
    })
    const [alone] = await cast.sql<{ id: string }[]>`
      insert into organisations (uscc, name, kind) values ('91140100MA0TEXT99X', '一人公司',
        'enterprise') returning id`
    const only = await addPerson(cast, {
      name: '独一',
      organisationId: alone?.id ?? '',
      role: 'enterprise-admin',
    })
    expect(await outcome(close(cast.ctx(only)))).toBe('done')
  })

  it('of six administrators who close at once leaves one', async () => {
    const { organisationId } = cast.people.otherTechnician
    const six: Person[] = []
    for (const name of ['甲', '乙', '丙', '丁', '戊', '己'])
      six.push(await addPerson(cast, { name, organisationId, role: 'institution-manager' }))
    // Every one has a connection of their own, so that they really meet.
    await Promise.all(six.map(() => cast.sql`select pg_sleep(0.1)`))
    const outcomes = await Promise.all(six.map((each) => outcome(close(cast.ctx(each)))))
    expect(outcomes.filter((one) => one === 'done').length).toBe(5)
    expect(outcomes).toContain('identity.last_administrator')
  })

  it('refuses without its words, to visitors, and to the people of the tour', async () => {
    const person = await member('犹豫')
    expect(await outcome(close(cast.ctx(person), '注销'))).toBe('identity.closing_unconfirmed')
    expect(await outcome(close(cast.ctx(null)))).toBe('identity.not_logged_in')
    await cast.sql`update users set person_id = 'P0305' where id = ${person.userId}`
    expect(await outcome(close({ ...cast.ctx(person), demo: true }))).toBe(
      'identity.demo_person_stays',
    )
    await cast.sql`update users set person_id = null where id = ${person.userId}`
  })

  it('over HTTP needs a fresh second factor, ends the cookie, and is on the audit record', async () => {
    const { ask } = overHttp(cast)
    const person = await member('网上')
    const body = { confirmation: CLOSING_WORDS }
    await ask(person, 'GET', '/me')
    await cast.sql`
      update log_ins set strong_at = now() - interval '6 minutes' where user_id = ${person.userId}`
    const late = await ask(person, 'POST', '/me/closing', { body })
    expect(refusedWith(late).code).toBe('identity.step_up_needed')
    await cast.sql`update log_ins set strong_at = now() where user_id = ${person.userId}`
    const answer = await ask(person, 'POST', '/me/closing', {
      body,
      headers: { 'x-keep': 'cookie' },
    })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers.get('set-cookie')).toMatch(/^yiqi=; Max-Age=0/)
    expect((await ask(person, 'GET', '/me')).status).toBe(401)
    const [entry] = await cast.sql`
      select kind, subject_id from audit_entries where action = 'identity.closeAccount'
      order by id desc limit 1`
    expect(entry).toMatchObject({ kind: 'permission', subjectId: person.userId })
  })
})

describe('a closed account', () => {
  it('is opened by logging in within two weeks, as the same person without a role', async () => {
    const person = await member('回来')
    await close(cast.ctx(person))
    after(13.9)
    expect(await erase()).toBe(0)
    const { me } = await enter(person.phone)
    expect(me.user).toMatchObject({ id: person.userId, name: '回来' })
    expect(me.memberships).toEqual([])
    expect((await userRow(person))?.closedAt).toBeNull()
    const events = await cast.sql`
      select from events where name = 'identity.account_reopened'
        and subject_id = ${person.userId}`
    expect(events.length).toBe(1)
    after(40)
    await erase()
    expect(await userRow(person)).toMatchObject({ name: '回来', erasedAt: null })
  })

  it('is not opened after that, even before the job came: the number begins anew', async () => {
    const person = await member('太晚')
    await close(cast.ctx(person))
    after(14)
    const { me } = await enter(person.phone)
    expect(me.user.id).not.toBe(person.userId)
    expect(await erase()).toBeGreaterThan(0)
    expect(await userRow(person)).toMatchObject({ name: '已注销用户', phone: null })
    expect((await enter(person.phone)).me.user.id).toBe(me.user.id)
  })
})

describe('eraseClosedAccounts', () => {
  it('takes everything personal once, and leaves what belongs to others', async () => {
    const { sql } = cast
    const person = await member('消失者')
    const { userId } = person
    const booking = await requested(cast, { person, from: at(26, 9), to: at(26, 10) })
    await act(cast.ctx(person), sendMessage, { bookingId: booking.id, text: '我写的话' })
    await act(cast.ctx(person), cancelBooking, { id: booking.id })
    await sql`update users set email = 'a@example.com', title = '工程师' where id = ${userId}`
    await sql`insert into factors (user_id, kind, label, secret, created_at)
      values (${userId}, 'totp', 'x', 'x', ${START})`
    await sql`insert into wechat_bindings (user_id, openid_index, openid, session_key, bound_at)
      values (${userId}, 'x', 'x', 'x', ${START})`
    await sql`insert into consents (user_id, scope, version, channel, given_at)
      values (${userId}, 'privacy', 'x', 'h5', ${START})`
    await sql`insert into inbox_entries (user_id, event_id, at)
      select ${userId}, id, at from events limit 1`
    await sql`insert into idempotency_keys (actor_id, key, endpoint, content_hash, status, body,
        created_at)
      values (${userId}, 'key-1234', 'x', 'x', 200, '消失者', ${START})`
    await enter(person.phone)
    const elses = async () => {
      const rows = await sql`
        select to_jsonb(b) as row from bookings b where id = ${booking.id}
        union all select to_jsonb(m) from messages m where author_id = ${userId}
        union all select to_jsonb(a) from acknowledgements a where user_id = ${userId}
        union all select to_jsonb(e) from events e where actor_id = ${userId}`
      return JSON.stringify(rows)
    }
    await close(cast.ctx(person))
    const before = await elses()
    after(14)
    await erase()
    expect(await userRow(person)).toMatchObject({
      name: '已注销用户',
      phone: null,
      phoneIndex: null,
      email: null,
      title: null,
      personId: null,
      erasedAt: new Date(START.getTime() + 14 * DAY_MS),
    })
    for (const table of ['factors', 'wechat_bindings', 'consents', 'inbox_entries', 'memberships'])
      expect((await sql`select from ${sql(table)} where user_id = ${userId}`).length, table).toBe(0)
    expect((await sql`select from idempotency_keys where actor_id = ${userId}`).length).toBe(0)
    const kept = await sql<{ device: string }[]>`
      select device from log_ins where user_id = ${userId}`
    expect(kept.map((row) => row.device)).toEqual([''])
    expect(await elses()).toBe(before)
    const { rows } = await getThread(cast.ctx(cast.people.xiaojin), { bookingId: booking.id })
    expect(rows.find((row) => row.text === '我写的话')?.author?.name).toBe('已注销用户')
    expect(await erase()).toBe(0)
  })

  it('finds no word of the person anywhere in the database afterwards', async () => {
    const { sql } = cast
    const person = await member('无处可寻者')
    await sql`update users set email = 'nowhere@example.com' where id = ${person.userId}`
    await close(cast.ctx(person))
    after(14)
    await erase()
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`
    for (const { name } of tables) {
      const found = await sql`
        select from ${sql(name)} x where x::text ~ ${`无处可寻者|nowhere@|${person.phone}`}`
      expect(found.length, name).toBe(0)
    }
  })

  it('is done again on a restored back-up, from the list in the database or from the file', async () => {
    const { sql } = cast
    const person = await member('复活者')
    const [backup] = await sql<Record<string, unknown>[]>`
      select name, phone, phone_index, closed_at, erased_at from users where id = ${person.userId}`
    const restore = () => sql`update users set ${sql(backup ?? {})} where id = ${person.userId}`
    await close(cast.ctx(person))
    after(14)
    await erase()
    await restore()
    expect((await userRow(person))?.name).toBe('复活者')
    expect(await replay()).toBe(1)
    expect(await userRow(person)).toMatchObject({ name: '已注销用户', phone: null })
    await restore()
    await sql`delete from erasures`
    const lines = readFileSync(path.join(folder, 'erasures.jsonl'), 'utf8')
    expect(lines).toContain(person.userId)
    expect(lines).not.toContain('复活者')
    expect(await replay()).toBe(1)
    expect(await replay()).toBe(0)
    expect((await userRow(person))?.name).toBe('已注销用户')
  })

  it('works as the server’s own role, behind the walls', async () => {
    const { connect } = await import('@yiqi/server/kernel/connect.ts')
    const { asActor } = await import('@yiqi/server/kernel/ctx.ts')
    const person = await member('墙后者')
    await close(cast.ctx(person))
    after(14)
    const sql = connect(cast.url, { max: 1, role: 'yiqi_app' })
    const ctx = jobCtx(sql, { now: cast.world.clock.now })
    expect(await asActor(ctx, (tx) => eraseClosedAccounts(tx, { folder, forgetsPerson }))).toBe(1)
    await expect(sql`delete from erasures`).rejects.toMatchObject({ code: '42501' })
    await sql.end({ timeout: 1 })
  })
})
