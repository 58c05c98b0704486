import { CsvError } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import { csvRecords } from '../kernel/read-table.ts'
import { type Finding, fileFinding } from './findings.ts'
import type { Sheet } from './read-sheet.ts'

/**
 * A CSV file as rows of text: UTF-8 with or without BOM, UTF-16 with BOM, else GB18030 (what
 * Chinese Excel writes). Records are counted, not lines: a line break inside a cell is kept, as LF.
 */
export function readCsv(bytes: Buffer): Sheet {
  const { text, encoding } = decode(bytes)
  const findings: Finding[] =
    encoding === 'utf-8' ? [] : [fileFinding('import.encoding_converted', 'warning', encoding)]
  const firstLine = text.slice(0, 4000).split('\n')[1] ?? ''
  if (!firstLine.includes(',') && /[;\t，]/.test(firstLine)) {
    return { rows: [], findings: [...findings, fileFinding('import.delimiter', 'error')] }
  }
  const records = parse(text)
  if (records === null) {
    return { rows: [], findings: [...findings, fileFinding('import.format_mismatch', 'error')] }
  }
  const rows = records.map((record) =>
    record.map((cell) => ({ text: cell.replace(/\r\n?/g, '\n'), kind: 'text' as const })),
  )
  return { rows, findings }
}

/** Null: quotes that do not close, which no table has. */
function parse(text: string): string[][] | null {
  try {
    return csvRecords(text)
  } catch (error) {
    if (error instanceof CsvError) return null
    throw error
  }
}

function decode(bytes: Buffer): { text: string; encoding: string } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: iconv.decode(bytes, 'utf-16le'), encoding: 'utf-16' }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: iconv.decode(bytes, 'gb18030'), encoding: 'gb18030' }
  }
}
