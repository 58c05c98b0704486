import { createCipheriv, createDecipheriv } from 'node:crypto'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import { unreadable } from './cipher.ts'

/** Bytes in pieces of any size: a stream, or what is in memory. */
export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** What is encrypted at a time. */
export const CHUNK_BYTES = 64 * 1024
export const FILE_KEY_BYTES = 32

const TAG_BYTES = 16
const NONCE_BYTES = 12
/** Version of the format: another algorithm gets another one. */
const HEADER = Buffer.from('YQF1', 'latin1')
const ALGORITHM = 'aes-256-gcm'
/** What a chunk is bound to beside its number: the format, and whether it is the last one. */
const MORE = Buffer.concat([HEADER, Buffer.of(0)])
const LAST = Buffer.concat([HEADER, Buffer.of(1)])
const TAG = { authTagLength: TAG_BYTES }
const EMPTY = new Uint8Array(0)

/**
 * Encrypts a content under a key of its own: AES-256-GCM (NIST SP 800-38D) in chunks of 64 KiB, the
 * nonce being the chunk's number, each chunk bound to whether it is the last (the STREAM
 * construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). A key must never seal two
 * contents. Adds 4 bytes and 16 for each chunk; an empty content has one.
 */
export async function* sealContent(key: Buffer, content: Pieces): AsyncGenerator<Buffer> {
  yield HEADER
  let number = 0
  for await (const { piece, last } of chunked(content, CHUNK_BYTES)) {
    const cipher = createCipheriv(ALGORITHM, asFileKey(key), nonceOf(number), TAG)
    cipher.setAAD(last ? LAST : MORE)
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
    number++
  }
}

/**
 * The content again, chunk by chunk as far as it is whole: gives out nothing that was not sealed at
 * this place under this key. Throws what `isUnreadable` recognises where a bit was changed, chunks
 * were cut off, reordered, repeated or come from another file; then what came before is not the
 * whole content.
 */
export async function* openContent(key: Buffer, sealed: Pieces): AsyncGenerator<Buffer> {
  let number = 0
  for await (const { piece, last } of chunked(afterHeader(sealed), CHUNK_BYTES + TAG_BYTES)) {
    yield openChunk(key, piece, { number, last })
    number++
  }
}

function openChunk(
  key: Buffer,
  sealed: Uint8Array,
  { number, last }: { number: number; last: boolean },
): Buffer {
  if (sealed.length < TAG_BYTES) throw unreadable('a file is cut off')
  const decipher = createDecipheriv(ALGORITHM, asFileKey(key), nonceOf(number), TAG)
  decipher.setAAD(last ? LAST : MORE)
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(0, -TAG_BYTES))
  try {
    decipher.final()
  } catch {
    throw unreadable(`a file was altered or cut off (chunk ${number})`)
  }
  return plain
}

/** The same bytes in pieces of one size; only the last one may be shorter, and says that it is. */
async function* chunked(
  pieces: Pieces,
  size: number,
): AsyncGenerator<{ piece: Uint8Array; last: boolean }> {
  let rest: Uint8Array = EMPTY
  for await (const piece of pieces) {
    rest = rest.length === 0 ? piece : joined(rest, piece)
    while (rest.length > size) {
      yield { piece: rest.subarray(0, size), last: false }
      rest = rest.subarray(size)
    }
  }
  yield { piece: rest, last: true }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

async function* afterHeader(sealed: Pieces): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = EMPTY
  for await (const piece of sealed) {
    if (head === null) {
      yield piece
      continue
    }
    head = joined(head, piece)
    if (head.length < HEADER.length) continue
    if (!HEADER.equals(head.subarray(0, HEADER.length)))
      throw unreadable('a file has not the form of one')
    yield head.subarray(HEADER.length)
    head = null
  }
  if (head !== null) throw unreadable('a file is cut off')
}

/** Its number; 2^32 chunks are 256 TiB. */
function nonceOf(number: number): Buffer {
  assert(number < 2 ** 32, 'a file has fewer chunks than there are nonces')
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeUInt32BE(number, NONCE_BYTES - 4)
  return nonce
}

function asFileKey(key: Buffer): Buffer {
  assert(key.length === FILE_KEY_BYTES, `a file's key has ${FILE_KEY_BYTES} bytes`)
  return key
}
