import { assert } from '@yiqi/shared/kernel/assert.ts'
import { parse } from 'csv-parse/sync'

/**
 * The rows of a CSV file with one header row (UTF-8, with or without BOM), as the columns asked
 * for. A file without one of them is none of ours; columns that nobody asked for are left out.
 */
export function readTable<K extends string>(
  content: Buffer | string,
  columns: readonly K[],
): Record<K, string>[] {
  const [header = [], ...rows] = csvRecords(content)
  const places = columns.map((name) => {
    const place = header.indexOf(name)
    assert(place >= 0, `the file has a column ${name}`)
    return [name, place] as const
  })
  return rows.map((row) => fromPlaces(places, row))
}

/** Every record of a CSV text, cell by cell; records may differ in length. */
export function csvRecords(content: Buffer | string): string[][] {
  const records: unknown = parse(content, { bom: true, relax_column_count: true })
  assert(isTable(records), 'csv-parse gives rows of text')
  return records
}

/** The cast is safe: each of K is one of the places. */
function fromPlaces<K extends string>(
  places: readonly (readonly [K, number])[],
  row: readonly string[],
): Record<K, string> {
  const pairs = places.map(([name, place]) => [name, row[place] ?? ''] as const)
  return Object.fromEntries(pairs) as Record<K, string>
}

function isTable(value: unknown): value is string[][] {
  return Array.isArray(value) && value.every((row) => Array.isArray(row))
}
