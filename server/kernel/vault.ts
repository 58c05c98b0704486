import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import { bytesOf, intl, isUnreadable, providerOf, unreadable } from './cipher.ts'
import type { Sql } from './connect.ts'
import { type DataKeys, type Kek, makeDataKeys } from './data-keys.ts'

/** One cell of the database: what its sealed text is bound to. */
export type Cell = {
  column: `${string}.${string}`
  rowId: string
  /** Sealed with this organisation's own key; absent: with the column's. */
  organisationId?: string
}

/** Field encryption in an envelope, blind indexes and keyed hashes (ASVS 5.0.0 11.3, 14.2). */
export type Vault = {
  /**
   * `v1.<provider>.<kid>.<nonce>.<ciphertext and tag>`, the last two in base64url; another text
   * every time. It opens only in the cell it was made for.
   */
  seal: (sql: Sql, cell: Cell, text: string) => Promise<string>
  /**
   * The text. Throws a bug, never a refusal, where it was altered, moved to another cell, or its
   * key is unknown or destroyed; the message holds nothing secret.
   */
  unseal: (sql: Sql, cell: Cell, sealed: string) => Promise<string>
  /**
   * Blind index: the same value gives the same index, nobody without the key can compute it. HMAC
   * of SHA-256 with a key per column, 32 bytes in base64url. Bring the value to one spelling first.
   */
  indexOf: (column: string, normalised: string) => string
  /** Keyed hash of short secrets; one purpose says nothing about another. 32 bytes in base64url. */
  mac: (purpose: string, text: string) => string
  /** See `DataKeys`: for the job that follows a change of keys. */
  renew: DataKeys['renew']
}

const VERSION = 'v1'
const FORM = /^v1\.([a-z]+)\.([A-Za-z0-9_-]{1,22})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/
const HASH_BYTES = 32
const DERIVED_MAX = 1_000

/** The vault over these keys. `keks`: newest first; the first wraps new data keys. */
export function makeVault(options: { keks: readonly Kek[]; indexKey: Buffer }): Vault {
  assert(options.indexKey.length === HASH_BYTES, `the index key has ${HASH_BYTES} bytes`)
  const dataKeys = makeDataKeys(options.keks)
  const keyedHash = makeKeyedHash(options.indexKey)
  return {
    seal: async (sql, cell, text) => {
      const { kid, key } = await dataKeys.inUse(sql, scopeOf(cell))
      const { nonce, box } = intl.seal(key, boundTo(cell), Buffer.from(text, 'utf8'))
      const parts = [nonce.toString('base64url'), box.toString('base64url')]
      return [VERSION, intl.id, kid, ...parts].join('.')
    },
    unseal: (sql, cell, sealed) => namingCell(cell, () => open(dataKeys, sql, cell, sealed)),
    indexOf: (column, normalised) => keyedHash(`index ${column}`, normalised),
    mac: (purpose, text) => keyedHash(`mac ${purpose}`, text),
    renew: dataKeys.renew,
  }
}

/** What has its own data key: a column, or one organisation. */
export function scopeOf({ column, organisationId }: Omit<Cell, 'rowId'>): string {
  return organisationId === undefined ? column : `organisation:${organisationId}`
}

async function open(keys: DataKeys, sql: Sql, cell: Cell, sealed: string): Promise<string> {
  const [, provider = '', kid = '', nonce = '', box = ''] = FORM.exec(sealed) ?? []
  if (kid === '') throw unreadable('it does not have the form of one')
  const { open: opened } = providerOf(provider)
  const parts = { nonce: bytesOf(nonce), box: bytesOf(box) }
  const { key } = await keys.byKid(sql, kid)
  return opened(key, boundTo(cell), parts).toString('utf8')
}

/** The row's id as the database writes a uuid: in lower case, however the caller wrote it. */
function boundTo({ column, rowId }: Cell): string {
  assert(!column.includes('|'), 'a column has no bar in its name')
  return `${column}|${rowId.toLowerCase()}`
}

/** Which cell it was, for the log: ids are no secret. */
async function namingCell<T>(cell: Cell, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUnreadable(error)) throw error
    throw unreadable(`${error.why} (${cell.column} of ${cell.rowId})`, error)
  }
}

/** HMAC under a key derived for each purpose by HKDF (RFC 5869). */
function makeKeyedHash(root: Buffer): (purpose: string, text: string) => string {
  const derived = new Map<string, KeyObject>()
  const keyOf = (purpose: string): KeyObject => {
    const known = derived.get(purpose)
    if (known) return known
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', root, '', purpose, HASH_BYTES)))
    if (derived.size < DERIVED_MAX) derived.set(purpose, key)
    return key
  }
  return (purpose, text) =>
    createHmac('sha256', keyOf(purpose)).update(text, 'utf8').digest('base64url')
}
