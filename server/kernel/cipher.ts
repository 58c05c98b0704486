import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

/** What `seal` made: the box is the ciphertext with its tag. */
export type Sealed = { nonce: Buffer; box: Buffer }

/** One kind of authenticated encryption. Its id is in every sealed text: others can come. */
export type Provider = {
  id: string
  keyBytes: number
  nonceBytes: number
  tagBytes: number
  seal: (key: KeyObject, bound: string, plain: Buffer) => Sealed
  /** Throws what `isUnreadable` recognises where anything is not as it was for `seal`. */
  open: (key: KeyObject, bound: string, sealed: Sealed) => Buffer
}

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const UNREADABLE = 'Unreadable'

/**
 * AES-256-GCM of NIST SP 800-38D with a random nonce of 96 bits: at most 2^32 texts under one key.
 */
export const intl: Provider = {
  id: 'intl',
  keyBytes: KEY_BYTES,
  nonceBytes: NONCE_BYTES,
  tagBytes: TAG_BYTES,
  seal: (key, bound, plain) => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(bound, 'utf8'))
    const box = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    return { nonce, box }
  },
  open: (key, bound, { nonce, box }) => {
    if (nonce.length !== NONCE_BYTES || box.length < TAG_BYTES) throw unreadable('it is too short')
    const cipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(bound, 'utf8'))
    cipher.setAuthTag(box.subarray(-TAG_BYTES))
    const plain = cipher.update(box.subarray(0, -TAG_BYTES))
    try {
      return Buffer.concat([plain, cipher.final()])
    } catch {
      throw unreadable('it was altered, moved or sealed with another key')
    }
  },
}

const providers: readonly Provider[] = [intl]

/** The provider of an id; throws what `isUnreadable` recognises where there is none. */
export function providerOf(id: string): Provider {
  const found = providers.find((provider) => provider.id === id)
  if (found === undefined) throw unreadable('its provider is not known')
  return found
}

/** Only what base64url writes: other spellings of the same bytes are refused. */
export function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw unreadable('it was altered')
  return bytes
}

export type Unreadable = Error & { why: string }

/** A bug or an attack, never a refusal: something sealed cannot be opened. No contents in `why`. */
export function unreadable(why: string, cause?: unknown): Unreadable {
  const error = new Error(`a sealed text cannot be read: ${why}`, { cause })
  return Object.assign(error, { name: UNREADABLE, why })
}

export function isUnreadable(error: unknown): error is Unreadable {
  return error instanceof Error && error.name === UNREADABLE && 'why' in error
}
