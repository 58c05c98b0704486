import { checkFile } from '@yiqi/server/kernel/check-file.ts'
import { extensionOf } from '@yiqi/server/kernel/file-names.ts'
import { type FileType, fileTypes } from '@yiqi/shared/kernel/files.ts'
import { describe, expect, it } from 'vitest'
import { outcome } from '../support/act.ts'
import { newRandom, type Random } from '../support/random.ts'
import { samples } from '../support/sample-files.ts'

const every = Object.keys(fileTypes) as FileType[] // the keys of a constant
const check = (name: string, bytes: Buffer) => checkFile({ name, declared: null, bytes }, every)
const verdict = (name: string, bytes: Buffer) => outcome(check(name, bytes))
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

describe('a thousand files with something changed', () => {
  it('are refused, or are what they are taken as: never anything else, never a fault', async () => {
    const random = newRandom(20261124)
    const seen: Record<string, number> = {}
    for (let i = 0; i < 1_000; i++) {
      const { name, bytes, how } = mutant(random)
      const answer = await verdict(name, bytes)
      seen[answer] = (seen[answer] ?? 0) + 1
      expect(answer, `${i}: ${how}`).toMatch(
        /^(done|kernel\.file_(type_refused|type_mismatch|damaged|pixels|archive_unsafe))$/,
      )
      if (answer !== 'done') continue
      const kept = await check(name, bytes)
      expect(looksLike(kept.bytes), `${i}: ${how}`).toBe(
        ['csv', 'txt'].includes(kept.type) ? 'text' : kept.type,
      )
      expect(extensionOf(name), how).toSatisfy((e: string) =>
        (fileTypes[kept.type].extensions as readonly string[]).includes(e),
      )
      expect((await check(name, kept.bytes)).bytes.equals(kept.bytes), `${i}: ${how}`).toBe(true)
      expect(hidesArchive(kept.bytes, kept.type), `${i}: ${how}`).toBe(false)
      if (['jpeg', 'png', 'webp'].includes(kept.type))
        expect(kept.bytes.includes('SECRET')).toBe(false)
    }
    // Both answers were seen, or nothing was tested.
    expect(seen.done).toBeGreaterThan(100)
    expect(1_000 - (seen.done ?? 0)).toBeGreaterThan(400)
  })
})

/** A sample, or two, with bits flipped, parts cut, doubled or exchanged, under some name. */
function mutant(random: Random): { name: string; bytes: Buffer; how: string } {
  const of = () => random.pick(named) ?? ['txt', 'a.txt', 'txt']
  const [sample, name] = of()
  const [other, otherName] = of()
  let bytes = Buffer.from(samples[sample])
  const at = () => random.below(bytes.length + 1)
  const ways: [string, () => Buffer][] = [
    ['bits flipped', () => flipped(random, bytes)],
    ['cut off', () => bytes.subarray(0, at())],
    ['beginning cut off', () => bytes.subarray(at())],
    ['another behind it', () => Buffer.concat([bytes, samples[other]])],
    ['another before it', () => Buffer.concat([samples[other], bytes])],
    ['another within it', () => spliced(bytes, at(), samples[other])],
    [
      'begins as another',
      () => Buffer.concat([samples[other].subarray(0, 12), bytes.subarray(12)]),
    ],
    ['bytes left out', () => Buffer.concat([bytes.subarray(0, at()), bytes.subarray(at())])],
    ['a length changed', () => withNumber(random, bytes)],
    ['a page within it', () => spliced(bytes, at(), Buffer.from('<script>alert(1)</script>'))],
  ]
  const count = 1 + random.below(2)
  let how = `${sample}`
  for (let i = 0; i < count; i++) {
    const [word, change] = random.pick(ways) ?? ['', () => bytes]
    bytes = Buffer.from(change())
    how += `, ${word}`
  }
  const chosen = random.chance(0.25) ? otherName : name
  return { name: chosen, bytes, how: `${how}, as ${chosen}` }
}

function flipped(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let i = 0; i <= random.below(8) && copy.length > 0; i++) {
    const at = random.below(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
  }
  return copy
}

function withNumber(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  if (copy.length > 4)
    copy.writeUInt32BE(
      random.pick([0, 1, 0xffff, 0xffffffff, 0x7fffffff]) ?? 0,
      random.below(copy.length - 4),
    )
  return copy
}

function spliced(bytes: Buffer, at: number, other: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), other, bytes.subarray(at)])
}

/** What a file is, told in another way than the server does. */
function looksLike(bytes: Buffer): string {
  const hex = bytes.subarray(0, 16).toString('hex')
  if (hex.startsWith('255044462d')) return 'pdf'
  if (hex.startsWith('89504e470d0a1a0a0000000d49484452'.slice(0, 32))) return 'png'
  if (hex.startsWith('ffd8ff')) return 'jpeg'
  if (hex.startsWith('52494646') && hex.slice(16, 24) === '57454250') return 'webp'
  if (hex.startsWith('504b0304')) return 'xlsx'
  return bytes.every((byte) => byte >= 0x20 || [9, 10, 12, 13].includes(byte)) ? 'text' : '?'
}

function hidesArchive(bytes: Buffer, type: FileType): boolean {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06'))
  return (
    type !== 'xlsx' &&
    end >= 0 &&
    end + 22 + bytes.readUInt16LE(Math.min(end + 20, bytes.length - 2)) === bytes.length
  )
}
