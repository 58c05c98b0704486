import { roles } from '@yiqi/shared/identity/terms.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type House, houseRoles, newTwins, type Twins } from '../support/twins.ts'
import { contentOf, fuzz, watched } from './fuzz.ts'

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 3_600)
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_125)
const LIMIT_MS = 120_000 + REQUESTS * 40

let twins: Twins
beforeAll(async () => {
  twins = await newTwins()
}, 60_000)
afterAll(() => twins?.cast.drop())

const ownersOf = ({ enterpriseId, labId, instrumentId, people }: House) => [
  enterpriseId,
  labId,
  instrumentId,
  ...houseRoles.map((role) => people[role].userId),
]

describe('whatever is sent to the API', () => {
  it(
    'as people of one house: no fault, no answer outside its schema, nothing of the other house changed',
    async () => {
      const { cast, other } = twins
      const before = await contentOf(cast.sql, ownersOf(other))
      const result = await fuzz(twins, watched(cast), {
        requests: Math.ceil(REQUESTS / 2),
        seed: SEED,
        roles: houseRoles,
      })
      expect(result.failures.join('\n\n')).toBe('')
      expect(result.sent).toBeGreaterThanOrEqual(Math.ceil(REQUESTS / 2))
      expect(Object.keys(result.granted).length).toBeGreaterThan(20)
      const after = await contentOf(cast.sql, ownersOf(other))
      for (const [table, hash] of after) expect([table, before.get(table)]).toEqual([table, hash])
      console.log(`${result.sent} requests: ${JSON.stringify(result.byStatus)}`)
    },
    LIMIT_MS,
  )

  it(
    'as every role of the province: no fault and no answer outside its schema; the books still hold',
    async () => {
      const { cast } = twins
      const result = await fuzz(twins, watched(cast), {
        requests: Math.ceil(REQUESTS / 2),
        seed: SEED + 1_000,
        roles: roles.filter((role) => !houseRoles.some((each) => each === role)),
      })
      expect(result.failures.join('\n\n')).toBe('')
      const broken = await cast.sql`select * from broken_invariants(${cast.world.clock.now()})`
      expect(broken).toEqual([])
      console.log(`${result.sent} requests: ${JSON.stringify(result.byStatus)}`)
    },
    LIMIT_MS,
  )
})
