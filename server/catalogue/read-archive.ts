import { inflateRawSync } from 'node:zlib'

/** An xlsx of 20,000 good rows inflates to about 25 MB. */
export const INFLATED_MAX_BYTES = 30 * 1024 * 1024
const ENTRIES_MAX = 1000
/**
 * Rows of instruments shrink thirtyfold; one cell of a single repeated letter, eight hundredfold.
 */
const RATIO_MAX = 300
const RATIO_FROM_BYTES = 1024 * 1024
const END_OF_DIRECTORY = 0x06054b50
const ENTRY = 0x02014b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const COMMENT_MAX = 65_535
const DEFLATED = 8

/**
 * Whether a zip archive can be read without harm: the directory is whole, what it declares is
 * within the limits of size and ratio, and no part inflates to more than it declares.
 */
export function whyNotInflate(bytes: Buffer): 'damaged' | 'too_large' | 'too_dense' | null {
  const end = findEnd(bytes)
  if (end === null) return 'damaged'
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (count > ENTRIES_MAX) return 'too_large'
  const entries: Part[] = []
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > bytes.length || bytes.readUInt32LE(at) !== ENTRY) return 'damaged'
    entries.push(partAt(bytes, at))
    at += ENTRY_BYTES + [28, 30, 32].reduce((sum, field) => sum + bytes.readUInt16LE(at + field), 0)
  }
  if (entries.reduce((sum, part) => sum + part.inflated, 0) > INFLATED_MAX_BYTES) return 'too_large'
  if (entries.some(isTooDense)) return 'too_dense'
  return entries.every((part) => keepsItsWord(bytes, part)) ? null : 'damaged'
}

type Part = { method: number; deflated: number; inflated: number; local: number }

function isTooDense({ inflated, deflated }: Part): boolean {
  return inflated > RATIO_FROM_BYTES && inflated > RATIO_MAX * deflated
}

function partAt(bytes: Buffer, at: number): Part {
  return {
    method: bytes.readUInt16LE(at + 10),
    deflated: bytes.readUInt32LE(at + 20),
    inflated: bytes.readUInt32LE(at + 24),
    local: bytes.readUInt32LE(at + 42),
  }
}

function findEnd(bytes: Buffer): number | null {
  const last = bytes.length - END_BYTES
  for (let at = last; at >= Math.max(0, last - COMMENT_MAX); at--) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at
  }
  return null
}

/** The directory may lie, so each part is inflated once with its declared size as the limit. */
function keepsItsWord(bytes: Buffer, part: Part): boolean {
  if (part.method !== DEFLATED) return part.method === 0 && part.inflated === part.deflated
  if (part.local + LOCAL_BYTES > bytes.length) return false
  const from =
    part.local +
    LOCAL_BYTES +
    bytes.readUInt16LE(part.local + 26) +
    bytes.readUInt16LE(part.local + 28)
  try {
    const limit = Math.max(1, part.inflated)
    const content = inflateRawSync(bytes.subarray(from, from + part.deflated), {
      maxOutputLength: limit,
    })
    return content.length === part.inflated
  } catch {
    return false
  }
}
