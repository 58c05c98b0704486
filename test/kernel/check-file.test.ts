import { readFileSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { checkFile } from '@yiqi/server/kernel/check-file.ts'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { cleanFileName } from '@yiqi/server/kernel/file-names.ts'
import { type FileType, fileTypes } from '@yiqi/shared/kernel/files.ts'
import { describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { samples, workbookOf } from '../support/sample-files.ts'
import { type Part, zipOf } from '../support/zip.ts'

const every = Object.keys(fileTypes) as FileType[] // the keys of a constant
const check = (name: string, bytes: Buffer, declared: string | null = null, types = every) =>
  checkFile({ name, declared, bytes }, types)
const verdict = (name: string, bytes: Buffer, declared: string | null = null, types = every) =>
  outcome(check(name, bytes, declared, types))
const named: [keyof typeof samples, string, FileType][] = [
  ['jpeg', '照片.JPG', 'jpeg'],
  ['png', 'a.png', 'png'],
  ['webp', 'a.webp', 'webp'],
  ['losslessWebp', 'b.webp', 'webp'],
  ['pdf', '证书.pdf', 'pdf'],
  ['xlsx', '结果.xlsx', 'xlsx'],
  ['csv', '结果.csv', 'csv'],
  ['txt', '说明.txt', 'txt'],
]

describe('a file', () => {
  it.each(named)('%s named %s is taken as what it is', async (sample, name, type) => {
    const checked = await check(name, samples[sample])
    expect(checked.type).toBe(type)
    expect((await check(name, checked.bytes)).bytes.equals(checked.bytes)).toBe(true)
  })

  it('is refused under the name of every other type', async () => {
    for (const [sample, own, type] of named)
      for (const [, name, other] of named) {
        // Any text can be a table or a note.
        const texts = ['csv', 'txt']
        if (type === other || (texts.includes(type) && texts.includes(other))) continue
        expect(await verdict(name, samples[sample]), `${own} as ${name}`).toBe(
          'kernel.file_type_mismatch',
        )
      }
  })

  it.each([
    ['a.exe', samples.pdf],
    ['a.pdf.exe', samples.pdf],
    ['a.svg', Buffer.from('<svg/>')],
    ['a.html', samples.txt],
    ['noextension', samples.pdf],
    ['.pdf', samples.pdf],
    ['a.xlsm', samples.xlsx],
    ['a.zip', samples.xlsx],
  ])('named %s is of no type that is taken', async (name, bytes) => {
    expect(await verdict(cleanFileName(name), bytes)).toBe('kernel.file_type_refused')
  })

  it('is refused where its purpose does not take its type', async () => {
    expect(await verdict('a.csv', samples.csv, null, ['pdf', 'png'])).toBe(
      'kernel.file_type_refused',
    )
  })

  it('is refused where its sender declares something else', async () => {
    expect(await verdict('a.pdf', samples.pdf, 'image/png')).toBe('kernel.file_type_mismatch')
    expect(await verdict('a.pdf', samples.pdf, 'text/html')).toBe('kernel.file_type_mismatch')
    for (const right of ['application/pdf', 'application/PDF; x=y', 'application/octet-stream', ''])
      expect(await verdict('a.pdf', samples.pdf, right)).toBe('done')
    expect(await verdict('a.csv', samples.csv, 'application/vnd.ms-excel')).toBe('done')
    expect(await verdict('a.jpg', samples.jpeg, 'image/jpg')).toBe('done')
  })
})

describe('a picture', () => {
  const secrets = ['jpeg', 'png', 'webp'] as const

  it.each(secrets)('%s is kept without where, when and with what it was taken', async (sample) => {
    expect(samples[sample].includes('SECRET')).toBe(true)
    const { bytes } = await check(`a.${sample}`, samples[sample])
    expect(bytes.includes('SECRET')).toBe(false)
    // The tag that points to coordinates (0x8825) is gone with them, in either byte order.
    expect(
      bytes.includes(Buffer.of(0x88, 0x25, 0, 4)) || bytes.includes(Buffer.of(0x25, 0x88, 4, 0)),
    ).toBe(false)
    expect(bytes.length).toBeLessThan(samples[sample].length)
  })

  it('keeps the side that is up', async () => {
    const { bytes } = await check('a.jpg', samples.jpeg)
    const at = bytes.indexOf('Exif\0\0')
    expect(bytes.subarray(at + 16, at + 26).toString('hex')).toBe('01120003000000010006')
  })

  it.each(secrets)('%s loses what stands behind its end', async (sample) => {
    const long = Buffer.concat([samples[sample], Buffer.from('SECRET'), samples.xlsx])
    const { bytes } = await check(`a.${sample}`, long)
    expect(bytes.equals((await check(`a.${sample}`, samples[sample])).bytes)).toBe(true)
  })

  it.each(secrets)('%s cut off anywhere is refused', async (sample) => {
    const { bytes } = await check(`a.${sample}`, samples[sample])
    for (let length = 0; length < bytes.length; length += 7)
      expect(await verdict(`a.${sample}`, bytes.subarray(0, length)), `at ${length}`).toMatch(
        /^kernel\.file_(damaged|type_mismatch)$/,
      )
  })

  it('of more than fifty million points is refused, and one of just so many is not', async () => {
    expect(await verdict('a.png', pngOf(10_000, 5_000))).toBe('done')
    expect(await verdict('a.png', pngOf(10_000, 5_001))).toBe('kernel.file_pixels')
    expect(await verdict('a.png', pngOf(2 ** 31 - 1, 2 ** 31 - 1))).toBe('kernel.file_pixels')
    expect(await verdict('a.png', pngOf(0, 5))).toBe('kernel.file_damaged')
    const jpeg = Buffer.from(samples.jpeg)
    jpeg.fill(0xff, frameOf(jpeg) + 5, frameOf(jpeg) + 9)
    expect(await verdict('a.jpg', jpeg)).toBe('kernel.file_pixels')
    const webp = Buffer.from(samples.losslessWebp)
    webp.fill(0xff, 21, 24)
    webp[24] = 0x0f
    expect(await verdict('a.webp', webp)).toBe('kernel.file_pixels')
  })
})

describe('a pdf', () => {
  it('with an archive, or anything, behind its end is refused', async () => {
    const zip = zipOf([{ name: 'a.txt', content: 'a' }])
    const commented = zipOf([{ name: 'a', content: 'a' }], '\nstartxref\n9\n%%EOF\n')
    for (const tail of [zip, commented, Buffer.from('<script>'), Buffer.from('MZ')])
      expect(await verdict('a.pdf', Buffer.concat([samples.pdf, tail]))).toBe('kernel.file_damaged')
  })

  it('without beginning or end is refused', async () => {
    expect(await verdict('a.pdf', samples.pdf.subarray(0, -9))).toBe('kernel.file_damaged')
    const shifted = Buffer.concat([Buffer.from(' '), samples.pdf])
    expect(await verdict('a.pdf', shifted)).toBe('kernel.file_type_mismatch')
    expect(await verdict('a.pdf', Buffer.from('%PDF-9.9\n%%EOF'))).toBe('kernel.file_type_mismatch')
  })
})

describe('a workbook', () => {
  const refusedWith = (parts: Record<string, string | Buffer>) =>
    verdict('a.xlsx', workbookOf(parts))
  const withPart = (part: Part) =>
    verdict(
      'a.xlsx',
      zipOf([
        { name: '[Content_Types].xml', content: 'x' },
        { name: 'xl/workbook.xml', content: 'x' },
        part,
      ]),
    )
  const unsafe = 'kernel.file_archive_unsafe'

  it('as other programs write it is taken', async () => {
    const real = readFileSync(path.join(repoRoot, 'drizzle/demo/instruments.xlsx'))
    expect(await verdict('a.xlsx', real)).toBe('done')
  })

  it('is refused with a part that inflates to more than a hundred times its size', async () => {
    expect(await refusedWith({ 'xl/bomb.xml': Buffer.alloc(1_000_000) })).toBe(unsafe)
    expect(await refusedWith({ 'xl/small.xml': Buffer.alloc(60_000) })).toBe('done')
  })

  it('is refused where a part becomes more, or less, than it says', async () => {
    const bomb = Buffer.alloc(50_000_000)
    expect(await withPart({ name: 'a.xml', content: bomb, says: 5_000 })).toBe(
      'kernel.file_damaged',
    )
    expect(await withPart({ name: 'a.xml', content: 'abc', says: 4 })).toBe('kernel.file_damaged')
  })

  it.each([
    ['another workbook', samples.xlsx],
    ['an archive in 7z', Buffer.from('7z\xbc\xaf\x27\x1c etc', 'latin1')],
    ['an archive in gzip', Buffer.from('\x1f\x8b\x08 etc', 'latin1')],
    ['an old document of Office', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1')],
  ])('is refused with %s in it', async (_, inner) => {
    expect(await refusedWith({ 'xl/embeddings/a.bin': inner })).toBe(unsafe)
    expect(await withPart({ name: 'xl/media/a.png', content: inner, stored: true })).toBe(unsafe)
  })

  it.each([
    '../a',
    'xl/../../a',
    '/etc/passwd',
    'C:/a',
    'xl\\a',
    'a\0b',
    'a\nb',
    '',
    `${'n'.repeat(256)}`,
    'XL/Workbook.xml',
  ])('is refused with a part named %j', async (name) => {
    expect(await withPart({ name, content: 'x' })).toBe(unsafe)
  })

  it('is refused with links, devices, encrypted parts and macros', async () => {
    for (const kind of [0xa000, 0x2000, 0x6000, 0x1000])
      expect(await withPart({ name: 'a', content: '/etc/passwd', kind })).toBe(unsafe)
    expect(await withPart({ name: 'a', content: 'x', kind: 0x8000 })).toBe('done')
    expect(await withPart({ name: 'a', content: 'x', flags: 1 })).toBe(unsafe)
    expect(await refusedWith({ 'xl/vbaProject.bin': 'x' })).toBe(unsafe)
  })

  it('is refused with more than a thousand parts', async () => {
    const of = (count: number) =>
      zipOf([
        { name: '[Content_Types].xml', content: 'x' },
        { name: 'xl/workbook.xml', content: 'x' },
        ...Array.from({ length: count - 2 }, (_, i) => ({ name: `xl/${i}`, content: 'x' })),
      ])
    expect(await verdict('a.xlsx', of(1_000))).toBe('done')
    expect(await verdict('a.xlsx', of(1_001))).toBe(unsafe)
  })

  it('is refused with anything before, between or behind its parts', async () => {
    const { xlsx } = samples
    expect(await verdict('a.xlsx', Buffer.concat([xlsx, Buffer.of(0)]))).toBe('kernel.file_damaged')
    expect(await verdict('a.xlsx', Buffer.concat([Buffer.from('PK\x03\x04'), xlsx]))).toBe(
      'kernel.file_damaged',
    )
    expect(await withPart({ name: 'a', content: 'x', localName: 'b' })).toBe('kernel.file_damaged')
    expect(await verdict('a.xlsx', zipOf([{ name: 'a', content: 'a' }], 'words'))).toBe(
      'kernel.file_damaged',
    )
  })

  it('is more than any archive', async () => {
    expect(await verdict('a.xlsx', zipOf([{ name: 'word/document.xml', content: 'x' }]))).toBe(
      'kernel.file_type_mismatch',
    )
  })
})

describe('a text', () => {
  it('is taken in UTF-8 with or without mark, in GB 18030, and empty', async () => {
    for (const bytes of [
      Buffer.from('\ufeff样品,硬度\r\n'),
      Buffer.from([0xd1, 0xf9, 0xc6, 0xb7, 0x0a]),
      Buffer.alloc(0),
    ])
      expect(await verdict('a.csv', bytes)).toBe('done')
  })

  it.each([
    ['a page', Buffer.from('  <!DOCTYPE html><script>')],
    ['a drawing', Buffer.from('\ufeff<svg onload=x>')],
    ['a program', Buffer.from('MZ\x90\0')],
    ['a script', Buffer.from('#!/bin/sh\n')],
    ['control characters', Buffer.from('a\x1b[2Jb')],
    ['UTF-16', Buffer.from('样品 1', 'utf16le')],
    ['NUL late in it', Buffer.concat([Buffer.alloc(3_000_000, 0x61), Buffer.of(0)])],
    ['half a character at its end', Buffer.from([0x61, 0xff])],
  ])('is refused where it is %s', async (_, bytes) => {
    expect(await verdict('a.txt', bytes)).toBe('kernel.file_type_mismatch')
  })
})

function frameOf(jpeg: Buffer): number {
  return jpeg.indexOf(Buffer.of(0xff, 0xc0))
}

/** A png that says it is so large; its image is missing. */
function pngOf(width: number, height: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8
  head[9] = 2
  const chunk = (name: string, content: Buffer) => {
    const named = Buffer.concat([Buffer.from(name), content])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(content.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  const empty = Buffer.alloc(0)
  return Buffer.concat([
    samples.png.subarray(0, 8),
    chunk('IHDR', head),
    chunk('IDAT', empty),
    chunk('IEND', empty),
  ])
}
