import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'

// Seals of the audit record. What the chains were at one time, signed and kept outside the
// database: whoever rewrites a chain there cannot rewrite what was sealed.

/** The last link of one shard. */
export type Head = { shard: number; seq: number; hash: string }

/** All heads at one time, by shard. `root` is what is signed, short enough to be printed. */
export type Seal = { at: string; heads: Head[]; root: string; kid: string; signature: string }

/** Seals of one origin in the order they were made, and how many lines there were none. */
export type SealBatch = { origin: string; seals: Seal[]; unreadable: number }

export type SealKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject }

const KID_LENGTH = 16

/** SHA-256 over the time and all heads, in a form that depends on nothing else. */
export function rootOf(at: string, heads: readonly Head[]): string {
  const rows = heads.map(({ shard, seq, hash }) => [shard, seq, hash])
  return createHash('sha256')
    .update(JSON.stringify([at, rows]))
    .digest('hex')
}

export function makeSeal(key: SealKey, at: string, heads: Head[]): Seal {
  const root = rootOf(at, heads)
  const signature = sign(null, Buffer.from(root), key.privateKey).toString('base64url')
  return { at, heads, root, kid: key.kid, signature }
}

/** Whether one of these keys signed exactly this. */
export function isSealed(seal: Seal, keys: ReadonlyMap<string, KeyObject>): boolean {
  const key = keys.get(seal.kid)
  if (key === undefined || seal.root !== rootOf(seal.at, seal.heads)) return false
  return verify(null, Buffer.from(seal.root), key, Buffer.from(seal.signature, 'base64url'))
}

/**
 * The Ed25519 key that seals, kept in `file` (PKCS8, mode 0600) and made at the first call. Two
 * processes that ask for the first time at once get the same one.
 */
export function sealKey(file: string): SealKey {
  if (!existsSync(file)) makeKey(file)
  const privateKey = createPrivateKey(readFileSync(file))
  const publicKey = createPublicKey(privateKey)
  return { kid: kidOf(publicKey), privateKey, publicKey }
}

/** The public keys (`*.pem`) beside the seals in `folder`, by the id that seals name them by. */
export function sealKeysIn(folder: string): Map<string, KeyObject> {
  const keys = filesIn(folder, '.pem').map((file) => createPublicKey(readFileSync(file)))
  return new Map(keys.map((key) => [kidOf(key), key]))
}

/** Leaves the public key beside the seals, for whoever checks them with no access to the secret. */
export function showKey(key: SealKey, folder: string): void {
  const file = path.join(folder, `${key.kid}.pem`)
  if (!existsSync(file)) writeFileSync(file, key.publicKey.export({ type: 'spki', format: 'pem' }))
}

/** The seals in `folder`, a day's file at a time. */
export function* sealsIn(folder: string): Generator<SealBatch> {
  for (const file of filesIn(folder, '.jsonl')) {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(readSeal)
    const seals = lines.filter((seal) => seal !== null)
    yield { origin: path.basename(file), seals, unreadable: lines.length - seals.length }
  }
}

/** A seal out of a line of a file or a row of the table; null: it has not the form of one. */
export function readSeal(line: string): Seal | null {
  try {
    const seal: unknown = JSON.parse(line)
    return isSeal(seal) ? seal : null
  } catch {
    return null
  }
}

function isSeal(value: unknown): value is Seal {
  return (
    hasText(value, 'at', 'root', 'kid', 'signature') &&
    'heads' in value &&
    Array.isArray(value.heads) &&
    value.heads.every(isHead)
  )
}

function isHead(value: unknown): value is Head {
  return (
    hasText(value, 'hash') &&
    'shard' in value &&
    Number.isSafeInteger(value.shard) &&
    'seq' in value &&
    Number.isSafeInteger(value.seq)
  )
}

function hasText(value: unknown, ...names: string[]): value is object {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return names.every((name) => typeof fields.get(name) === 'string')
}

function filesIn(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith(ending))
  return names.sort().map((name) => path.join(folder, name))
}

function kidOf(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('hex').slice(0, KID_LENGTH)
}

/** Written aside and linked into place, so no one ever reads half a key. */
function makeKey(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  } finally {
    rmSync(draft)
  }
}
