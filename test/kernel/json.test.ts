import { readJson } from '@yiqi/server/kernel/json.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'

const reading = (text: string) => outcome(Promise.resolve().then(() => readJson(text)))
const wide = (keys: number) => JSON.stringify(Object.fromEntries(numbered(keys)))
const numbered = (keys: number) => Array.from({ length: keys }, (_, i) => [`k${i}`, i])

describe('JSON that comes in', () => {
  it('is what the parser makes of it, whatever it holds', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 15 }), (text) => {
        expect(readJson(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it('ends in a value or in a refusal, never in a fault', async () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      ' ',
      '\n',
      'a',
      '1',
      '\\u00',
      'é',
      '\u0000',
    ]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), async (parts) => {
        expect([
          'done',
          'kernel.not_json',
          'kernel.json_ambiguous',
          'kernel.json_too_deep',
        ]).toContain(await reading(parts.join('')))
      }),
      { numRuns: 2_000 },
    )
  })

  it('has a thousand keys at most, in all of its objects together', async () => {
    expect(await reading(wide(1_000))).toBe('done')
    expect(await reading(wide(1_001))).toBe('kernel.json_too_deep')
    expect(await reading(`[${wide(500)},${wide(501)}]`)).toBe('kernel.json_too_deep')
    expect(await reading(JSON.stringify(numbered(1_001).map(([k]) => `${k}":`)))).toBe('done')
  })

  it.each([
    ['plainly', '{"amountFen":1,"amountFen":2}'],
    ['far apart', '{"a":1,"b":{"c":[{},{"x":"}"}]},"a":2}'],
    ['deep inside', '[{"a":{"b":[{"id":1,"id":2}]}}]'],
    ['in another spelling', '{"a":1,"\\u0061":2}'],
    ['with space before the colon', '{"a" :1,"a"\n\t:2}'],
    ['as the name of the prototype', '{"__proto__":1,"__proto__":2}'],
    ['with a quote in it', '{"a\\"b":1,"a\\"b":2}'],
  ])('that says a key twice in one object is refused: %s', async (_, text) => {
    expect(await reading(text)).toBe('kernel.json_ambiguous')
  })

  it.each([
    '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}',
    '{"a":"a","b":"a"}',
    '["a","a",{"a":["a"]}]',
    '{"a":"\\"a\\":","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a\\\\":1,"a":2}',
    '"a"',
    '{}',
  ])('may say a word as often as it likes elsewhere: %s', async (text) => {
    expect(await reading(text)).toBe('done')
    expect(readJson(text)).toEqual(JSON.parse(text))
  })

  it.each(['', '{"a":1,}', '{"a":1}}', "{'a':1}", '{"a":NaN}', '{"\\x":1}', '"', '"\\', '{"a'])(
    'that is none is refused: %s',
    async (text) => expect(await reading(text)).toBe('kernel.not_json'),
  )

  it('costs no more than its length, however it is built', async () => {
    const size = 256 * 1024
    const built = ['{', '[', '"', '\\"', '\\\\', '"\\', '" ', '"":', ',', '{"a":', ' '].flatMap(
      (part) => {
        const text = part.repeat(Math.floor(size / part.length))
        return [text, `"${text}`, `{${text}`]
      },
    )
    const before = process.cpuUsage().user
    for (const text of built) await reading(text)
    expect((process.cpuUsage().user - before) / 1_000 / built.length).toBeLessThan(100)
  })
})
