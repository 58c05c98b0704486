import { readFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '../kernel/config.ts'
import { readTable } from '../kernel/read-table.ts'

/** The national lists an imported instrument is checked against. */
export type Dictionaries = {
  classes: ReadonlySet<string>
  leafClasses: ReadonlySet<string>
  nations: ReadonlySet<string>
  subjects: ReadonlySet<string>
  /** City → the names of its counties, old and new ones, and of its zones. */
  countiesByCity: ReadonlyMap<string, ReadonlySet<string>>
}

export function readDictionaries(
  folder = path.join(repoRoot, 'drizzle', 'reference'),
): Dictionaries {
  const read = (name: string) => readFileSync(path.join(folder, name))
  const classes = readTable(read('classes.csv'), ['code', 'leaf'])
  return {
    classes: new Set(classes.map((row) => row.code)),
    leafClasses: new Set(classes.filter((row) => row.leaf === '是').map((row) => row.code)),
    nations: new Set(readTable(read('nations.csv'), ['name']).map((row) => row.name)),
    subjects: new Set(readTable(read('subjects.csv'), ['name']).map((row) => row.name)),
    countiesByCity: countiesByCity(read('regions-shanxi.csv'), read('regions-shanxi-gb.csv')),
  }
}

/**
 * The platform's list still has names from before 2018; the statistical one has today's and the
 * zones.
 */
function countiesByCity(platform: Buffer, statistical: Buffer): Map<string, Set<string>> {
  const old = readTable(platform, ['level', 'code', 'parent', 'name', 'gb_name'])
  const current = readTable(statistical, ['level', 'code', 'parent', 'name'])
  const counties = new Map<string, Set<string>>()
  for (const rows of [old, current]) {
    const nameByCode = new Map(rows.map((row) => [row.code, withoutBlanks(row.name)]))
    for (const row of rows) {
      if (row.level !== 'county' && row.level !== 'zone') continue
      const city = nameByCode.get(row.parent) ?? ''
      const names = counties.get(city) ?? new Set()
      names.add(withoutBlanks(row.name))
      if ('gb_name' in row && typeof row.gb_name === 'string') names.add(row.gb_name)
      counties.set(city, names)
    }
  }
  return counties
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '')
}
