import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { assert } from '@yiqi/shared/kernel/assert.ts'

/** One Ed25519 key that signs, or has signed, access tokens. */
export type SigningKey = {
  kid: string
  private: KeyObject
  public: KeyObject
  /** When it was made, and from its turn on when it began to sign. Real time. */
  sinceMs: number
}

/** Three keys at any time: the one that signs, the one before it, and the one to come. */
export type Keyring = {
  signing: () => SigningKey
  /**
   * The public key of a key number, or null; a number that is not known is looked for once more.
   */
  find: (kid: string) => KeyObject | null
  /** Lets the next key sign from now on and makes a new next one; the last one still verifies. */
  rotate: () => void
  /** How long the signing key has signed at most. */
  ageMs: () => number
}

const KEYS = ['previous', 'current', 'next'] as const
const LOOK_AGAIN_MS = 1_000

/**
 * The keys of a file that only its owner reads, made at first use; several processes share it, each
 * reads it anew when it changed. `file` null: keys of this process alone, for tests.
 */
export function makeKeyring({ file }: { file: string | null }): Keyring {
  let keys = file === null ? freshKeys() : readOrMake(file)
  let seenMs = file === null ? 0 : changedMs(file)
  let lookedAt = performance.now()
  const lookAgain = () => {
    if (file === null || performance.now() - lookedAt < LOOK_AGAIN_MS) return
    lookedAt = performance.now()
    if (changedMs(file) === seenMs) return
    keys = readOrMake(file)
    seenMs = changedMs(file)
  }
  return {
    signing: () => {
      lookAgain()
      return at(keys, 'current')
    },
    find: (kid) => {
      const known = () => keys.find((key) => key.kid === kid)?.public ?? null
      if (known() === null) lookAgain()
      return known()
    },
    rotate: () => {
      if (file !== null) keys = readOrMake(file)
      const turn = { ...at(keys, 'next'), sinceMs: Date.now() }
      keys = [at(keys, 'current'), turn, newKey()]
      if (file !== null) write(file, keys)
      if (file !== null) seenMs = changedMs(file)
    },
    ageMs: () => Date.now() - at(keys, 'current').sinceMs,
  }
}

function at(keys: readonly SigningKey[], place: (typeof KEYS)[number]): SigningKey {
  const key = keys[KEYS.indexOf(place)]
  assert(key !== undefined, `the keyring has a ${place} key`)
  return key
}

function freshKeys(): SigningKey[] {
  return KEYS.map(newKey)
}

function newKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  return keyOf(privateKey, Date.now())
}

/** A key is known by the start of its public half's hash. */
function keyOf(privateKey: KeyObject, sinceMs: number): SigningKey {
  const publicKey = createPublicKey(privateKey)
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const kid = createHash('sha256').update(der).digest('base64url').slice(0, 16)
  return { kid, private: privateKey, public: publicKey, sinceMs }
}

function readOrMake(file: string): SigningKey[] {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    write(file, freshKeys())
  }
  const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const keys = Array.isArray(kept) ? kept.filter(isKept) : []
  if (keys.length !== KEYS.length)
    throw new Error(`${file} is damaged: remove it and start again; everybody logs in anew`)
  return keys.map(({ pem, sinceMs }) => keyOf(createPrivateKey(pem), sinceMs))
}

function isKept(value: unknown): value is { pem: string; sinceMs: number } {
  return typeof value === 'object' && value !== null && 'pem' in value && 'sinceMs' in value
}

/** Written aside and renamed, so that nobody reads half of it. */
function write(file: string, keys: readonly SigningKey[]): void {
  const kept = keys.map(({ private: key, sinceMs }) => ({
    pem: key.export({ type: 'pkcs8', format: 'pem' }),
    sinceMs,
  }))
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(kept), { mode: 0o600 })
  renameSync(draft, file)
}

function changedMs(file: string): number {
  return statSync(file).mtimeMs
}
