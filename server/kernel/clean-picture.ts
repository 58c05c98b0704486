import { crc32 } from 'node:zlib'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'

// Pictures are taken apart and put together again from the parts a picture needs: what says where,
// when and with what it was taken stays out, and so does anything behind its end (ASVS 5.2.6).

export const PIXELS_MAX = 50_000_000
const PNG_HEAD_BYTES = 8
const CHUNK_EXTRA_BYTES = 12
const RIFF_HEAD_BYTES = 12
const WEBP_PARTS_MAX = 64

const png = {
  needed: ['IHDR', 'PLTE', 'IDAT', 'IEND'],
  harmless: ['tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'pHYs', 'bKGD', 'hIST', 'cICP'],
}
/** Bit depths by colour type (PNG, table 11.1). */
const depths: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/** Refuses kernel.file_damaged, kernel.file_pixels. */
export function cleanPng(bytes: Buffer): Buffer {
  const kept = [bytes.subarray(0, PNG_HEAD_BYTES)]
  const seen: string[] = []
  for (let at = PNG_HEAD_BYTES; seen.at(-1) !== 'IEND'; ) {
    const { name, content, whole } = pngChunk(bytes, at)
    at += whole.length
    if (seen.length === 0 ? name !== 'IHDR' : name === 'IHDR') throw damaged()
    if (name === 'IHDR') checkPngHead(content)
    const needed = png.needed.includes(name)
    if (!needed && isCritical(name)) throw damaged()
    // All of the image stands together.
    if (name === 'IDAT' && seen.includes('IDAT') && seen.at(-1) !== 'IDAT') throw damaged()
    if (name === 'IEND' && (content.length > 0 || !seen.includes('IDAT'))) throw damaged()
    if (needed || png.harmless.includes(name)) kept.push(whole)
    seen.push(name)
  }
  return Buffer.concat(kept)
}

function pngChunk(bytes: Buffer, at: number): { name: string; content: Buffer; whole: Buffer } {
  if (at + CHUNK_EXTRA_BYTES > bytes.length) throw damaged()
  const end = at + CHUNK_EXTRA_BYTES + bytes.readUInt32BE(at)
  if (end > bytes.length) throw damaged()
  const name = bytes.toString('latin1', at + 4, at + 8)
  if (!/^[A-Za-z]{4}$/.test(name)) throw damaged()
  if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) throw damaged()
  return { name, content: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) }
}

function checkPngHead(head: Buffer): void {
  if (head.length !== 13) throw damaged()
  checkPixels(head.readUInt32BE(0), head.readUInt32BE(4))
  const [depth = 0, colour = 0, deflate, filter, interlace = 2] = head.subarray(8)
  if (!depths[colour]?.includes(depth) || deflate !== 0 || filter !== 0 || interlace > 1)
    throw damaged()
}

/** The case of the first letter says whether a reader may pass over the chunk. */
function isCritical(name: string): boolean {
  return name.charCodeAt(0) < 0x60
}

/** Still pictures only. Refuses kernel.file_damaged, kernel.file_pixels. */
export function cleanWebp(bytes: Buffer): Buffer {
  const size = bytes.length < RIFF_HEAD_BYTES ? 0 : bytes.readUInt32LE(4) + 8
  if (size > bytes.length || size < RIFF_HEAD_BYTES + 8) throw damaged()
  const kept: Buffer[] = []
  const seen: string[] = []
  for (let at = RIFF_HEAD_BYTES; at < size; ) {
    const { name, content, whole } = webpPart(bytes.subarray(0, size), at)
    at += whole.length
    if (seen.length >= WEBP_PARTS_MAX || (seen.includes(name) && name !== 'EXIF')) throw damaged()
    if (name.startsWith('ANI') || name === 'ANMF') throw damaged()
    seen.push(name)
    checkWebpSize(name, content)
    if (name === 'VP8X') kept.push(withoutFlags(whole))
    else if (['VP8 ', 'VP8L', 'ALPH', 'ICCP'].includes(name)) kept.push(whole)
  }
  const images = seen.filter((name) => name === 'VP8 ' || name === 'VP8L')
  if (images.length !== 1 || (seen.includes('VP8X') && seen[0] !== 'VP8X')) throw damaged()
  if (!seen.includes('VP8X') && seen[0] !== images[0]) throw damaged()
  return riff(kept)
}

function webpPart(bytes: Buffer, at: number): { name: string; content: Buffer; whole: Buffer } {
  if (at + 8 > bytes.length) throw damaged()
  const length = bytes.readUInt32LE(at + 4)
  const end = at + 8 + length + (length % 2)
  if (end > bytes.length) throw damaged()
  const name = bytes.toString('latin1', at, at + 4)
  return { name, content: bytes.subarray(at + 8, at + 8 + length), whole: bytes.subarray(at, end) }
}

function checkWebpSize(name: string, content: Buffer): void {
  if (name === 'VP8X') {
    if (content.length !== 10) throw damaged()
    checkPixels(content.readUIntLE(4, 3) + 1, content.readUIntLE(7, 3) + 1)
  }
  if (name === 'VP8 ') {
    if (content.length < 10 || content.readUIntBE(3, 3) !== 0x9d012a) throw damaged()
    checkPixels(content.readUInt16LE(6) & 0x3fff, content.readUInt16LE(8) & 0x3fff)
  }
  if (name === 'VP8L') {
    if (content.length < 5 || content[0] !== 0x2f) throw damaged()
    const bits = content.readUInt32LE(1)
    if (bits >>> 29 !== 0) throw damaged()
    checkPixels((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
  }
}

/** Of what VP8X announces only the colour profile and transparency are still there. */
function withoutFlags(part: Buffer): Buffer {
  const copy = Buffer.from(part)
  copy[8] = (copy[8] ?? 0) & 0x30
  return copy
}

function riff(parts: readonly Buffer[]): Buffer {
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  head.writeUInt32LE(length + 4, 4)
  return Buffer.concat([head, ...parts])
}

/** A bomb of pixels costs its readers memory, however small the file is. */
export function checkPixels(width: number, height: number): void {
  if (width === 0 || height === 0) throw damaged()
  if (width * height > PIXELS_MAX) throw new Refusal('kernel.file_pixels')
}

export function damaged(): Refusal {
  return new Refusal('kernel.file_damaged')
}
