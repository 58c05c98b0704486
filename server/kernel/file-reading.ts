import { must } from '@yiqi/shared/kernel/assert.ts'
import type { FileType } from '@yiqi/shared/kernel/files.ts'
import { bytesOf } from './cipher.ts'
import { type Ctx, found, refuse } from './ctx.ts'
import { openContent } from './file-cipher.ts'
import type { Contents } from './file-contents.ts'
import { type FileFacts, type FileRow, fileById } from './file-rows.ts'
import type { Cell, Vault } from './vault.ts'
import type { Scanner } from './virus-scanner.ts'

/** What files are brought for, and who may read them: said by the module they are for. */
export type Purpose = {
  name: string
  types: readonly FileType[]
  maxBytes: number
  /** Its links work once, and each opening is in the audit record. */
  protected: boolean
  /** Absent: whoever is logged in may bring one. */
  mayKeep?: (ctx: Ctx) => Promise<boolean>
  /** Asked when a link is made and again when it is used, then with the one it was made for. */
  mayRead: (ctx: Ctx, file: FileFacts) => Promise<boolean>
}

/** What the parts of the store work with. */
export type Store = {
  contents: Contents
  scanner: Scanner | null
  vault: Vault
  purposes: ReadonlyMap<string, Purpose>
}

/** A file on its way out. Its content ends with a fault where it is not whole. */
export type Opened = {
  name: string
  type: FileType
  bytes: number
  content: AsyncGenerator<Buffer>
}

/**
 * The file, if it is there, whole, and the purpose lets this person read it. Refuses
 * kernel.no_such_file, kernel.file_quarantined.
 */
export async function readable(ctx: Ctx, store: Store, fileId: string): Promise<FileRow> {
  const row = found(await fileById(ctx, fileId), 'kernel.no_such_file')
  if (row.deletedAt !== null || row.state === 'refused') refuse('kernel.no_such_file')
  const purpose = must(store.purposes.get(row.purpose), `the purpose ${row.purpose}`)
  if (!(await purpose.mayRead(ctx, factsOf(row)))) refuse('kernel.no_such_file')
  if (row.state === 'quarantined') refuse('kernel.file_quarantined')
  return row
}

/** Its name, and its content as it comes; the first chunk is read already, so that faults show. */
export async function open(ctx: Ctx, store: Store, row: FileRow): Promise<Opened> {
  const cell = { rowId: row.id }
  const name = await store.vault.unseal(ctx.sql, { ...cell, column: 'files.name' }, row.name)
  const chunks = await contentOf(ctx, store, row)
  const first = await chunks.next()
  const content = (async function* () {
    try {
      if (first.value) yield first.value
      yield* chunks
    } finally {
      await chunks.return(undefined)
    }
  })()
  return { name, type: row.type, bytes: row.bytes, content }
}

/** The content in chunks; a file shorter or longer than its row says is unreadable at its end. */
export async function contentOf(
  ctx: Ctx,
  { vault, contents }: Store,
  row: Pick<FileRow, 'id' | 'key' | 'storedAs'>,
): Promise<AsyncGenerator<Buffer>> {
  const sealed = must(row.key, 'the key of a file that is kept')
  const key = bytesOf(await vault.unseal(ctx.sql, keyCell(row.id), sealed))
  return openContent(key, contents.read(row.storedAs))
}

/** The cell that a file's key is sealed in. */
export function keyCell(rowId: string): Cell {
  return { column: 'files.key', rowId }
}

function factsOf(row: FileRow): FileFacts {
  const { name: _, storedAs, key, deletedAt, ...facts } = row
  return facts
}
