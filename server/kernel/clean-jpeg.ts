import { checkPixels, damaged } from './clean-picture.ts'

// Markers of ITU-T T.81, table B.1.
const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const COMMENT = 0xfe
/** Baseline, extended and progressive with Huffman codes: what browsers show. */
const frames = [0xc0, 0xc1, 0xc2]
const tables = [0xc4, 0xdb, 0xdd]
const APP0 = 0xe0
const APP1 = 0xe1
const APP2 = 0xe2
const APP14 = 0xee
const APP15 = 0xef

const ORIENTATION = 0x0112
const SHORT = 3

type Segment = { marker: number; content: Buffer; end: number }

/**
 * A JPEG without what cameras, phones and programs write beside the picture: of the application
 * segments only JFIF, the colour profile and Adobe's twelve bytes about colours stay, and of Exif
 * which side is up. What stands behind the end of the picture is cut off. Refuses
 * kernel.file_damaged, kernel.file_pixels.
 */
export function cleanJpeg(bytes: Buffer): Buffer {
  const kept: Buffer[] = []
  let [jfif, side, framed, scanned]: [Buffer | null, number, boolean, boolean] = [
    null,
    1,
    false,
    false,
  ]
  for (let at = 2; ; ) {
    const segment = segmentAt(bytes, at)
    const { marker, content } = segment
    at = segment.end
    if (marker === EOI) break
    if (frames.includes(marker)) {
      if (framed || content.length < 6) throw damaged()
      checkPixels(content.readUInt16BE(3), content.readUInt16BE(1))
      framed = true
    }
    if (marker === APP0) jfif ??= plainJfif(content)
    else if (marker === APP1) side = sideIn(content) ?? side
    else if (marker === APP2) kept.push(...profile(content))
    else if (marker === APP14) kept.push(...adobe(content))
    else if (marker === SOS) {
      if (!framed) throw damaged()
      const end = endOfScan(bytes, at)
      kept.push(written(marker, content), bytes.subarray(at, end))
      at = end
      scanned = true
    } else if (frames.includes(marker) || tables.includes(marker))
      kept.push(written(marker, content))
    else if (marker !== COMMENT && (marker < APP0 || marker > APP15)) throw damaged()
  }
  if (!scanned) throw damaged()
  const first = [marked(SOI), ...(jfif ? [jfif] : []), ...(side > 1 ? [exifOf(side)] : [])]
  return Buffer.concat([...first, ...kept, marked(EOI)])
}

/** The segment at `at`; fill bytes before its marker are passed over. */
function segmentAt(bytes: Buffer, from: number): Segment {
  let at = from
  if (bytes[at] !== 0xff) throw damaged()
  while (bytes[at] === 0xff) at++
  const marker = bytes[at] ?? 0
  if (marker === EOI) return { marker, content: bytes.subarray(0, 0), end: at + 1 }
  if (at + 3 > bytes.length) throw damaged()
  const length = bytes.readUInt16BE(at + 1)
  const end = at + 1 + length
  if (length < 2 || end > bytes.length) throw damaged()
  return { marker, content: bytes.subarray(at + 3, end), end }
}

/** Where the next marker begins that is no restart within the scan. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) throw damaged()
    const within = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7)
    if (!within) return at
  }
  throw damaged()
}

/** Without the small picture that it may hold. */
function plainJfif(content: Buffer): Buffer | null {
  if (content.length < 14 || content.toString('latin1', 0, 5) !== 'JFIF\0') return null
  const copy = Buffer.from(content.subarray(0, 14))
  copy.writeUInt16BE(0, 12)
  return written(APP0, copy)
}

function profile(content: Buffer): Buffer[] {
  return content.toString('latin1', 0, 12) === 'ICC_PROFILE\0' ? [written(APP2, content)] : []
}

/** Without it, pictures from Adobe's programs have wrong colours. */
function adobe(content: Buffer): Buffer[] {
  const right = content.length >= 12 && content.toString('latin1', 0, 5) === 'Adobe'
  return right ? [written(APP14, content.subarray(0, 12))] : []
}

/** Which side is up, 1 to 8, as Exif says it; null where it does not. */
function sideIn(content: Buffer): number | null {
  if (content.toString('latin1', 0, 6) !== 'Exif\0\0') return null
  const tiff = content.subarray(6)
  if (tiff.length < 8) return null
  const little = tiff.toString('latin1', 0, 2) === 'II'
  const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const start = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (start + 2 > tiff.length) return null
  const entries = Math.min(short(start), Math.floor((tiff.length - start - 2) / 12))
  for (let i = 0; i < entries; i++) {
    const entry = start + 2 + i * 12
    if (short(entry) !== ORIENTATION || short(entry + 2) !== SHORT) continue
    const side = short(entry + 8)
    return side >= 1 && side <= 8 ? side : null
  }
  return null
}

/** An Exif segment of ours that says which side is up and nothing else. */
function exifOf(side: number): Buffer {
  const tiff = Buffer.alloc(26)
  tiff.write('MM', 0, 'latin1')
  tiff.writeUInt16BE(42, 2)
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8)
  tiff.writeUInt16BE(ORIENTATION, 10)
  tiff.writeUInt16BE(SHORT, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(side, 18)
  return written(APP1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]))
}

function written(marker: number, content: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(content.length + 2)
  return Buffer.concat([marked(marker), length, content])
}

function marked(marker: number): Buffer {
  return Buffer.of(0xff, marker)
}
