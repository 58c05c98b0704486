import { inTransaction } from '@yiqi/server/kernel/connect.ts'
import { forgetKeys } from '@yiqi/server/kernel/idempotency.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { at, expectSound, requestInput, slotInput } from '../support/act.ts'
import { type Cast, newCast, START } from '../support/cast.ts'
import { type Answer, type Ask, overHttp, refusedWith } from '../support/http.ts'

let cast: Cast
let ask: Ask
beforeAll(async () => {
  cast = await newCast()
  ask = overHttp(cast).ask
})
afterEach(() => expectSound(cast))
afterAll(() => cast.drop())

const bookings = async () =>
  (await cast.sql<{ n: number }[]>`select count(*) as n from bookings`)[0]?.n

const keys = async (key: string) =>
  (
    await cast.sql<{ n: number }[]>`select count(*) as n from idempotency_keys where key = ${key}`
  )[0]?.n

type Write = { method: string; path: string; body: object }
const post = (body: object): Write => ({ method: 'POST', path: '/bookings', body })
const cancellation = (id: string): Write => ({
  method: 'PUT',
  path: `/bookings/${id}/cancellation`,
  body: {},
})

/** What is answered while a trigger breaks whatever fires it. */
async function whileBroken(trigger: string, send: () => Promise<Answer>): Promise<number> {
  await cast.sql.unsafe(`
    create function break_down() returns trigger language plpgsql as $$
      begin raise 'broken on purpose'; end $$;
    create ${trigger} for each row execute function break_down()`)
  try {
    return (await send()).status
  } finally {
    await cast.sql.unsafe('drop function break_down cascade')
  }
}

describe('an idempotency key', () => {
  let held = ''
  beforeEach(async () => {
    const body = slotInput(cast.secondInstrumentId, at(26, 8), at(26, 9))
    const answer = await ask(cast.people.xiaojin, 'POST', '/bookings', { body })
    held = (answer.body as { id: string }).id
  })
  // Nobody holds more than five, and these are many.
  afterEach(
    () => cast.sql`
    select move_booking(id, array['held'], 'cancelled', 'booking.cancelled', ${START}, requester_id)
    from bookings where state = 'held'`,
  )

  it('gives the same answer again, byte for byte, and does the work once', async () => {
    const body = slotInput(cast.instrumentId, at(25, 8), at(25, 9))
    const before = await bookings()
    const first = await ask(cast.people.xiaojin, 'POST', '/bookings', {
      body,
      key: 'key-of-test-1',
    })
    const second = await ask(cast.people.xiaojin, 'POST', '/bookings', {
      body,
      key: 'key-of-test-1',
    })
    expect(first.status).toBe(200)
    expect(second.text).toBe(first.text)
    expect(await bookings()).toBe((before ?? 0) + 1)
  })

  it('with other content is refused, and with the same content in another order is not', async () => {
    const body = slotInput(cast.instrumentId, at(25, 9), at(25, 10))
    await ask(cast.people.xiaojin, 'POST', '/bookings', { body, key: 'key-of-test-2' })
    const other = await ask(cast.people.xiaojin, 'POST', '/bookings', {
      body: slotInput(cast.instrumentId, at(25, 10), at(25, 11)),
      key: 'key-of-test-2',
    })
    expect(other.status).toBe(422)
    expect(refusedWith(other).code).toBe('kernel.key_reused')
    const turned = await ask(cast.people.xiaojin, 'POST', '/bookings', {
      raw: JSON.stringify(Object.fromEntries(Object.entries(body).reverse())),
      key: 'key-of-test-2',
    })
    expect(turned.status).toBe(200)
  })

  it('is the person’s own: another one with the same key starts anew', async () => {
    const body = slotInput(cast.instrumentId, at(25, 11), at(25, 12))
    await ask(cast.people.xiaojin, 'POST', '/bookings', { body, key: 'key-of-test-3' })
    const other = await ask(cast.people.stranger, 'POST', '/bookings', {
      body,
      key: 'key-of-test-3',
    })
    expect(refusedWith(other).code).toBe('booking.slot_taken')
  })

  it('asked twenty times at once does the work once', async () => {
    const body = slotInput(cast.instrumentId, at(25, 13), at(25, 14))
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        ask(cast.people.admin, 'POST', '/bookings', { body, key: 'key-of-test-4' }),
      ),
    )
    const done = answers.filter((answer) => answer.status === 200)
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(done.map((answer) => answer.text)).size).toBe(1)
    const others = answers
      .filter((answer) => answer.status !== 200)
      .map((answer) => refusedWith(answer).code)
    expect(others.filter((code) => code !== 'kernel.in_progress')).toEqual([])
  })

  it('of a refused request stores nothing, so the request may be tried again', async () => {
    const taken = slotInput(cast.instrumentId, at(25, 14), at(25, 15))
    const held = await ask(cast.people.stranger, 'POST', '/bookings', { body: taken })
    const refused = await ask(cast.people.xiaojin, 'POST', '/bookings', {
      body: taken,
      key: 'key-of-test-5',
    })
    expect(refused.status).toBe(409)
    const id = (held.body as { id: string }).id
    await ask(cast.people.stranger, 'PUT', `/bookings/${id}/cancellation`, { body: {} })
    const again = await ask(cast.people.xiaojin, 'POST', '/bookings', {
      body: taken,
      key: 'key-of-test-5',
    })
    expect(again.status).toBe(200)
  })

  it.each([
    ['one call', () => post(slotInput(cast.instrumentId, at(27, 8), at(27, 9)))],
    ['one transaction', () => cancellation(held)],
  ] as const)('whose first request is still at work is told so, in %s', async (how, write) => {
    const key = `in-progress-${how.replace(' ', '-')}`
    const { method, path, body } = write()
    const send = () => ask(cast.people.xiaojin, method, path, { body, key })
    const before = await bookings()
    await inTransaction(cast.sql, async (tx) => {
      await tx`select lock_key(${cast.people.xiaojin.userId}, ${key})`
      const answer = await send()
      expect([answer.status, refusedWith(answer).code]).toEqual([409, 'kernel.in_progress'])
    })
    expect(await bookings()).toBe(before)
    const done = await send()
    expect(done.status).toBe(200)
    expect((await send()).text).toBe(done.text)
  })

  it.each([
    ['one call', 'bookings', () => post(slotInput(cast.instrumentId, at(27, 10), at(27, 11)))],
    ['one transaction', 'events', () => cancellation(held)],
  ] as const)('of a request that failed keeps nothing, in %s', async (how, table, write) => {
    const key = `failed-${how.replace(' ', '-')}`
    const { method, path, body } = write()
    const send = (what: unknown = body) =>
      ask(cast.people.xiaojin, method, path, { body: what, key })
    expect((await send({ ...body, more: 1 })).status).toBe(400)
    expect(await whileBroken(`trigger break_down before insert on ${table}`, send)).toBe(500)
    expect(await keys(key)).toBe(0)
    expect((await send()).status).toBe(200)
    expect(await keys(key)).toBe(1)
  })

  it.each([
    ['one call', () => post(slotInput(cast.instrumentId, at(30, 8), at(30, 9)))],
    ['one transaction', () => cancellation(held)],
  ] as const)(
    'whose change the database takes back at commit is taken back too, in %s',
    async (how, write) => {
      const key = `commit-fails-${how.replace(' ', '-')}`
      const { method, path, body } = write()
      const send = () => ask(cast.people.xiaojin, method, path, { body, key })
      const atCommit =
        'constraint trigger break_down after insert on events deferrable initially deferred'
      expect(await whileBroken(atCommit, send)).toBe(500)
      expect(await keys(key)).toBe(0)
      expect((await send()).status).toBe(200)
    },
  )

  it('that cannot be looked up is answered as unknown: no refusal denies what was done', async () => {
    const body = slotInput(cast.instrumentId, at(30, 12), at(30, 13))
    const send = () => ask(cast.people.xiaojin, 'POST', '/bookings', { body, key: 'look-up-fails' })
    // Three at once, so that more than one connection knows the call before the table is locked.
    await Promise.all([send(), send(), send()])
    const first = await send()
    await inTransaction(cast.sql, async (tx) => {
      await tx`lock table idempotency_keys in access exclusive mode`
      const answer = await send()
      expect([answer.status, refusedWith(answer).code]).toEqual([503, 'kernel.outcome_unknown'])
    })
    expect((await send()).text).toBe(first.text)
  })

  it('of a request in one call gives its answer again, and the quota is earmarked once', async () => {
    const { xiaojin } = cast.people
    const slot = slotInput(cast.secondInstrumentId, at(30, 10), at(30, 11))
    const { body: booking } = await ask(xiaojin, 'POST', '/bookings', { body: slot })
    const { id, ...body } = await requestInput(
      cast,
      cast.ctx(xiaojin),
      (booking as { id: string }).id,
      slot,
    )
    const send = () => ask(xiaojin, 'PUT', `/bookings/${id}/request`, { body, key: 'request-once' })
    const first = await send()
    expect(first.status).toBe(200)
    expect((await send()).text).toBe(first.text)
    const earmarks = await cast.sql`
      select from transfers where booking_id = ${id} and kind = 'earmark'`
    expect(earmarks).toHaveLength(1)
  })

  it('is kept for thirty days', async () => {
    const body = slotInput(cast.instrumentId, at(27, 14), at(27, 15))
    const send = () => ask(cast.people.stranger, 'POST', '/bookings', { body, key: 'for-30-days' })
    const first = await send()
    const later = (days: number) => {
      const now = new Date(START.getTime() + days * 24 * 3_600_000)
      return { ...cast.ctx(null), now: () => now }
    }
    expect(await forgetKeys(later(29))).toBe(0)
    expect((await send()).text).toBe(first.text)
    expect(await forgetKeys(later(31))).toBeGreaterThan(0)
    expect(await keys('for-30-days')).toBe(0)
    expect(refusedWith(await send()).code).toBe('booking.slot_taken')
  })

  it('that is malformed is refused', async () => {
    const answer = await ask(cast.people.xiaojin, 'POST', '/bookings', { body: {}, key: 'short' })
    expect(refusedWith(answer).code).toBe('invalid_input')
    const slot = slotInput(cast.instrumentId, at(26, 8), at(26, 9))
    const short = await ask(cast.people.xiaojin, 'POST', '/bookings', { body: slot, key: 'short' })
    expect(refusedWith(short).code).toBe('kernel.key_malformed')
  })
})

describe('fifty clients over HTTP at once', () => {
  it('on one slot: exactly one wins', async () => {
    const fresh = await newCast()
    try {
      const { ask: asking } = overHttp(fresh)
      const { xiaojin, stranger } = fresh.people
      const body = slotInput(fresh.instrumentId, at(26, 9), at(26, 12))
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          asking(i % 2 ? xiaojin : stranger, 'POST', '/bookings', { body, key: `slot-race-${i}` }),
        ),
      )
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
      const codes = answers
        .filter((answer) => answer.status !== 200)
        .map((answer) => refusedWith(answer).code)
      expect(new Set(codes)).toEqual(new Set(['booking.slot_taken']))
      await expectSound(fresh)
    } finally {
      await fresh.drop()
    }
  })

  it('on a quota that pays one booking: exactly one is earmarked', async () => {
    const poor = await newCast({ quotaFen: 23_000 })
    try {
      const { ask: asking } = overHttp(poor)
      const requests = await fiftyHolds(poor, asking)
      const answers = await Promise.all(
        requests.map(({ person, input: { id, ...body } }, i) =>
          asking(person, 'PUT', `/bookings/${id}/request`, { body, key: `quota-race-${i}` }),
        ),
      )
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
      const codes = answers
        .filter((answer) => answer.status !== 200)
        .map((answer) => refusedWith(answer).code)
      expect(new Set(codes)).toEqual(new Set(['voucher.quota_too_low']))
      await expectSound(poor)
    } finally {
      await poor.drop()
    }
  })
})

/**
 * Fifty one-hour holds of one enterprise, by ten colleagues, each with its request at ¥230 of
 * voucher.
 */
async function fiftyHolds(poor: Cast, asking: Ask) {
  const { organisationId } = poor.people.xiaojin
  const colleagues = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const [user] = await poor.sql<{ id: string }[]>`
        insert into users (name, phone) values (${`同事${i}`}, ${`1380000000${i}`}) returning id`
      const userId = user?.id ?? ''
      const [membership] = await poor.sql<{ id: string }[]>`
        insert into memberships (user_id, organisation_id, role) values (${userId},
          ${organisationId}, 'enterprise-member') returning id`
      return { ...poor.people.xiaojin, userId, membershipId: membership?.id ?? '' }
    }),
  )
  const requests = []
  for (let i = 0; i < 50; i++) {
    const person = colleagues[i % 10] ?? poor.people.xiaojin
    const instrumentId = i % 2 ? poor.instrumentId : poor.secondInstrumentId
    const nth = Math.floor(i / 2)
    const slot = slotInput(
      instrumentId,
      at(25 + Math.floor(nth / 10), 8 + (nth % 10)),
      at(25 + Math.floor(nth / 10), 9 + (nth % 10)),
    )
    const held = await asking(person, 'POST', '/bookings', { body: slot })
    if (held.status !== 200) throw new Error(held.text)
    const { id } = held.body as { id: string }
    requests.push({ person, input: await requestInput(poor, poor.ctx(person), id, slot) })
  }
  return requests
}
