import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Purpose } from '@yiqi/server/kernel/file-reading.ts'
import { type FileStore, makeFileStore } from '@yiqi/server/kernel/file-store.ts'
import type { Scanner } from '@yiqi/server/kernel/virus-scanner.ts'
import { testVault } from './vault.ts'

export type TestStore = FileStore & {
  dir: string
  /** The names of all contents on disk, drafts as well. */
  onDisk: () => string[]
  drop: () => void
}

/** A store below a folder of its own. Drop it in `afterAll`. */
export function newStore(
  options: {
    scanner?: Scanner | null
    quota?: { files: number; bytes: number }
    dir?: string
  } = {},
): TestStore {
  const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), 'yiqi-files-'))
  const { scanner = null, quota } = options
  const store = makeFileStore({ dir, scanner, vault: testVault, ...(quota ? { quota } : {}) })
  return {
    ...store,
    dir,
    onDisk: () =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name),
    drop: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** What anybody of the owner's organisation may read; anything of it may be set otherwise. */
export function purposeOf(name: string, other: Partial<Purpose> = {}): Purpose {
  return {
    name,
    types: ['pdf', 'png', 'jpeg', 'webp', 'xlsx', 'csv', 'txt'],
    maxBytes: 20 * 1024 * 1024,
    protected: false,
    mayRead: async ({ actor }, file) =>
      actor.kind === 'member' && actor.organisationId === file.organisationId,
    ...other,
  }
}
