import { readFileSync } from 'node:fs'
import path from 'node:path'
import { repoRoot } from '../kernel/config.ts'
import { readTable } from '../kernel/read-table.ts'

let known: ReadonlyMap<string, string> | null = null

/** The names of the subjects of GB/T 13745 by their codes. */
export function subjects(): ReadonlyMap<string, string> {
  known ??= new Map(
    readTable(readFileSync(path.join(repoRoot, 'drizzle', 'reference', 'subjects.csv')), [
      'code',
      'name',
    ]).map(({ code, name }) => [code, name]),
  )
  return known
}
