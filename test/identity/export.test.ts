import { personalData } from '@yiqi/server/about-person.ts'
import { exportMyData } from '@yiqi/server/identity/queries-export.ts'
import { sectionLimit, sectionOf } from '@yiqi/server/kernel/about-person.ts'
import { sendMessage } from '@yiqi/server/message/send-message.ts'
import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finished } from '../session/steps.ts'
import { act, at, outcome, requested } from '../support/act.ts'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { type Ask, overHttp, refusedWith } from '../support/http.ts'
import { personColumns } from '../support/person-columns.ts'
import { testVault } from '../support/vault.ts'

let cast: Cast
let ask: Ask
/** Two people who have a row of everything; what they wrote carries their mark. */
let two: { person: Person; mark: string }[]

beforeAll(async () => {
  cast = await newCast()
  ask = overHttp(cast).ask
  const { xiaojin, stranger } = cast.people
  two = [
    { person: xiaojin, mark: '标记甲' },
    { person: stranger, mark: '标记乙' },
  ]
  await live(xiaojin, '标记甲', 25)
  await live(stranger, '标记乙', 26)
})
afterAll(() => cast?.drop())

const exported = async (person: Person) => (await ask(person, 'GET', '/me/export')).text

/** A life with a row in every table that is about the person, by verbs where there are some. */
async function live(person: Person, mark: string, day: number): Promise<void> {
  const { sql } = cast
  const { userId, organisationId } = person
  const now = cast.ctx(person).now()
  const served = await finished(cast, { person, from: at(day, 9), to: at(day, 11) })
  await sql`
    update bookings set requester_id = ${cast.people.admin.userId}, beneficiary_id = ${userId}
    where id = ${served.booking.id}`
  await sql`
    update sessions set started_by = ${userId}, agreed_by = ${userId}
    where id = ${served.session.id}`
  const booking = await requested(cast, { person, from: at(day, 14), to: at(day, 16) })
  await sql`update bookings set purpose = ${`${mark}用途`} where id = ${booking.id}`
  const by = cast.ctx(person)
  await act(by, sendMessage, { bookingId: booking.id, text: `${mark}消息` })
  await sql`
    insert into inbox_entries (user_id, event_id, at)
    select ${userId}, id, ${now} from events where actor_id = ${userId} limit 1`
  await sql`
    insert into thread_reads (booking_id, user_id, read_at)
    values (${booking.id}, ${userId}, ${new Date(now.getTime() + day)})`
  await sql`
    insert into claims (number, booking_id, programme_id, enterprise_id, institution_id, payee_id,
      state, amount_fen, created_by, created_at)
    select ${`DF-${mark}`}, id, ${cast.programmes.refund}, enterprise_id, institution_id,
      enterprise_id, 'withdrawn', 1, ${userId}, ${now} from bookings where id = ${booking.id}`
  await sql`
    insert into consents (user_id, scope, version, channel, given_at)
    values (${userId}, 'privacy', ${mark}, 'h5', ${now})`
  await sql`
    insert into factors (user_id, kind, label, secret, created_at)
    values (${userId}, 'totp', ${mark}, ${`${mark}密钥`}, ${now})`
  const openid = await testVault.seal(
    sql,
    { column: 'wechat_bindings.openid', rowId: userId },
    `${mark}微信`,
  )
  await sql`
    insert into wechat_bindings (user_id, openid_index, openid, session_key, bound_at)
    values (${userId}, ${mark}, ${openid}, ${`${mark}会话`}, ${now})`
  await sql`
    insert into invitations (organisation_id, role, code_hash, invited_by, created_at, expires_at,
      accepted_by)
    values (${organisationId}, 'enterprise-member', ${`${mark}一`}, ${userId}, ${now}, ${now},
        null),
      (${organisationId}, 'enterprise-member', ${`${mark}二`}, ${cast.people.admin.userId}, ${now},
        ${now}, ${userId})`
  await sql`
    with record as (
      insert into staff_records (user_id, organisation_id, post, title, establishment)
      values (${userId}, ${organisationId}, 'operator', ${mark}, 'contract') returning id)
    insert into trainings (staff_record_id, kind, name, hours, held_on, result)
    select id, 'safety', ${`${mark}培训`}, 8, '2026-01-01', 'passed' from record`
  await sql`
    insert into experts (user_id, field_codes, unit, term_from, term_to)
    values (${userId}, array['430'], ${mark}, '2026-01-01', '2027-01-01')`
  await sql`
    insert into instrument_technicians (instrument_id, user_id, licence_number)
    values (${cast.instrumentId}, ${userId}, ${`${mark}证`})`
  await sql`
    insert into duty_shifts (instrument_id, user_id, substitute_for, on_date, starts_minute,
      ends_minute)
    values (${cast.instrumentId}, ${userId}, null, '2026-12-01', ${day}, ${day + 1}),
      (${cast.instrumentId}, ${cast.people.hao.userId}, ${userId}, '2026-12-02', ${day},
        ${day + 1})`
  await ownFile(person, mark)
}

async function ownFile({ userId }: Person, mark: string): Promise<void> {
  const { sql } = cast
  const [fresh] = await sql<{ id: string }[]>`select new_id() as id`
  const id = fresh?.id ?? ''
  const name = await testVault.seal(sql, { column: 'files.name', rowId: id }, `${mark}.pdf`)
  await sql`
    insert into files (id, owner_id, purpose, name, type, bytes, sha256, state, scan, stored_as,
      created_at)
    values (${id}, ${userId}, 'licence', ${name}, 'application/pdf', 1, '', 'refused', 'none', '',
      ${cast.ctx(null).now()})`
}

/**
 * Columns that hold a person, and what finds their rows in the export: a column whose value is in
 * it.
 */
const inExport: Record<string, string> = {
  'acknowledgements.user_id': 'id',
  'bookings.requester_id': 'id',
  'bookings.beneficiary_id': 'id',
  'claims.created_by': 'id',
  'consents.user_id': 'version',
  'duty_shifts.substitute_for': 'id',
  'duty_shifts.user_id': 'id',
  'events.actor_id': 'id',
  'experts.user_id': 'unit',
  'factors.user_id': 'label',
  'files.owner_id': 'id',
  'inbox_entries.user_id': 'id',
  'instrument_technicians.user_id': 'licence_number',
  'invitations.accepted_by': 'id',
  'invitations.invited_by': 'id',
  'log_ins.user_id': 'id',
  'memberships.user_id': 'id',
  'messages.author_id': 'id',
  'sessions.agreed_by': 'id',
  'sessions.started_by': 'id',
  'staff_records.user_id': 'id',
  'thread_reads.user_id': 'booking_id',
  'wechat_bindings.user_id': 'user_id',
}

const act_ = 'an act in office: its event is exported, the rest is the organisation’s business'
/** Columns that hold a person and are left out on purpose. */
const leftOut: Record<string, string> = {
  'audit_entries.actor_id': 'for auditors only; the acts are exported as events',
  'bank_accounts.decided_by': act_,
  'bank_accounts.proposed_by': act_,
  'batch_approvals.user_id': act_,
  'batches.approved_by': act_,
  'batches.instructed_by': act_,
  'batches.opened_by': act_,
  'batches.reconciled_by': act_,
  'bookings.approved_by': act_,
  'bookings.confirmed_by': act_,
  'claim_reviews.user_id': act_,
  'credentials.decided_by': act_,
  'credentials.submitted_by': act_,
  'delegations.granted_by': act_,
  'delegations.revoked_by': act_,
  'erasures.user_id': 'who stands here has no account to export from',
  'file_links.user_id': 'lives for two minutes and says which file was asked for',
  'memberships.granted_by': act_,
  'organisations.registered_by': act_,
  'outages.declared_by': act_,
  'quota_issues.checked_by': act_,
  'quota_issues.made_by': act_,
  'receipts.confirmed_by': act_,
  'trainings.recorded_by': act_,
  'transfers.actor_id': act_,
  'verifications.decided_by': act_,
  'verifications.submitted_by': act_,
}

async function keysOf(name: string, userId: string): Promise<string[]> {
  const [table = '', column = ''] = name.split('.')
  const key = inExport[name] ?? 'id'
  const rows = await cast.sql<{ key: string }[]>`
    select ${cast.sql(key)}::text as key from ${cast.sql(table)}
    where ${cast.sql(column)} = ${userId}`
  return rows.map((row) => row.key)
}

describe('exportMyData', () => {
  it('knows every column of the database that holds a person, or says why it leaves it out', async () => {
    const known = [...Object.keys(inExport), ...Object.keys(leftOut)]
    const missing = (await personColumns(cast.sql)).filter((name) => !known.includes(name))
    expect(missing, 'new columns with a person: export them or except them here').toEqual([])
  })

  it('holds every row of the person, table by table', async () => {
    for (const { person } of two) {
      const text = await exported(person)
      const { sections } = JSON.parse(text) as OutputOf<typeof identityEndpoints.exportMyData>
      for (const [name, { rows, note }] of Object.entries(sections)) {
        expect(rows.length, name).toBeGreaterThan(0)
        expect(note).toBeNull()
      }
      for (const name of Object.keys(inExport)) {
        const keys = await keysOf(name, person.userId)
        expect(keys.length, name).toBeGreaterThan(0)
        for (const key of keys) expect(text.includes(key), `${name} ${key}`).toBe(true)
      }
    }
  })

  it('opens what is the person’s own, and no secret', async () => {
    for (const { person, mark } of two) {
      const text = await exported(person)
      for (const words of ['用途', '消息', '微信', '培训', '.pdf'])
        expect(text).toContain(`${mark}${words}`)
      expect(text).toContain(person.phone)
      for (const secret of ['密钥', '会话', '一"', '二"'])
        expect(text).not.toContain(`${mark}${secret}`)
      expect(text).not.toMatch(/"v1\.intl\./)
    }
  })

  it('holds nothing of the other', async () => {
    for (const { person } of two)
      for (const other of two.filter((each) => each.person !== person)) {
        const text = await exported(person)
        expect(text).not.toContain(other.mark)
        expect(text).not.toContain(other.person.phone)
        for (const name of Object.keys(inExport)) {
          for (const key of await keysOf(name, other.person.userId))
            expect(text.includes(key), `${name} ${key}`).toBe(false)
        }
      }
  })

  it('holds what was written for an organisation that the person has left', async () => {
    const { xiaojin } = cast.people
    const left: Person = { ...xiaojin, organisationId: cast.people.city.organisationId }
    await cast.sql`
      update memberships set organisation_id = ${left.organisationId}, role = 'expert'
      where id = ${xiaojin.membershipId}`
    expect(await exported(left)).toContain('标记甲消息')
    await cast.sql`
      update memberships set organisation_id = ${xiaojin.organisationId}, role = ${xiaojin.role}
      where id = ${xiaojin.membershipId}`
  })

  it('is refused to visitors and without a fresh second factor, and is on the audit record', async () => {
    expect(refusedWith(await ask(null, 'GET', '/me/export')).code).toBe('identity.not_logged_in')
    const input = exportMyData(cast.ctx(null), {}, { personalData })
    expect(await outcome(input)).toBe('identity.not_logged_in')
    const { city } = cast.people
    expect((await ask(city, 'GET', '/me')).status).toBe(200)
    await cast.sql`
      update log_ins set strong_at = now() - interval '10 minutes' where user_id = ${city.userId}`
    expect(refusedWith(await ask(city, 'GET', '/me/export')).code).toBe('identity.step_up_needed')
    const [entry] = await cast.sql`
      select kind, actor_id, subject_id, detail from audit_entries
      where action = 'identity.exportMyData' order by id desc limit 1`
    expect(entry?.kind).toBe('protected')
    expect(entry?.subjectId).toBe(entry?.actorId)
    expect(JSON.stringify(entry)).not.toMatch(/标记/)
  })
})

it('a section holds 5,000 rows and says when there are more', () => {
  const rows = Array.from({ length: sectionLimit }, (_, nth) => ({ nth }))
  const cut = sectionOf('全部', rows)
  expect(cut.rows.length).toBe(sectionLimit - 1)
  expect(cut.note).toMatch(/5000/)
  expect(sectionOf('全部', rows.slice(1)).note).toBeNull()
})
