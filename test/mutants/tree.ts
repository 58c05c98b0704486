import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { assert } from '@yiqi/shared/kernel/assert.ts'
import type { Mutant } from './mutants.ts'

const PACKAGES = ['client', 'server', 'shared']

/** What git would keep, in a folder of its own, with links to the installed libraries. */
export function copyTree(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], {
    cwd: repoRoot,
    encoding: 'utf8',
  })
  for (const file of listed.split('\0')) {
    const from = path.join(repoRoot, file)
    // Listed, and deleted since.
    if (file === '' || !existsSync(from) || !statSync(from).isFile()) continue
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    copyFileSync(from, path.join(folder, file))
  }
  linkLibraries(path.join(repoRoot, 'node_modules'), path.join(folder, 'node_modules'))
  for (const name of PACKAGES) {
    const links = path.join(repoRoot, name, 'node_modules')
    const isOwn = (from: string) => path.basename(from) !== '.cache'
    cpSync(links, path.join(folder, name, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: isOwn,
    })
  }
}

/** Every library as it is; the workspace's own packages are those of the copy. */
function linkLibraries(from: string, to: string): void {
  mkdirSync(path.join(to, '@yiqi'), { recursive: true })
  for (const name of PACKAGES) symlinkSync(`../../${name}`, path.join(to, '@yiqi', name))
  for (const name of readdirSync(from)) {
    if (name === '@yiqi' || name.startsWith('.vite')) continue
    symlinkSync(path.join(from, name), path.join(to, name))
  }
}

/** The text with its guard broken; the place must be there, once. */
export function mutate(text: string, { name, find, replace }: Mutant): string {
  const [before, after, ...more] = text.split(find)
  assert(
    before !== undefined && after !== undefined && more.length === 0,
    `${name}: what it breaks is found once`,
  )
  return before + replace + after
}

/** Runs `work` while the guard is broken in this tree. */
export async function whileBroken<T>(
  folder: string,
  mutant: Mutant,
  work: () => Promise<T>,
): Promise<T> {
  const file = path.join(folder, mutant.file)
  const whole = readFileSync(file, 'utf8')
  writeFileSync(file, mutate(whole, mutant))
  try {
    return await work()
  } finally {
    writeFileSync(file, whole)
  }
}
