import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import type { Pieces } from './file-cipher.ts'

/** Contents on disk by a random name; what they are, and whose, only the database knows. */
export type Contents = {
  /** Keeps a content, on disk for certain when this fulfils; answers its name. */
  write: (pieces: Pieces) => Promise<string>
  /** Throws ENOENT where it is gone. Closes the file when the reader ends early, too. */
  read: (name: string) => AsyncIterable<Uint8Array>
  /** Nothing to remove is fine. */
  remove: (name: string) => Promise<void>
  /** The folders that contents lie in. */
  shelves: () => Promise<string[]>
  /** What lies in one of them, drafts as well, with its age in real time. */
  onShelf: (shelf: string) => Promise<{ name: string; ageMs: number }[]>
}

const NAME_BYTES = 16
const READ_BYTES = 256 * 1024
const SHELF = /^[0-9a-f]{2}$/
const NAME = /^[0-9a-f]{32}(\.draft)?$/

/** The contents below `dir`, in folders by the first two characters of their names. */
export function makeContents(dir: string): Contents {
  const pathOf = (name: string) => {
    assert(NAME.test(name), 'a content has the name it was given')
    return path.join(dir, name.slice(0, 2), name)
  }
  return {
    write: async (pieces) => {
      const name = randomBytes(NAME_BYTES).toString('hex')
      const file = pathOf(name)
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
      await writeWhole(file, pieces)
      return name
    },
    read: (name) => createReadStream(pathOf(name), { highWaterMark: READ_BYTES }),
    remove: (name) => rm(pathOf(name), { force: true }),
    shelves: async () => (await names(dir)).filter((name) => SHELF.test(name)),
    onShelf: async (shelf) => {
      const found = (await names(path.join(dir, shelf))).filter((name) => NAME.test(name))
      const aged = found.map(async (name) => ({ name, ageMs: await ageOf(pathOf(name)) }))
      return (await Promise.all(aged)).filter(({ ageMs }) => ageMs >= 0)
    },
  }
}

/** Written aside, flushed and renamed: under its name there is never half a content. */
async function writeWhole(file: string, pieces: Pieces): Promise<void> {
  const draft = `${file}.draft`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      for await (const piece of pieces) await writeAll(handle, piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await flushFolder(path.dirname(file))
}

async function writeAll(
  handle: Awaited<ReturnType<typeof open>>,
  piece: Uint8Array,
): Promise<void> {
  for (let at = 0; at < piece.length; )
    at += (await handle.write(piece, at, piece.length - at)).bytesWritten
}

/** The name, too, must outlive a loss of power. Windows has no such call and needs none. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

/** Negative: it went meanwhile. */
async function ageOf(file: string): Promise<number> {
  try {
    // Real time: that of the file system.
    return Math.max(0, Date.now() - (await stat(file)).mtimeMs)
  } catch (error) {
    if (isGone(error)) return -1
    throw error
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
