import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './faults.ts'

/** A disk of our own, small enough to be filled. */
export type SmallDisk = { full: Fault; unmount: () => void }

const MEGABYTES = 1_024
const FULL_MS = 4_000
const CHUNKS = [8_388_608, 65_536, 4_096]

/** Mounts a small disk in memory at `folder`; null where that is not allowed. */
export function mountSmallDisk(folder: string): SmallDisk | null {
  const args = ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'yiqi-faults', folder]
  if (process.getuid?.() !== 0 || spawnSync('mount', args).status !== 0) return null
  const ballast = path.join(folder, 'ballast')
  return {
    full: {
      name: 'disk full',
      inDeck: 1,
      atMost: { times: 1, withinMs: 120_000 },
      inflict: async () => {
        await fill(ballast)
        await sleep(FULL_MS)
        rmSync(ballast)
      },
    },
    unmount: () => {
      rmSync(ballast, { force: true })
      spawnSync('umount', ['--lazy', folder])
    },
  }
}

/** Writes until nothing more goes in, in ever smaller pieces, and lets others work meanwhile. */
async function fill(name: string): Promise<void> {
  const file = await open(name, 'w')
  try {
    for (const bytes of CHUNKS) while (await writeAll(file, Buffer.alloc(bytes)));
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<boolean> {
  try {
    return (await file.write(bytes)).bytesWritten === bytes.length
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false
    throw error
  }
}
