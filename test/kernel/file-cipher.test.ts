import { randomBytes } from 'node:crypto'
import { isUnreadable } from '@yiqi/server/kernel/cipher.ts'
import {
  CHUNK_BYTES,
  openContent,
  type Pieces,
  sealContent,
} from '@yiqi/server/kernel/file-cipher.ts'
import { describe, expect, it } from 'vitest'
import { newRandom } from '../support/random.ts'

const SEALED_CHUNK = CHUNK_BYTES + 16
const HEADER = 4
const key = Buffer.alloc(32, 7)
const MB = 1024 * 1024

async function all(pieces: Pieces): Promise<Buffer> {
  const read: Uint8Array[] = []
  for await (const piece of pieces) read.push(piece)
  return Buffer.concat(read)
}
const seal = (plain: Buffer, by = key) => all(sealContent(by, [plain]))
const open = (sealed: Buffer, by = key) => all(openContent(by, [sealed]))
const chunkOf = (sealed: Buffer, n: number) =>
  sealed.subarray(HEADER + n * SEALED_CHUNK, HEADER + (n + 1) * SEALED_CHUNK)

async function isRefused(sealed: Buffer, by = key): Promise<boolean> {
  try {
    await open(sealed, by)
    return false
  } catch (error) {
    return isUnreadable(error)
  }
}

describe('a content', () => {
  it.each([
    0,
    1,
    CHUNK_BYTES - 1,
    CHUNK_BYTES,
    CHUNK_BYTES + 1,
    2 * CHUNK_BYTES,
    5 * MB,
    5 * MB + 3,
  ])('of %d bytes comes back as it was, and its sealed form shows nothing of it', async (size) => {
    const plain = randomBytes(size)
    const sealed = await seal(plain)
    expect(sealed.length).toBe(HEADER + size + 16 * Math.max(1, Math.ceil(size / CHUNK_BYTES)))
    expect((await open(sealed)).equals(plain)).toBe(true)
    if (size >= 64) expect(sealed.includes(plain.subarray(0, 64))).toBe(false)
  })

  it('is the same in whatever pieces it comes and goes', async () => {
    const random = newRandom(5)
    const plain = randomBytes(3 * CHUNK_BYTES + 17)
    const inPieces = function* (bytes: Buffer) {
      for (let at = 0; at < bytes.length; ) {
        const size = random.below(random.pick([2, 100, 90_000, 200_000]) ?? 1)
        yield bytes.subarray(at, at + size)
        at += size
      }
    }
    const sealed = await seal(plain)
    expect((await all(sealContent(key, inPieces(plain)))).equals(sealed)).toBe(true)
    expect((await all(openContent(key, inPieces(sealed)))).equals(plain)).toBe(true)
  })
})

describe('a sealed content is unreadable', () => {
  const plain = randomBytes(3 * CHUNK_BYTES + 100)

  it('with one bit changed anywhere', async () => {
    const sealed = await seal(plain)
    const random = newRandom(9)
    const edges = [0, 3, 4, 5, HEADER + CHUNK_BYTES, HEADER + SEALED_CHUNK, sealed.length - 1]
    for (const at of [...edges, ...Array.from({ length: 60 }, () => random.below(sealed.length))]) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
      expect(await isRefused(changed), `byte ${at}`).toBe(true)
    }
  })

  it.each([
    ['at the edge of a chunk', HEADER + 3 * SEALED_CHUNK],
    ['at the edge of the first', HEADER + SEALED_CHUNK],
    ['within a chunk', HEADER + SEALED_CHUNK + 1000],
    ['by one byte', HEADER + 3 * SEALED_CHUNK + 115],
    ['to its header', HEADER],
    ['to half a header', 2],
    ['to nothing', 0],
  ])('cut off %s', async (_, length) => {
    expect(await isRefused((await seal(plain)).subarray(0, length))).toBe(true)
  })

  it('cut off at the edge where the whole is of full chunks', async () => {
    const sealed = await seal(randomBytes(2 * CHUNK_BYTES))
    expect(await isRefused(sealed.subarray(0, HEADER + SEALED_CHUNK))).toBe(true)
  })

  it('with chunks swapped, repeated or left out, and with more behind its end', async () => {
    const sealed = await seal(plain)
    const [head, a, b, c, d] = [
      sealed.subarray(0, HEADER),
      ...[0, 1, 2, 3].map((n) => chunkOf(sealed, n)),
    ]
    const of = (...parts: (Buffer | undefined)[]) =>
      Buffer.concat(parts.map((p) => p ?? Buffer.of()))
    expect(await isRefused(of(head, a, b, c, d))).toBe(false)
    for (const wrong of [
      of(head, b, a, c, d),
      of(head, a, c, b, d),
      of(head, a, a, c, d),
      of(head, a, c, d),
      of(head, b, c, d),
      of(head, a, b, c, d, d),
      of(head, a, b, c, d, a),
      of(head, a, b, c, d, Buffer.of(0)),
      of(head, d),
    ])
      expect(await isRefused(wrong)).toBe(true)
  })

  it('with a chunk of another file, and under another file’s key', async () => {
    const [sealed, other] = [await seal(plain), await seal(plain, Buffer.alloc(32, 8))]
    const mixed = Buffer.from(sealed)
    chunkOf(other, 1).copy(mixed, HEADER + SEALED_CHUNK)
    expect(await isRefused(mixed)).toBe(true)
    expect(await isRefused(sealed, Buffer.alloc(32, 8))).toBe(true)
  })

  it('and gives out nothing before the chunk that is wrong has been checked', async () => {
    const sealed = await seal(plain)
    const last = HEADER + 2 * SEALED_CHUNK + 5
    sealed[last] = (sealed[last] ?? 0) ^ 1
    const given: Buffer[] = []
    const reading = (async () => {
      for await (const chunk of openContent(key, [sealed])) given.push(chunk)
    })()
    await expect(reading).rejects.toSatisfy(isUnreadable)
    expect(Buffer.concat(given).equals(plain.subarray(0, 2 * CHUNK_BYTES))).toBe(true)
  })
})
