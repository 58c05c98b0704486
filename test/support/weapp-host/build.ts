import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { asFields, type Fields } from './types.ts'

/** A built mini-program on disk. */
export type Build = {
  dist: string
  app: Fields
  /** Every page of the main package and the subpackages, in order. */
  pages: string[]
  files: string[]
  text: (file: string) => string
  /** Tag → component path, as the app and the page (or component) declare. */
  using: (owner: string) => Record<string, string>
}

/** Reads a build; throws how to make one when it is not there. */
export function readBuild(dist: string): Build {
  const root = path.resolve(dist)
  if (!existsSync(path.join(root, 'app.json'))) {
    throw new Error(`no mini-program at ${root}: build it first with \`pnpm weapp\``)
  }
  const text = (file: string) => readFileSync(path.join(root, file), 'utf8')
  const app = asFields(JSON.parse(text('app.json')))
  const using = (owner: string) => {
    const file = `${owner}.json`
    const own = existsSync(path.join(root, file)) ? asFields(JSON.parse(text(file))) : {}
    const declared = { ...asFields(app.usingComponents), ...asFields(own.usingComponents) }
    return Object.fromEntries(
      Object.entries(declared).map(([tag, at]) => [tag, resolved(owner, String(at))]),
    )
  }
  return { dist: root, app, pages: pagesOf(app), files: walk(root), text, using }
}

/** A path in the package from another: `./x` beside it, `/x` from the root. */
export function resolved(owner: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1)
  return path.posix.normalize(path.posix.join(path.posix.dirname(owner), target))
}

function pagesOf(app: Fields): string[] {
  const main = (app.pages ?? []) as string[]
  const packages = (app.subPackages ?? app.subpackages ?? []) as { root: string; pages: string[] }[]
  return [
    ...main,
    ...packages.flatMap((one) => one.pages.map((page) => `${one.root.replace(/\/$/, '')}/${page}`)),
  ]
}

function walk(root: string, folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`
    return entry.isDirectory() ? walk(root, name) : [name]
  })
}
