import { randomUUID } from 'node:crypto'
import { isAction, ruleOf } from '@yiqi/shared/kernel/access.ts'
import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import { isRefusalCode, refusals } from '@yiqi/shared/kernel/refusals.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound } from '../support/act.ts'
import { type Cast, newCast, type Person } from '../support/cast.ts'
import { type Ask, overHttp, refusedWith } from '../support/http.ts'

let cast: Cast
let ask: Ask
beforeAll(async () => {
  cast = await newCast()
  ask = overHttp(cast).ask
})
afterAll(() => cast.drop())

const all = Object.entries(allEndpoints).flatMap(([module, endpoints]) =>
  Object.entries(endpoints).map(([name, endpoint]) => ({ name: `${module}.${name}`, endpoint })),
)
/** A path whose parameters are well formed and belong to nobody. */
const pathOf = (path: string) =>
  path
    .replace(':code', 'ZZZZZZ')
    .replace(':serviceMode', 'entrusted')
    .replace(':funder', 'city')
    .replace(/:\w+/g, randomUUID())

/** Whether the access table lets a visitor call it. */
const isOpen = (name: string) => isAction(name) && ruleOf(name).who === 'anyone'

const nasty: [string, unknown][] = [
  ['a list instead of an object', []],
  ['a string', 'text'],
  ['null', null],
  [
    'numbers everywhere',
    { id: 1, instrumentId: 2, startsAt: 3, text: 4, amountFen: 'x', phone: 5, samples: 'many' },
  ],
  ['an unknown field', { surprise: true }],
  [
    'overlong text',
    { text: 'x'.repeat(100_000), reason: 'y'.repeat(100_000), purpose: 'z'.repeat(100_000) },
  ],
  ['huge numbers', { amountFen: 1e308, samples: 1e21, limit: 1e9 }],
  [
    'impossible times',
    { startsAt: '2026-13-45T99:99:99Z', endsAt: 'yesterday', to: '0000-00-00T00:00:00Z' },
  ],
  [
    'NUL and lone surrogates',
    {
      text: 'a\u0000b\ud800',
      reason: '\ud800\ud800\ud800\ud800',
      reference: '\u0000\u0000\u0000\u0000',
    },
  ],
  ['prototype keys', JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}')],
  [
    'quotes and brackets',
    { text: "'; drop table bookings; --", reason: '<script>alert(1)</script>', q: "%' or 1=1" },
  ],
]

describe.each(all)('$name', ({ name, endpoint }) => {
  it('answers every role with its answer or with a coded refusal, never with a fault', async () => {
    // Whoever ends their own log-in here has none for what comes after.
    const ends = /logOut|revokeOtherLogIns|closeAccount/.test(name)
    const people = ends ? [] : Object.values(cast.people)
    for (const person of [null, ...people] as (Person | null)[]) {
      const answer = await ask(
        person,
        endpoint.method,
        pathOf(endpoint.path),
        endpoint.method === 'GET' ? {} : { body: {} },
      )
      expect(answer.status, answer.text).toBeLessThan(500)
      if (person === null && !isOpen(name)) expect(answer.status).toBe(401)
      if (answer.status >= 400) {
        const { code } = refusedWith(answer)
        expect(isRefusalCode(code) && refusals[code].status).toBe(answer.status)
      } else expect(endpoint.output.safeParse(answer.body).error?.issues ?? []).toEqual([])
    }
  })

  it.each(nasty)('refuses %s by its code and names the field', async (_, body) => {
    const path = pathOf(endpoint.path)
    const query =
      body !== null && typeof body === 'object' && !Array.isArray(body)
        ? Object.entries(body)
        : [['surprise', String(body)]]
    const asked =
      endpoint.method === 'GET'
        ? await ask(
            cast.people.xiaojin,
            'GET',
            `${path}?${query
              .map(
                ([k, v]) =>
                  `${encodeURIComponent(String(k))}=${encodeURIComponent(String(v).replaceAll('\ud800', ''))}`,
              )
              .join('&')
              .slice(0, 7000)}`,
          )
        : await ask(cast.people.xiaojin, endpoint.method, path, { body })
    expect(asked.status, asked.text).toBeGreaterThanOrEqual(400)
    expect(asked.status, asked.text).toBeLessThan(500)
    const { code, issues } = refusedWith(asked)
    expect(isRefusalCode(code)).toBe(true)
    if (code === 'invalid_input') expect(issues?.length).toBeGreaterThan(0)
  })
})

it('a body of 20 MB is refused without being read, and changes nothing', async () => {
  const answer = await ask(cast.people.xiaojin, 'POST', '/bookings', {
    raw: `{"x":"${'a'.repeat(20_000_000)}"}`,
  })
  expect(answer.status).toBe(413)
  expect(refusedWith(answer).code).toBe('kernel.body_too_large')
})

it('a body that is no JSON, and one in broken UTF-8, are refused', async () => {
  for (const raw of ['{', 'not json', '{"a":1}}', new Uint8Array([0x7b, 0xff, 0x7d])]) {
    const answer = await ask(cast.people.xiaojin, 'POST', '/bookings', { raw })
    expect(refusedWith(answer).code).toBe('kernel.not_json')
  }
})

it('a forged, stale or foreign token is no log-in', async () => {
  for (const token of ['x', 'a.b.c', `${'a'.repeat(5000)}`]) {
    const answer = await ask(null, 'GET', '/me', { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(401)
  }
})

it('an unknown address is answered in the same form', async () => {
  const answer = await ask(null, 'GET', '/nothing-here')
  expect(answer.status).toBe(404)
  expect(refusedWith(answer).code).toBe('kernel.no_such_path')
})

it('after all that, nothing was written', async () => {
  const [rows] = await cast.sql<{ n: number }[]>`
    select (select count(*) from bookings) + (select count(*) from claims) + (select count(*)
      from messages) as n`
  expect(rows?.n).toBe(0)
  await expectSound(cast)
})
