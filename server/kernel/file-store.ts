import { createHash, randomBytes } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { assert, must } from '@yiqi/shared/kernel/assert.ts'
import type { FileScan, FileState, KeptFile } from '@yiqi/shared/kernel/files.ts'
import { checkFile } from './check-file.ts'
import { type Ctx, refuse, transact } from './ctx.ts'
import { record } from './events.ts'
import { FILE_KEY_BYTES, sealContent } from './file-cipher.ts'
import { makeContents } from './file-contents.ts'
import { type LinkMade, linkTo, openLink } from './file-links.ts'
import { cleanFileName } from './file-names.ts'
import { keyCell, type Opened, open, type Purpose, readable, type Store } from './file-reading.ts'
import { checkQuota, type FileRow, forgetFile, insertFile, type Quota } from './file-rows.ts'
import { deleteExpiredFiles, findOrphans, type Orphans, scanQuarantined } from './file-upkeep.ts'
import type { Vault } from './vault.ts'
import type { Scanner } from './virus-scanner.ts'

export type FileInput = {
  ownerId: string
  organisationId: string | null
  purpose: string
  name: string
  bytes: Uint8Array
  /** The content type that the sender gave. */
  declared?: string | null
  /** Deleted from then on. */
  deleteOn?: Date | null
}

/** A file whose content is on disk and whose row is not there yet. */
export type Prepared = { row: FileRow & { deleteOn: Date | null }; kept: KeptFile }

export type FileStore = {
  registerPurpose: (purpose: Purpose) => void
  purpose: (name: string) => Purpose | null
  /** The most that any purpose takes. */
  maxBytes: () => number
  /**
   * Checks, scans, encrypts and keeps a file; joins the transaction of `ctx`. The answer says
   * whether it is `clean`: another may not be used for anything. `refused` is one with a virus; of
   * it only the row is kept. Refuses kernel.file_too_large, kernel.file_quota and what `checkFile`
   * refuses. Rolled back, it leaves a content that the upkeep removes.
   */
  keepFile: (ctx: Ctx, input: FileInput) => Promise<KeptFile>
  /** The two halves of `keepFile`: the long one, best outside a transaction, and the row. */
  prepareFile: (ctx: Ctx, input: FileInput) => Promise<Prepared>
  insertPrepared: (ctx: Ctx, prepared: Prepared) => Promise<KeptFile>
  /** Removes the content of a prepared file whose row will certainly not come. */
  dropPrepared: (prepared: Prepared) => Promise<void>
  /** The whole content inside the server, for whom `mayRead` allows. Refuses kernel.no_such_file. */
  readFile: (ctx: Ctx, fileId: string) => Promise<Opened>
  linkTo: (ctx: Ctx, input: { fileId: string; once?: boolean }) => Promise<LinkMade>
  openLink: (ctx: Ctx, code: string) => Promise<Opened>
  /**
   * Destroys the file's key at once and its content with the next upkeep: a transaction that is
   * rolled back has lost nothing. Whether the person may is asked before. Refuses
   * kernel.no_such_file.
   */
  deleteFile: (ctx: Ctx, fileId: string) => Promise<void>
  deleteExpiredFiles: (ctx: Ctx) => Promise<number>
  scanQuarantined: (ctx: Ctx) => Promise<number>
  findOrphans: (ctx: Ctx) => Promise<Orphans>
}

const MB = 1024 * 1024
const QUOTA: Quota = { files: 500, bytes: 5 * 1024 * MB }
const HASH_PART_BYTES = MB

/**
 * The store of the files people bring, with contents below `dir`. Without a scanner files are taken
 * unscanned, and say so; while it does not answer they stay in quarantine.
 */
export function makeFileStore(options: {
  dir: string
  scanner: Scanner | null
  vault: Vault
  /** Of an organisation; 500 files and 5 GB unless said otherwise. */
  quota?: Quota
}): FileStore {
  const { scanner, vault, quota = QUOTA } = options
  const purposes = new Map<string, Purpose>()
  const store: Store = { contents: makeContents(options.dir), scanner, vault, purposes }
  const prepareFile = (ctx: Ctx, input: FileInput) => prepare(ctx, store, { ...input, quota })
  const insertPrepared = (ctx: Ctx, prepared: Prepared) => insert(ctx, prepared, quota)
  return {
    registerPurpose: (purpose) => {
      assert(!purposes.has(purpose.name), `the purpose ${purpose.name} is registered once`)
      purposes.set(purpose.name, purpose)
    },
    purpose: (name) => purposes.get(name) ?? null,
    maxBytes: () => Math.max(0, ...[...purposes.values()].map(({ maxBytes }) => maxBytes)),
    keepFile: async (ctx, input) => insertPrepared(ctx, await prepareFile(ctx, input)),
    prepareFile,
    insertPrepared,
    dropPrepared: async ({ row }) => {
      if (row.storedAs !== '') await store.contents.remove(row.storedAs)
    },
    readFile: async (ctx, fileId) => open(ctx, store, await readable(ctx, store, fileId)),
    linkTo: (ctx, input) => linkTo(ctx, store, input),
    openLink: (ctx, code) => openLink(ctx, store, code),
    deleteFile: (ctx, fileId) => remove(ctx, fileId),
    deleteExpiredFiles: (ctx) => deleteExpiredFiles(ctx, store),
    scanQuarantined: (ctx) => scanQuarantined(ctx, store),
    findOrphans: (ctx) => findOrphans(ctx, store),
  }
}

async function prepare(
  ctx: Ctx,
  store: Store,
  input: FileInput & { quota: Quota },
): Promise<Prepared> {
  const purpose = store.purposes.get(input.purpose)
  assert(purpose !== undefined, `the purpose ${input.purpose} is registered`)
  if (purpose.mayKeep && !(await purpose.mayKeep(ctx))) refuse('identity.role_missing')
  const brought = asBuffer(input.bytes)
  if (brought.length > purpose.maxBytes) refuse('kernel.file_too_large')
  await checkQuota(ctx, input, { quota: input.quota, bytes: brought.length })
  const name = cleanFileName(input.name)
  const { type, bytes } = await checkFile(
    { name, declared: input.declared ?? null, bytes: brought },
    purpose.types,
  )
  const { state, scan } = await scanned(ctx, store, bytes)
  const id = await newId(ctx)
  const sealed = await store.vault.seal(ctx.sql, { column: 'files.name', rowId: id }, name)
  const content =
    state === 'refused' ? { storedAs: '', key: null } : await write(ctx, store, { id, bytes })
  const { ownerId, organisationId, deleteOn = null } = input
  const sha256 = await sha256Of(bytes)
  const kept = { id, name, type, bytes: bytes.length, sha256, state, scan }
  const rest = { createdAt: ctx.now(), deletedAt: null, deleteOn }
  const row = { ...kept, ...content, ...rest, ownerId, organisationId, purpose: purpose.name }
  return { kept, row: { ...row, name: sealed } }
}

/** What is kept is what is scanned: pictures without their metadata. */
async function scanned(
  ctx: Ctx,
  { scanner }: Store,
  bytes: Buffer,
): Promise<{ state: FileState; scan: FileScan }> {
  if (scanner === null) return { state: 'clean', scan: 'none' }
  const verdict = await scanner([bytes])
  switch (verdict.kind) {
    case 'clean':
      return { state: 'clean', scan: 'clean' }
    case 'found':
      ctx.log('warn', 'file_infected', { requestId: ctx.requestId, virus: verdict.virus })
      return { state: 'refused', scan: 'infected' }
    case 'unanswered':
      ctx.log('error', 'scanner_unanswered', { why: verdict.why })
      return { state: 'quarantined', scan: 'waiting' }
  }
}

async function write(
  ctx: Ctx,
  { vault, contents }: Store,
  { id, bytes }: { id: string; bytes: Buffer },
): Promise<{ storedAs: string; key: string }> {
  const key = randomBytes(FILE_KEY_BYTES)
  const sealed = await vault.seal(ctx.sql, keyCell(id), key.toString('base64url'))
  return { storedAs: await contents.write(sealContent(key, [bytes])), key: sealed }
}

async function insert(ctx: Ctx, { row, kept }: Prepared, quota: Quota): Promise<KeptFile> {
  await transact(ctx, async (tx) => {
    await insertFile(tx, row, quota)
    const detail = { purpose: row.purpose, state: row.state, scan: row.scan, bytes: row.bytes }
    await record(tx, 'file.kept', { subjectId: row.id, detail })
  })
  return kept
}

async function remove(ctx: Ctx, fileId: string): Promise<void> {
  await transact(ctx, async (tx) => {
    if (!(await forgetFile(tx, fileId))) refuse('kernel.no_such_file')
    await record(tx, 'file.deleted', { subjectId: fileId })
  })
}

/** SHA-256 in hexadecimal; lets others work between megabytes. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += HASH_PART_BYTES) {
    hash.update(bytes.subarray(at, at + HASH_PART_BYTES))
    await breathe()
  }
  return hash.digest('hex')
}

async function newId(ctx: Ctx): Promise<string> {
  const [fresh] = await ctx.sql<{ id: string }[]>`select new_id() as id`
  return must(fresh, 'an id').id
}

/** The same memory. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
