import type { FindingCode, Severity } from './findings.ts'
import type { Cell } from './read-sheet.ts'

const HOURS_MAX = 8_784
const WAN_MAX_DIGITS = 7
const FEN_DIGITS_PER_WAN = 6
/** Excel's day 0; its 29 February 1900, which never was, lies before any date we accept. */
const EXCEL_EPOCH_MS = Date.UTC(1899, 11, 30)
const SERIAL_MIN = 10_000
const SERIAL_MAX = 80_000
const DAY_MS = 86_400_000
const YEAR_MIN = 1900

/** 万元 with any decimals as whole fen, by digits and without floating point; or what is wrong. */
export function fenOfWan(text: string): number | FindingCode {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!parts) return 'import.number_invalid'
  const [, sign, whole = '', decimals = ''] = parts
  if (sign === '-') return 'import.number_negative'
  if (whole.length > WAN_MAX_DIGITS) return 'import.number_invalid'
  const digits = decimals.padEnd(FEN_DIGITS_PER_WAN, '0').slice(0, FEN_DIGITS_PER_WAN)
  return Number(whole + digits)
}

/** Hours of one year; a leap year has 8,784. */
export function hoursOf(text: string): number | FindingCode {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return 'import.number_invalid'
  const hours = Number(text)
  if (hours < 0) return 'import.number_negative'
  return hours > HOURS_MAX ? 'import.number_invalid' : hours
}

export type ReadDate = {
  day: string | null
  finding: { code: FindingCode; severity: Severity } | null
}

/** A day that exists, written year first; a bare number of a workbook is Excel's count of days. */
export function dateOfCell(text: string, kind: Cell['kind']): ReadDate {
  if (kind === 'number') return dateOfSerial(Number(text))
  const parts = /^(\d{4})(?:-|\/|\.|年)(\d{1,2})(?:-|\/|\.|月)(\d{1,2})日?$/.exec(text)
  if (!parts) {
    const ambiguous = /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/.test(text)
    return wrong(ambiguous ? 'import.date_ambiguous' : 'import.date_invalid')
  }
  const [, year = '', month = '', date = ''] = parts
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  if (!exists(day)) return wrong('import.date_invalid')
  if (kind === 'date') {
    return { day, finding: { code: 'import.date_serial_converted', severity: 'info' } }
  }
  if (day !== text) return { day, finding: { code: 'import.normalised', severity: 'warning' } }
  return { day, finding: null }
}

function dateOfSerial(serial: number): ReadDate {
  if (!Number.isInteger(serial) || serial < SERIAL_MIN || serial > SERIAL_MAX) {
    return wrong('import.date_invalid')
  }
  const day = new Date(EXCEL_EPOCH_MS + serial * DAY_MS).toISOString().slice(0, 10)
  return { day, finding: { code: 'import.date_serial_converted', severity: 'warning' } }
}

function exists(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00.000Z`)
  if (!Number.isFinite(at) || Number(day.slice(0, 4)) < YEAR_MIN) return false
  return new Date(at).toISOString().slice(0, 10) === day
}

function wrong(code: FindingCode): ReadDate {
  return { day: null, finding: { code, severity: 'error' } }
}
