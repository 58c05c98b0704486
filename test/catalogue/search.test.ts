import { readFileSync } from 'node:fs'
import path from 'node:path'
import { listInstruments } from '@yiqi/server/catalogue/search.ts'
import { loadDemoRegisters } from '@yiqi/server/demo.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { readTable } from '@yiqi/server/kernel/read-table.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jobCtx } from '../support/ctx.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const AT_ONCE = 6
const PATIENT_MS = 90_000

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await loadDemoRegisters(jobCtx(database.sql))
})
afterAll(() => database?.drop())

const search = (input: Parameters<typeof listInstruments>[1]) =>
  listInstruments(jobCtx(database.sql, { actor: { kind: 'visitor' } }), input)

const reference = (name: string) => readFileSync(path.join(repoRoot, 'drizzle', 'reference', name))

const kinds = readTable(reference('kinds.csv'), ['kind', 'zh', 'instruments']).filter(
  (row) => Number(row.instruments) > 0,
)
const synonyms = readTable(reference('synonyms.csv'), ['term', 'kind', 'ambiguous']).filter(
  (row) => row.ambiguous === '否' && kinds.some((kind) => kind.kind === row.kind),
)

/** The terms whose first hit is of another kind, or that find nothing. */
async function missed(terms: readonly { term: string; kind: string }[]): Promise<string[]> {
  const wrong: string[] = []
  for (let from = 0; from < terms.length; from += AT_ONCE) {
    const some = terms.slice(from, from + AT_ONCE)
    const pages = await Promise.all(some.map(({ term }) => search({ q: term, limit: 1 })))
    for (const [i, { term, kind }] of some.entries()) {
      const first = pages[i]?.rows[0]?.kind
      if (first !== kind) wrong.push(`${term} → ${first ?? 'nothing'}, not ${kind}`)
    }
  }
  return wrong
}

describe('listInstruments', () => {
  it('finds every kind first by its own name', async () => {
    const wrong = await missed(kinds.map((row) => ({ term: row.zh, kind: row.kind })))
    console.log(`names: ${kinds.length - wrong.length} of ${kinds.length}`, wrong)
    expect(wrong.length).toBeLessThanOrEqual(kinds.length * 0.05)
  })

  it(
    'finds the right kind first by at least 95 % of its clear synonyms',
    async () => {
      const wrong = await missed(synonyms)
      console.log(`synonyms: ${synonyms.length - wrong.length} of ${synonyms.length}`, wrong)
      expect(wrong.length).toBeLessThanOrEqual(synonyms.length * 0.05)
    },
    PATIENT_MS,
  )

  it('finds scanning electron microscopes by SEM, in any case, and says how it understood it', async () => {
    for (const q of ['SEM', 'sem', 'ＳＥＭ']) {
      const { rows, understood } = await search({ q })
      expect(rows[0]?.kindName).toBe('扫描电子显微镜')
      expect(understood).toContainEqual({ term: 'SEM', kind: 'sem', kindName: '扫描电子显微镜' })
    }
  })

  it('takes a latin abbreviation as a whole word only', async () => {
    const { understood } = await search({ q: 'system' })
    expect(understood).toEqual([])
  })

  it('finds a model by its beginning, and a single character', async () => {
    expect((await search({ q: 'Regul' })).rows[0]?.model).toMatch(/^Regulus/)
    expect((await search({ q: '镜' })).total).toBeGreaterThanOrEqual(0)
    expect((await search({ q: '硫' })).total).toBeGreaterThan(0)
  })

  it('narrows a kind by the other words of the query', async () => {
    const { rows, total } = await search({ q: 'SEM 大同' })
    expect(total).toBeGreaterThan(0)
    expect(rows.every((row) => row.institution.city === '大同市')).toBe(true)
  })

  it('tries words singly when nothing has them all', async () => {
    const { rows } = await search({ q: '想用扫描电镜看看断口长什么样' })
    expect(['sem', 'fesem']).toContain(rows[0]?.kind)
  })

  it('pages through all instruments once, and counts them by city and class', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await search({ limit: 100, ...(cursor ? { cursor } : {}) })
      expect(page.total).toBe(600)
      seen.push(...page.rows.map((row) => row.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(new Set(seen).size).toBe(600)
    expect(seen.length).toBe(600)
    const { cities, classes } = await search({})
    expect(cities.reduce((sum, facet) => sum + facet.count, 0)).toBe(600)
    expect(cities[0]).toEqual({ value: '140100', label: '太原市', count: 330 })
    const top = classes.filter((facet) => facet.value.length === 2)
    expect(top.reduce((sum, facet) => sum + facet.count, 0)).toBe(600)
    expect(top[0]?.label).toBe('分析仪器')
  })

  it('filters by city, class, kind and institution, and keeps the other cities in the counts', async () => {
    const inDatong = await search({ cityCode: '140200', classCode: '01' })
    expect(inDatong.rows.every((row) => row.institution.cityCode === '140200')).toBe(true)
    expect(inDatong.rows.every((row) => row.classCode.startsWith('01'))).toBe(true)
    expect(inDatong.cities.length).toBe(11)
    const sems = await search({ kind: 'sem', limit: 100 })
    expect(sems.rows.length).toBe(10)
    const institutionId = sems.rows[0]?.institution.id ?? ''
    const mine = await search({ institutionId })
    expect(mine.rows.every((row) => row.institution.id === institutionId)).toBe(true)
  })

  it('takes any text without failing', async () => {
    for (const q of ["'", "a'b \\ c", '\\', '%_', ':* & | !', '😀', '(', '', '   ', '𠮷野']) {
      expect((await search({ q })).total).toBeGreaterThanOrEqual(0)
    }
  })

  it('refuses a cursor that is not one of its own', async () => {
    await expect(search({ cursor: 'xyz' })).rejects.toThrow('kernel.cursor_malformed')
  })
})
