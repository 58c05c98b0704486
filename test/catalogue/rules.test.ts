import { readFileSync } from 'node:fs'
import path from 'node:path'
import { dateOfCell, fenOfWan, hoursOf } from '@yiqi/server/catalogue/check-values.ts'
import { readDictionaries } from '@yiqi/server/catalogue/dictionaries.ts'
import { whyNotInflate } from '@yiqi/server/catalogue/read-archive.ts'
import { readSheet } from '@yiqi/server/catalogue/read-sheet.ts'
import { shortCodeOf } from '@yiqi/server/catalogue/short-code.ts'
import { columns, headerKey } from '@yiqi/server/catalogue/template.ts'
import { tsqueryOf, understand } from '@yiqi/server/catalogue/understand.ts'
import { searchTokens } from '@yiqi/shared/catalogue/terms.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('values of the template', () => {
  it('万元 become fen by digits, without floating point', () => {
    expect(fenOfWan('49.78')).toBe(49_780_000)
    expect(fenOfWan('0.000001')).toBe(1)
    expect(fenOfWan('1234567.89')).toBe(1_234_567_890_000)
    for (const bad of ['3,68万', '368万元', '约200', '（120.00）', '1e3', '', '12345678']) {
      expect(fenOfWan(bad)).toBe('import.number_invalid')
    }
    expect(fenOfWan('-35.00')).toBe('import.number_negative')
  })

  it('hours fit into a year', () => {
    expect(hoursOf('8784')).toBe(8784)
    expect(hoursOf('8784.5')).toBe('import.number_invalid')
  })

  it('dates exist, and are never rolled over', () => {
    expect(dateOfCell('2024-02-29', 'text')).toEqual({ day: '2024-02-29', finding: null })
    expect(dateOfCell('2024年3月5日', 'text').day).toBe('2024-03-05')
    for (const bad of ['2023-02-30', '2023-13-01', '0000-00-00', '去年', '45292']) {
      expect(dateOfCell(bad, 'text').finding?.code).toBe('import.date_invalid')
    }
    expect(dateOfCell('03/04/2024', 'text').finding?.code).toBe('import.date_ambiguous')
    expect(dateOfCell('45292', 'number').day).toBe('2024-01-01')
  })
})

describe('the template', () => {
  it('knows its forty columns by their words, with any blanks, width and notes', () => {
    expect(columns.length).toBe(40)
    expect(new Set(columns.map((column) => headerKey(column.header))).size).toBe(40)
    expect(headerKey('　原值 (单位:元）')).toBe('原值')
  })
})

describe('short codes', () => {
  it('are all different and hold no ambiguous letter', () => {
    const codes = Array.from({ length: 50_000 }, (_, n) => shortCodeOf(n))
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.every((code) => /^[2-9A-HJKMNP-TV-Z]{6}$/.test(code))).toBe(true)
  })
})

describe('archives', () => {
  it('are read only when their directory is whole, small enough and true', () => {
    const good = readFileSync(
      path.join(import.meta.dirname, 'broken-imports/08-excel-date-serial.xlsx'),
    )
    expect(whyNotInflate(good)).toBeNull()
    expect(whyNotInflate(good.subarray(0, good.length - 30))).toBe('damaged')
    const liar = Buffer.from(good)
    const entry = liar.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    liar.writeUInt32LE(10, entry + 24)
    expect(whyNotInflate(liar)).toBe('damaged')
  })

  it('any bytes are answered by findings, never by a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, zip) => {
        const head = zip ? [0x50, 0x4b, 0x03, 0x04] : []
        const file = { name: 'x.csv', bytes: Buffer.from([...head, ...bytes]) }
        expect(Array.isArray((await readSheet(file)).rows)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

describe('dictionaries', () => {
  it('know counties by their old and new names, and zones', () => {
    const { countiesByCity, leafClasses } = readDictionaries()
    expect(countiesByCity.size).toBe(11)
    for (const name of ['潞州区', '城区', '沁县'])
      expect(countiesByCity.get('长治市')).toContain(name)
    expect(countiesByCity.get('太原市')).toContain('山西转型综合改革示范区')
    expect(leafClasses.has('029900')).toBe(true)
    expect(leafClasses.has('010000')).toBe(false)
  })
})

describe('search words', () => {
  it('cut Chinese into pairs and keep latin words whole, also where they touch', () => {
    expect(searchTokens('X射线衍射仪')).toEqual(['x', '射线', '线衍', '衍射', '射仪'])
    expect(searchTokens('SU8220 扫描')).toEqual(['su8220', '扫描'])
  })

  const known = [
    { term: 'TEM', kind: 'tem', kindName: '透射电镜' },
    { term: '电镜', kind: 'sem', kindName: '扫描电镜' },
    { term: '扫描电镜', kind: 'sem', kindName: '扫描电镜' },
    { term: '透射电镜', kind: 'tem', kindName: '透射电镜' },
  ]

  it('take the longest term first and each character once', () => {
    const { terms, rest } = understand('透射电镜 断口', known)
    expect(terms.map((each) => each.kind)).toEqual(['tem'])
    expect(rest).toEqual(['断口'])
  })

  it('take a latin term as a whole word, also next to Chinese', () => {
    expect(understand('system', known).kinds).toEqual([])
    expect(understand('做TEM分析', known).kinds).toEqual(['tem'])
    expect(understand('TEM2', known).kinds).toEqual([])
  })

  it('are quoted, so that no text is read as an operator', () => {
    expect(tsqueryOf(["o'b", '扫描'], '&')).toBe("'o''b':* & '扫描'")
  })
})
