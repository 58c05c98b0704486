import { type CheckedRow, checkRow } from './check-instrument.ts'
import type { Dictionaries } from './dictionaries.ts'
import { excerpt, type Finding, fileFinding } from './findings.ts'
import type { Cell, Sheet } from './read-sheet.ts'
import { columns, type Field, headerKey } from './template.ts'

export type CheckedSheet = { rows: CheckedRow[]; findings: Finding[] }

const HEADER_WITHIN_ROWS = 10
/** Fewer known headers than this, and it is no row of headers. */
const HEADERS_MIN = 20

/**
 * The data rows of a national table, each checked. Columns are found by the words of their headers,
 * wherever they stand; a file that lacks one is refused as a whole, never read by position.
 */
export function checkSheet(sheet: Sheet, dictionaries: Dictionaries): CheckedSheet {
  if (sheet.findings.some((finding) => finding.severity === 'error')) {
    return { rows: [], findings: sheet.findings }
  }
  const header = findHeader(sheet.rows)
  if (header === null) {
    return { rows: [], findings: [...sheet.findings, mismatch(sheet.rows[1] ?? [])] }
  }
  const missing = columns.filter((column) => !header.placeByField.has(column.field))
  if (missing.length > 0) {
    const found = missing.map((column) => columnMissing(header.row, column))
    return { rows: [], findings: [...sheet.findings, ...found] }
  }
  const rows = sheet.rows.flatMap((cells, index) =>
    index >= header.row && cells.some((cell) => cell.text.trim() !== '')
      ? [checkRow({ row: index + 1, cells, header }, dictionaries)]
      : [],
  )
  const findings = rows.length > 0 ? [] : [fileFinding('import.no_rows', 'error')]
  return { rows, findings: [...sheet.findings, ...findings] }
}

export type Header = {
  /** The row of the column names, from 1. */
  row: number
  width: number
  placeByField: ReadonlyMap<Field, number>
}

function findHeader(rows: readonly Cell[][]): Header | null {
  for (const [index, cells] of rows.slice(0, HEADER_WITHIN_ROWS).entries()) {
    const placeByKey = new Map(cells.map((cell, place) => [headerKey(cell.text), place]))
    const placeByField = new Map<Field, number>()
    for (const column of columns) {
      const place = placeByKey.get(headerKey(column.header))
      if (place !== undefined) placeByField.set(column.field, place)
    }
    if (placeByField.size < HEADERS_MIN) continue
    const width = cells.findLastIndex((cell) => cell.text.trim() !== '') + 1
    return { row: index + 1, width, placeByField }
  }
  return null
}

function mismatch(cells: readonly Cell[]): Finding {
  const place = columns.findIndex(
    (column, i) => headerKey(column.header) !== headerKey(cells[i]?.text ?? ''),
  )
  return {
    row: 2,
    column: place + 1,
    header: columns[place]?.header ?? null,
    code: 'import.header_mismatch',
    severity: 'error',
    value: excerpt(cells[place]?.text ?? ''),
  }
}

function columnMissing(row: number, column: (typeof columns)[number]): Finding {
  return {
    row,
    column: columns.indexOf(column) + 1,
    header: column.header,
    code: 'import.column_missing',
    severity: 'error',
    value: null,
  }
}
