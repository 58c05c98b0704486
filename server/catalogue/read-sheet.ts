import { type Finding, fileFinding } from './findings.ts'
import { readCsv } from './read-csv.ts'
import { readWorkbook } from './read-workbook.ts'

export type Cell = { text: string; kind: 'text' | 'number' | 'date' | 'error' | 'formula' }

/** The rows of a table as they stand, headers included. */
export type Sheet = { rows: Cell[][]; findings: Finding[] }

export type UploadedFile = { name: string; bytes: Buffer }

const FILE_MAX_BYTES = 20 * 1024 * 1024

/** Reads a table by what it is, not by what it is called; what cannot be read is a finding. */
export async function readSheet(file: UploadedFile): Promise<Sheet> {
  const { bytes } = file
  if (bytes.length > FILE_MAX_BYTES) return refused('import.file_too_large')
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return readWorkbook(bytes)
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) return refused('import.format_mismatch', 'xls')
  if (/\.xlsx$/i.test(file.name)) return refused('import.format_mismatch')
  return readCsv(bytes)
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}

function refused(
  code: 'import.file_too_large' | 'import.format_mismatch',
  value: string | null = null,
): Sheet {
  return { rows: [], findings: [fileFinding(code, 'error', value)] }
}
