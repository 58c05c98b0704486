import { attachmentNamed, cleanFileName } from '@yiqi/server/kernel/file-names.ts'
import { describe, expect, it } from 'vitest'
import { newRandom } from '../support/random.ts'

describe('a file name', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\证书.pdf', '证书.pdf'],
    ['a\u0000b\r\n.pdf', 'ab.pdf'],
    ['gpj.\u202efdp.exe', 'gpj.fdp.exe'],
    ['\u2066a\u2069\u200b.pdf', 'a.pdf'],
    ['\ud800a.pdf', 'a.pdf'],
    ['.htaccess', 'htaccess'],
    ['..', '文件'],
    ['', '文件'],
    ['con.pdf', '_con.pdf'],
    ['a"b<c>|?*.pdf', 'a_b_c____.pdf'],
    [' a . pdf ', 'a . pdf'],
    ['e\u0301.pdf', 'é.pdf'],
    ['R&D 报告 (终).pdf', 'R&D 报告 (终).pdf'],
  ])('%j is kept as %j', (given, kept) => {
    expect(cleanFileName(given)).toBe(kept)
  })

  it('has at most 120 characters and keeps its extension', () => {
    const name = cleanFileName(`${'长'.repeat(500)}.pdf`)
    expect(Array.from(name)).toHaveLength(120)
    expect(name.endsWith('长.pdf')).toBe(true)
    expect(Array.from(cleanFileName('😀'.repeat(300)))).toHaveLength(120)
  })

  it('is harmless whatever it was, and cleaned twice is the same', () => {
    const random = newRandom(3)
    const signs = Array.from('aB9.。 \t\r\n\0/\\:"\'%;=<>|?*\u202e\u2028é样😀\ud800\udfff')
    for (let i = 0; i < 2_000; i++) {
      const given = Array.from({ length: random.below(40) }, () => random.pick(signs)).join('')
      const name = cleanFileName(given)
      expect(name, JSON.stringify(given)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}/\\"<>|?*:]|^\.|^$/u)
      expect(cleanFileName(name)).toBe(name)
      expect(attachmentNamed(name)).toMatch(
        /^attachment; filename="[A-Za-z0-9 ._()-]*"; filename\*=UTF-8''[A-Za-z0-9%._~-]+$/,
      )
      const coded = attachmentNamed(name).split("UTF-8''")[1] ?? ''
      expect(decodeURIComponent(coded)).toBe(name)
    }
  })
})
