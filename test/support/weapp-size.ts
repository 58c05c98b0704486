import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { buildWeapp } from '@yiqi/server/kernel/build.ts'

/** What WeChat allows is 2 MB a package and 20 MB in all; ours are tighter. Sizes are on disk. */
const MEGABYTE = 1024 * 1024
const MAIN_MAX = 1.2 * MEGABYTE
const SUBPACKAGE_MAX = 1.8 * MEGABYTE
const TOTAL_MAX = 8 * MEGABYTE

type Line = { name: string; bytes: number; max: number }

// Without a folder: the mini-program of this tree, built first where it is stale.
const folder = path.resolve(process.argv[2] ?? (await buildWeapp()).folder)
const lines = measure(folder)
for (const { name, bytes, max } of lines) {
  const mark = bytes > max ? '  TOO BIG' : ''
  console.log(`${megabytes(bytes)} of ${megabytes(max)} MB  ${name}${mark}`)
}
process.exit(lines.some(({ bytes, max }) => bytes > max) ? 1 : 0)

/** The main package is all that belongs to no subpackage of app.json. */
function measure(root: string): Line[] {
  const appJson = path.join(root, 'app.json')
  if (!existsSync(appJson)) {
    console.error(`no mini-program in ${path.relative(process.cwd(), root)}: run pnpm weapp`)
    process.exit(1)
  }
  const app: unknown = JSON.parse(readFileSync(appJson, 'utf8'))
  const subpackages = subpackageRoots(app).map((name) => {
    return { name, bytes: bytesUnder(path.join(root, name)), max: SUBPACKAGE_MAX }
  })
  const total = bytesUnder(root)
  const main = total - subpackages.reduce((sum, { bytes }) => sum + bytes, 0)
  return [
    { name: 'main package', bytes: main, max: MAIN_MAX },
    ...subpackages,
    { name: 'total', bytes: total, max: TOTAL_MAX },
  ]
}

function subpackageRoots(app: unknown): string[] {
  if (typeof app !== 'object' || app === null) return []
  const list = 'subPackages' in app ? app.subPackages : 'subpackages' in app ? app.subpackages : []
  if (!Array.isArray(list)) return []
  return list.map((each: { root: string }) => each.root.replace(/\/$/, ''))
}

/** Source maps are not uploaded. */
function bytesUnder(directory: string): number {
  if (!existsSync(directory)) return 0
  return readdirSync(directory, { withFileTypes: true }).reduce((sum, entry) => {
    const inside = path.join(directory, entry.name)
    if (entry.isDirectory()) return sum + bytesUnder(inside)
    return entry.name.endsWith('.map') ? sum : sum + statSync(inside).size
  }, 0)
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(2).padStart(5)
}
