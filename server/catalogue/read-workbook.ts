import type { Cell as ExcelCell, ValueType } from '@cj-tech-master/excelts'
import { fileFinding } from './findings.ts'
import { whyNotInflate } from './read-archive.ts'
import type { Cell, Sheet } from './read-sheet.ts'
import { SHEET } from './template.ts'

export const ROWS_MAX = 20_000
const COLUMNS_MAX = 200

const codeByReason = {
  damaged: 'import.format_mismatch',
  too_large: 'import.archive_too_large',
  too_dense: 'import.sheet_too_large',
} as const

/**
 * The national sheet of an xlsx workbook (else its first) as rows of cells; refused when too large.
 */
export async function readWorkbook(bytes: Buffer): Promise<Sheet> {
  const reason = whyNotInflate(bytes)
  if (reason !== null) {
    return { rows: [], findings: [fileFinding(codeByReason[reason], 'error')] }
  }
  // Three quarters of a second to load, and no other part of the server needs it: only here.
  const { ValueType: kinds, Workbook } = await import('@cj-tech-master/excelts')
  const workbook = new Workbook()
  try {
    await workbook.xlsx.load(bytes)
  } catch {
    return { rows: [], findings: [fileFinding('import.format_mismatch', 'error')] }
  }
  const sheet = workbook.getWorksheet(SHEET) ?? workbook.worksheets[0]
  if (!sheet) return { rows: [], findings: [fileFinding('import.no_rows', 'error')] }
  if (sheet.rowCount > ROWS_MAX) {
    return { rows: [], findings: [fileFinding('import.sheet_too_large', 'error')] }
  }
  const width = Math.min(sheet.columnCount, COLUMNS_MAX)
  const rows = Array.from({ length: sheet.rowCount }, (_, index) => {
    const row = sheet.getRow(index + 1)
    return Array.from({ length: width }, (_, column) => cellOf(row.getCell(column + 1), kinds))
  })
  return { rows, findings: [] }
}

function cellOf(cell: ExcelCell, kinds: typeof ValueType): Cell {
  const { value } = cell
  switch (cell.type) {
    case kinds.Null:
    case kinds.Merge:
      return { text: '', kind: 'text' }
    case kinds.Number:
      return { text: String(value), kind: 'number' }
    case kinds.Date:
      return {
        text: value instanceof Date ? value.toISOString().slice(0, 10) : String(value),
        kind: 'date',
      }
    case kinds.Error:
      return { text: cell.text, kind: 'error' }
    case kinds.Formula:
      return { text: resultText(cell.result), kind: 'formula' }
    default:
      return { text: typeof value === 'string' ? value : cell.text, kind: 'text' }
  }
}

function resultText(result: unknown): string {
  if (result instanceof Date) return result.toISOString().slice(0, 10)
  return typeof result === 'string' || typeof result === 'number' ? String(result) : ''
}
