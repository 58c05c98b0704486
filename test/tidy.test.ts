import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '@yiqi/server/kernel/config.ts'
import { allEndpoints } from '@yiqi/shared/kernel/all-endpoints.ts'
import { modules } from '@yiqi/shared/kernel/modules.ts'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

// What docs/style.md says and a program can check.

const LINES_MAX = 400
const FUNCTION_LINES_MAX = 70
const COLUMNS_MAX = 100
const skipped = ['node_modules', 'dist', '.data', '.git', '.swc', 'meta']
const generated = ['client/src/kernel/parts/icons.ts', 'client/src/kernel/parts/icons.scss']
const wordsThatSayNothing =
  'manager service helper helpers util utils common misc data info item handle process order transaction'.split(
    ' ',
  )
/** A table with a row per code: it grows with the product and is read by searching. */
const registers = ['shared/kernel/refusals.ts']

const files = walk('').filter((file) => !generated.includes(file))
const sources = files.filter((file) => /\.(ts|tsx)$/.test(file) && !file.endsWith('.d.ts'))
const isTables = (file: string) => /\/tables[\w-]*\.ts$/.test(file)
const textOf = (file: string) => readFileSync(path.join(repoRoot, file), 'utf8')

describe('imports', () => {
  it('of a module go only to modules before it', () => {
    expect(
      importsOf(sources.filter((file) => /^(server|shared)\//.test(file))).filter(
        ({ file, target }) => {
          const from = moduleOf(file)
          const to = moduleOf(target)
          // Words may be read from anywhere; a contract or a rule only from the left.
          if (from === null || to === null || from === to || target.endsWith('/terms.ts'))
            return false
          if (target.startsWith('shared/') && file.startsWith('server/')) return false
          return modules.indexOf(from) < modules.indexOf(to)
        },
      ),
    ).toEqual([])
  })

  it('never reach into another module’s routes, and into its tables only from tables', () => {
    expect(
      importsOf(sources.filter((file) => file.startsWith('server/'))).filter(({ file, target }) => {
        if (moduleOf(target) === null || moduleOf(file) === moduleOf(target)) return false
        if (target.endsWith('/routes.ts')) return file !== 'server/app.ts'
        return isTables(target) && !isTables(file)
      }),
    ).toEqual([])
  })

  it('of shared stay in shared, and of pages in their module and the kernel', () => {
    const leaving = importsOf(sources).filter(({ file, target }) => {
      if (file.startsWith('shared/')) return !target.startsWith('shared/')
      const page = /^client\/src\/([\w-]+)\//.exec(file)?.[1]
      if (page === undefined || page === 'tabs' || !target.startsWith('client/src/')) return false
      const to = /^client\/src\/([\w-]+)\//.exec(target)?.[1]
      return to !== undefined && to !== page && to !== 'kernel'
    })
    expect(leaving).toEqual([])
  })

  it.each([
    [
      'hono',
      /^hono(\/|$)/,
      ['serve', 'serve-client', 'serve-files', 'address', 'headers'].map(
        (name) => `server/kernel/${name}.ts`,
      ),
    ],
    ['jose', /^jose$/, ['server/identity/tokens.ts']],
    ['postgres', /^postgres$/, ['server/kernel/connect.ts']],
    ['commander', /^commander$/, ['server/admin.ts', 'server/admin-keys.ts']],
    ['@cj-tech-master/excelts', /^@cj-tech-master\/excelts/, ['server/catalogue/read-workbook.ts']],
    ['zod whole', /^zod$/, []],
  ])('keep %s in its one home', (_, library, homes) => {
    const users = packagesOf(sources.filter((file) => !file.startsWith('test/')))
      .filter(({ name }) => library.test(name))
      .map(({ file }) => file)
    expect(users.filter((file) => !(homes as string[]).includes(file))).toEqual([])
  })

  it('of Taro stay in the client', () => {
    const users = packagesOf(sources).filter(({ name }) => name.startsWith('@tarojs/'))
    expect(users.filter(({ file }) => !file.startsWith('client/')).map(({ file }) => file)).toEqual(
      [],
    )
  })
})

describe('the environment and the clock', () => {
  it('is read in one file', () => {
    const allowed = [
      'server/kernel/config.ts',
      'client/config/index.ts',
      'client/src/app.config.ts',
      'client/src/kernel/platform/target.ts',
    ]
    expect(
      matching(/process\.env/, sources).filter(
        (file) => !allowed.includes(file) && !file.startsWith('test/'),
      ),
    ).toEqual([])
  })

  it('is asked for the time only by composition roots', () => {
    const allowed = [
      'server/main.ts',
      'server/admin.ts',
      'server/kernel/log.ts',
      'client/src/kernel/clock.ts',
      'test/tidy.test.ts',
    ]
    expect(
      matching(
        /new Date\(\)|Date\.now\(\)/,
        sources.filter((file) => /^(shared|client\/src)\//.test(file)),
      ).filter((file) => !allowed.includes(file)),
    ).toEqual([])
    expect(
      matching(
        /new Date\(\)/,
        sources.filter((file) => file.startsWith('server/')),
      ).filter((file) => !allowed.includes(file)),
    ).toEqual([])
  })
})

describe('verbs', () => {
  const writes = Object.entries(allEndpoints).flatMap(([module, endpoints]) =>
    Object.entries(endpoints).flatMap(([name, endpoint]) =>
      endpoint.method === 'GET' ? [] : [[module, name] as const],
    ),
  )

  it.each(writes)('%s.%s has its file and its function', (module, name) => {
    const file = `server/${module}/${kebab(name)}.ts`
    expect(existsSync(path.join(repoRoot, file)), file).toBe(true)
    expect(textOf(file)).toMatch(new RegExp(`export (async )?function ${name}\\(`))
  })

  it.each(writes)('%s.%s is promised something by a test', (module, name) => {
    const tests = sources.filter(
      (file) => file.startsWith(`test/${module}/`) || file.startsWith('test/database/'),
    )
    expect(tests.some((file) => new RegExp(`\\b${name}\\b`).test(textOf(file)))).toBe(true)
  })

  it('every table of contents serves what its module declares', () => {
    for (const [module, endpoints] of Object.entries(allEndpoints)) {
      const routes = textOf(`server/${module}/routes.ts`)
      for (const name of Object.keys(endpoints))
        expect(routes, `${module}.${name}`).toMatch(new RegExp(`Endpoints\\.${name}\\b`))
    }
  })
})

describe('names and sizes', () => {
  it('no file is called by a word that says nothing', () => {
    const empty = new RegExp(`(^|[/-])(${wordsThatSayNothing.join('|')})\\.(ts|tsx)$`)
    expect(files.filter((file) => empty.test(file))).toEqual([])
  })

  it('no barrels', () => {
    expect(
      sources.filter((file) => /(^|\/)index\.ts$/.test(file) && !file.startsWith('client/config/')),
    ).toEqual([])
  })

  it(`no file is longer than ${LINES_MAX} lines or wider than ${COLUMNS_MAX} columns`, () => {
    const measured = sources.concat(
      files.filter((file) => /\.(scss|sql)$/.test(file) && !/^drizzle\/\d/.test(file)),
    )
    expect(
      measured.filter(
        (file) => !registers.includes(file) && textOf(file).split('\n').length > LINES_MAX + 1,
      ),
    ).toEqual([])
    const wide = measured.flatMap((file) =>
      textOf(file)
        .split('\n')
        .flatMap((line, i) =>
          columns(line) > COLUMNS_MAX && !/https?:|['"`]/.test(line) ? [`${file}:${i + 1}`] : [],
        ),
    )
    expect(wide).toEqual([])
  })

  it(`no function is longer than ${FUNCTION_LINES_MAX} lines`, () => {
    expect(sources.filter((file) => !file.startsWith('test/')).flatMap(longFunctions)).toEqual([])
  })

  it('no check is switched off and nothing is left for later', () => {
    const shrugs = /@ts-ignore|@ts-nocheck|\bas any\b|\bTODO\b|\bFIXME\b|biome-ignore-all/
    expect(matching(shrugs, sources).filter((file) => file !== 'test/tidy.test.ts')).toEqual([])
    const off = /\b(it|test|describe)\.(only|skip|todo)\(/
    expect(matching(off, sources).filter((file) => file !== 'test/tidy.test.ts')).toEqual([])
  })
})

describe('documents', () => {
  const documents = files.filter((file) => file.endsWith('.md'))

  it('cite only paths that exist', () => {
    const missing = documents.flatMap((file) =>
      [
        ...textOf(file).matchAll(
          /`((?:client|server|shared|drizzle|test|docs|\.ci|\.githooks)\/[\w./@-]*)`/g,
        ),
      ].flatMap(([, cited]) =>
        cited === undefined || existsSync(path.join(repoRoot, cited)) ? [] : [`${file}: ${cited}`],
      ),
    )
    expect(missing).toEqual([])
  })

  it('call a requirement done only with a verb and a test that exist', () => {
    const rows = textOf('docs/requirements.md')
      .split('\n')
      .filter((line) => /^\| R\d\d \|/.test(line))
    expect(rows).toHaveLength(56)
    for (const row of rows) {
      if (!/\| (done|part) \|/.test(row)) continue
      const cited = [...row.matchAll(/`([\w./-]+\.tsx?)`/g)].flatMap(([, file]) => file ?? [])
      expect(
        cited.some((file) => file.startsWith('test/')),
        row,
      ).toBe(true)
      for (const file of cited)
        expect(existsSync(path.join(repoRoot, file)), `${row}: ${file}`).toBe(true)
    }
  })
})

function walk(folder: string): string[] {
  return readdirSync(path.join(repoRoot, folder)).flatMap((name) => {
    const file = folder === '' ? name : `${folder}/${name}`
    if (skipped.includes(name)) return []
    return statSync(path.join(repoRoot, file)).isDirectory() ? walk(file) : [file]
  })
}

function importsOf(of: string[]): { file: string; target: string }[] {
  return packagesOf(of).flatMap(({ file, name }) => {
    if (name.startsWith('.'))
      return [{ file, target: path.posix.join(path.posix.dirname(file), name) }]
    const workspace = /^@yiqi\/(server|shared|client)\/(.+)$/.exec(name)
    return workspace ? [{ file, target: `${workspace[1]}/${workspace[2]}` }] : []
  })
}

function packagesOf(of: string[]): { file: string; name: string }[] {
  return of.flatMap((file) =>
    [
      ...textOf(file).matchAll(
        /(?:^|\n)(?:import|export)[^'"\n]*?(?:from )?['"]([^'"]+)['"]|\n\} from ['"]([^'"]+)['"]/g,
      ),
    ].map((match) => ({ file, name: match[1] ?? match[2] ?? '' })),
  )
}

function moduleOf(file: string): (typeof modules)[number] | null {
  const name = /^(?:server|shared)\/([\w-]+)\//.exec(file)?.[1]
  return modules.find((module) => module === name) ?? null
}

function matching(pattern: RegExp, of: string[]): string[] {
  return of.filter((file) => pattern.test(textOf(file)))
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** By character: what an editor calls the column. */
function columns(line: string): number {
  return Array.from(line).length
}

function longFunctions(file: string): string[] {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2022, true, kind)
  const long: string[] = []
  const visit = (node: ts.Node) => {
    if (
      ts.isFunctionDeclaration(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node)
    ) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line
      const to = source.getLineAndCharacterOfPosition(node.getEnd()).line
      if (to - from + 1 > FUNCTION_LINES_MAX) long.push(`${file}:${from + 1}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return long
}
