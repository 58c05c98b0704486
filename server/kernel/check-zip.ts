import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'

const ENTRIES_MAX = 1_000
const RATIO_MAX = 100
/** Small parts may be as dense as they like: what they become is small, too. */
const RATIO_FROM_BYTES = 64 * 1024
const INFLATED_MAX_BYTES = 1024 * 1024 * 1024
const NAME_MAX = 255
const START_BYTES = 64
const PART_BYTES = 256 * 1024

const LOCAL = 0x04034b50
const ENTRY = 0x02014b50
const END = 0x06054b50
const LOCAL_BYTES = 30
const ENTRY_BYTES = 46
const END_BYTES = 22
/** What may stand between two parts: the sizes once more, where the writer did not know them. */
const GAP_MAX_BYTES = 24
const COMMENT_MAX = 65_535
const STORED = 0
const DEFLATED = 8

/** Bits of the general flags: encrypted (of either kind), sizes behind the content. */
const ENCRYPTED = 0x2041
const SIZES_BEHIND = 0x8

export type ZipEntry = {
  name: string
  flags: number
  method: number
  crc: number
  deflated: number
  inflated: number
  /** Of Unix, where the writer gave one: the upper half of its mode. */
  kind: number
  local: number
}

/**
 * Takes a zip archive apart without keeping what is in it. Promises: its parts lie one behind the
 * other from the first byte of the file to its directory, which ends the file; names and sizes are
 * the same in both places; there are at most 1,000 parts, no two of one name, none encrypted, none
 * a link, none absolute or with `..`; each inflates to what it says, to at most a hundred times
 * its size, and all to at most 1 GiB; none is an archive itself. Refuses kernel.file_damaged,
 * kernel.file_archive_unsafe.
 */
export async function readZip(bytes: Buffer): Promise<ZipEntry[]> {
  const entries = directoryOf(bytes)
  checkNames(entries)
  checkSizes(entries)
  for (const { entry, content } of contentsOf(bytes, entries))
    if (isArchive(await inflatedStart(entry, content))) throw unsafe()
  return entries
}

/** Whether a file ends as a zip archive does, whatever stands before. */
export function endsAsZip(bytes: Buffer): boolean {
  return findEnd(bytes) !== null
}

function directoryOf(bytes: Buffer): ZipEntry[] {
  const end = findEnd(bytes)
  if (end === null) throw damaged()
  const count = bytes.readUInt16LE(end + 10)
  if (count > ENTRIES_MAX) throw unsafe()
  const from = bytes.readUInt32LE(end + 16)
  // One volume, a directory that ends where the end begins, and no comment.
  const right =
    bytes.readUInt32LE(end + 4) === 0 &&
    bytes.readUInt16LE(end + 8) === count &&
    from + bytes.readUInt32LE(end + 12) === end &&
    bytes.readUInt16LE(end + 20) === 0
  if (!right || count === 0) throw damaged()
  const entries: ZipEntry[] = []
  let at = from
  for (let i = 0; i < count; i++) {
    const { entry, next } = entryAt(bytes, at, end)
    entries.push(entry)
    at = next
  }
  if (at !== end) throw damaged()
  return entries
}

function findEnd(bytes: Buffer): number | null {
  const last = bytes.length - END_BYTES
  for (let at = last; at >= Math.max(0, last - COMMENT_MAX); at--)
    if (
      bytes.readUInt32LE(at) === END &&
      at + END_BYTES + bytes.readUInt16LE(at + 20) === bytes.length
    )
      return at
  return null
}

function entryAt(bytes: Buffer, at: number, end: number): { entry: ZipEntry; next: number } {
  if (at + ENTRY_BYTES > end || bytes.readUInt32LE(at) !== ENTRY) throw damaged()
  const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field))
  const next = at + ENTRY_BYTES + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
  if (next > end) throw damaged()
  const entry = {
    name: bytes.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + (name ?? 0)),
    flags: bytes.readUInt16LE(at + 8),
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    deflated: bytes.readUInt32LE(at + 20),
    inflated: bytes.readUInt32LE(at + 24),
    kind: bytes.readUInt16LE(at + 40) & 0xf000,
    local: bytes.readUInt32LE(at + 42),
  }
  return { entry, next }
}

function checkNames(entries: readonly ZipEntry[]): void {
  const seen = new Set<string>()
  for (const { name, flags, method, kind } of entries) {
    const plain = !/[\p{Cc}\ufffd\\:]/u.test(name) && name.length > 0 && name.length <= NAME_MAX
    const inside = !name.startsWith('/') && !name.split('/').includes('..')
    // Nothing said, a file, or a folder.
    const ordinary = kind === 0 || kind === 0x8000 || kind === 0x4000
    const readable = (flags & ENCRYPTED) === 0 && (method === STORED || method === DEFLATED)
    const folded = name.toLowerCase()
    if (!plain || !inside || !ordinary || !readable || seen.has(folded)) throw unsafe()
    seen.add(folded)
  }
}

/** By what they say; that they keep their word is seen when they are inflated. */
function checkSizes(entries: readonly ZipEntry[]): void {
  const sum = (of: (entry: ZipEntry) => number) => entries.reduce((all, e) => all + of(e), 0)
  const inflated = sum((entry) => entry.inflated)
  const dense = (from: number, to: number) => to > RATIO_FROM_BYTES && to > RATIO_MAX * from
  if (inflated > INFLATED_MAX_BYTES) throw unsafe()
  if (
    dense(
      sum((entry) => entry.deflated),
      inflated,
    )
  )
    throw unsafe()
  if (entries.some((entry) => dense(entry.deflated, entry.inflated))) throw unsafe()
}

/** Each part's content; they follow one another, so that no two share one (Fifield 2019). */
function contentsOf(
  bytes: Buffer,
  entries: readonly ZipEntry[],
): { entry: ZipEntry; content: Buffer }[] {
  const directory = bytes.readUInt32LE((findEnd(bytes) ?? 0) + 16)
  let free = 0
  const inPlace = [...entries].sort((a, b) => a.local - b.local)
  const contents = inPlace.map((entry) => {
    const { local } = entry
    const gap = local - free
    if (gap < 0 || gap > (free === 0 ? 0 : GAP_MAX_BYTES)) throw damaged()
    const content = contentAt(bytes, entry, directory)
    free = content.byteOffset - bytes.byteOffset + content.length
    return { entry, content }
  })
  if (directory < free || directory - free > GAP_MAX_BYTES) throw damaged()
  return contents
}

function contentAt(bytes: Buffer, entry: ZipEntry, directory: number): Buffer {
  const { local, flags, method, deflated, inflated, name } = entry
  if (local + LOCAL_BYTES > directory || bytes.readUInt32LE(local) !== LOCAL) throw damaged()
  const named = bytes.readUInt16LE(local + 26)
  const from = local + LOCAL_BYTES + named + bytes.readUInt16LE(local + 28)
  if (from + deflated > directory) throw damaged()
  const same =
    bytes.toString('utf8', local + LOCAL_BYTES, local + LOCAL_BYTES + named) === name &&
    bytes.readUInt16LE(local + 6) === flags &&
    bytes.readUInt16LE(local + 8) === method
  const sizes =
    bytes.readUInt32LE(local + 18) === deflated && bytes.readUInt32LE(local + 22) === inflated
  if (!same || ((flags & SIZES_BEHIND) === 0 && !sizes)) throw damaged()
  return bytes.subarray(from, from + deflated)
}

/**
 * Inflates beside the main thread, stops where a part becomes more than it said, and answers how it
 * begins. All of its bytes are used, and what they become has the checksum of the directory.
 */
async function inflatedStart(entry: ZipEntry, content: Buffer): Promise<Buffer> {
  const { method, inflated } = entry
  const inflate =
    method === STORED ? new PassThrough() : createInflateRaw({ chunkSize: PART_BYTES })
  let [start, size, crc] = [Buffer.alloc(0), 0, 0]
  const count = async (parts: AsyncIterable<Buffer>) => {
    for await (const part of parts) {
      if (start.length < START_BYTES) start = Buffer.concat([start, part]).subarray(0, START_BYTES)
      size += part.length
      crc = crc32(part, crc)
      if (size > inflated) throw damaged()
    }
  }
  try {
    await pipeline(Readable.from(partsOf(content)), inflate, count)
  } catch {
    throw damaged()
  }
  const used = 'bytesWritten' in inflate ? inflate.bytesWritten : size
  if (size !== inflated || crc !== entry.crc || used !== content.length) throw damaged()
  return start
}

function* partsOf(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PART_BYTES)
    yield content.subarray(at, at + PART_BYTES)
}

/** What archives and discs begin with: an archive within one is never looked through. */
const archives: readonly Buffer[] = [
  'PK\x03\x04',
  'PK\x05\x06',
  'Rar!\x1a\x07',
  '7z\xbc\xaf\x27\x1c',
  '\x1f\x8b',
  'BZh',
  '\xfd7zXZ\x00',
  '\x28\xb5\x2f\xfd',
  'MSCF',
  // The older files of Office: a file system of their own, with macros.
  '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
].map((text) => Buffer.from(text, 'latin1'))

function isArchive(start: Buffer): boolean {
  return archives.some((magic) => start.subarray(0, magic.length).equals(magic))
}

function damaged(): Refusal {
  return new Refusal('kernel.file_damaged')
}

function unsafe(): Refusal {
  return new Refusal('kernel.file_archive_unsafe')
}
