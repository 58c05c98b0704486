import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { at, expectSound, requestInput, slotInput } from '../support/act.ts'
import { type Cast, newCast } from '../support/cast.ts'
import { type Ask, overHttp, refusedWith } from '../support/http.ts'

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

describe('an idempotency key', () => {
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
