import { randomBytes } from 'node:crypto'
import { boundaryOf, readMultipart } from '@yiqi/server/kernel/read-multipart.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { describe, expect, it } from 'vitest'
import { newRandom } from '../support/random.ts'

const B = 'xyz'
const form = (...lines: string[]) => Buffer.from(lines.join('\r\n'))
const isRefused = (work: () => unknown): boolean => {
  try {
    work()
    return false
  } catch (error) {
    return error instanceof Refusal && error.code === 'kernel.not_multipart'
  }
}
/** As another implementation writes it. */
async function written(given: FormData): Promise<{ body: Buffer; boundary: string }> {
  const response = new Response(given)
  const boundary = boundaryOf(response.headers.get('content-type') ?? '')
  return { body: Buffer.from(await response.arrayBuffer()), boundary }
}

describe('a form', () => {
  it('is read as browsers write it, whatever is in the file and its name', async () => {
    const contents = [Buffer.alloc(0), randomBytes(100_000), Buffer.from('\r\n--\r\n----xyz\r\n')]
    for (const content of contents)
      for (const name of ['a.pdf', '证书 "终".pdf', 'a\r\nb.pdf', "a';b.pdf", 'a\\b.pdf']) {
        const given = new FormData()
        given.set('purpose', 'licence')
        given.set('file', new Blob([content], { type: 'application/pdf' }), name)
        const { body, boundary } = await written(given)
        const [purpose, file] = readMultipart(body, boundary)
        expect(purpose).toMatchObject({ name: 'purpose', fileName: null })
        expect(purpose?.bytes.toString()).toBe('licence')
        expect(file).toMatchObject({ name: 'file', declared: 'application/pdf' })
        expect(file?.bytes.equals(content)).toBe(true)
        // A backslash before a letter is a backslash; before a quote it is not.
        expect(file?.fileName).toBe(name)
      }
  })

  it('is read as the mini-program writes it', () => {
    const body = form(
      `--${B}`,
      'Content-Disposition: form-data; name="purpose"',
      '',
      'licence',
      `--${B}`,
      'content-disposition: form-data; name="file"; filename="证书.jpg"',
      'Content-Type: image/jpeg',
      'Content-Length: 3',
      '',
      'abc',
      `--${B}--`,
      '',
    )
    expect(readMultipart(body, B).map(({ bytes }) => bytes.toString())).toEqual(['licence', 'abc'])
    expect(readMultipart(body, B)[1]).toMatchObject({
      fileName: '证书.jpg',
      declared: 'image/jpeg',
    })
  })

  const part = (head: string, content = 'x') => [`--${B}`, head, '', content]
  const named = 'Content-Disposition: form-data; name="a"'
  it.each([
    ['nothing', []],
    ['no end', part(named)],
    ['words before it', ['words', ...part(named), `--${B}--`]],
    ['words behind it', [...part(named), `--${B}--`, 'words']],
    ['the same field twice', [...part(named), ...part(named), `--${B}--`]],
    ['a part without a name', [...part('Content-Disposition: form-data'), `--${B}--`]],
    ['a part that is no field', [...part('Content-Disposition: attachment; name="a"'), `--${B}--`]],
    ['a transfer encoding', [...part(`${named}\r\nContent-Transfer-Encoding: base64`), `--${B}--`]],
    ['an endless head', [...part(`${named}\r\nContent-Type: ${'x'.repeat(3_000)}`), `--${B}--`]],
    [
      'nine fields',
      [...'123456789'].flatMap((n) => part(named.replace('"a"', `"${n}"`))).concat(`--${B}--`),
    ],
    ['another boundary', part(named).concat('--zzz--')],
  ])('of %s is refused', (_, lines) => {
    expect(isRefused(() => readMultipart(form(...lines), B))).toBe(true)
  })

  it.each([
    'application/json',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/mixed; boundary=a',
    `multipart/form-data; boundary=${'a'.repeat(71)}`,
    'multipart/form-data; boundary="a\r\nb"',
    '',
  ])('is not what %j announces', (contentType) => {
    expect(isRefused(() => boundaryOf(contentType))).toBe(true)
  })

  it('that is damaged is refused or read, never a fault', () => {
    const random = newRandom(8)
    const whole = form(
      ...part(named),
      ...part(`${named.replace('"a"', '"file"')}; filename="b"`),
      `--${B}--`,
      '',
    )
    for (let i = 0; i < 3_000; i++) {
      const bytes = Buffer.from(whole)
      for (let n = 0; n <= random.below(4); n++)
        bytes[random.below(bytes.length)] = random.below(256)
      const cut = random.chance(0.3) ? bytes.subarray(0, random.below(bytes.length)) : bytes
      try {
        for (const field of readMultipart(cut, B))
          expect(field.bytes.length).toBeLessThan(whole.length)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }
  })
})
