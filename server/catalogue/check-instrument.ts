import { must } from '@yiqi/shared/kernel/assert.ts'
import type { Header } from './check-sheet.ts'
import { dateOfCell, fenOfWan, hoursOf } from './check-values.ts'
import type { Dictionaries } from './dictionaries.ts'
import { excerpt, type Finding, type FindingCode, hasError, type Severity } from './findings.ts'
import type { Cell } from './read-sheet.ts'
import {
  belongsTypes,
  columns,
  customsFields,
  DISCIPLINES_MAX,
  type Field,
  FUNDS_MAX,
  funds,
  limits,
  PROVINCE,
  requiredFields,
  sources,
} from './template.ts'

/** One instrument as a good row describes it; an empty cell is null. */
export type InstrumentRecord = Readonly<
  Record<TextField, string | null> & {
    innerId: string
    name: string
    classCode: string
    customsSupervised: boolean
    worthFen: number | null
    runningHours: number | null
    externalHours: number | null
    disciplines: string[]
    funds: string[]
    address: string
  }
>

export type CheckedRow = { row: number; findings: Finding[]; record: InstrumentRecord | null }

type TextField = Exclude<
  Field,
  | 'customs'
  | 'worth'
  | 'runningHours'
  | 'externalHours'
  | 'disciplines'
  | 'funds'
  | 'province'
  | 'city'
  | 'county'
  | 'street'
>

type RawRow = { row: number; cells: readonly Cell[]; header: Header }

/** Text of these is brought to half width before it is checked; the others are prose and kept. */
const plainFields: ReadonlySet<Field> = new Set([
  'managementNumber',
  'innerId',
  'classCode',
  'source',
  'customs',
  'worth',
  'accountedOn',
  'nature',
  'runningHours',
  'externalHours',
  'province',
  'city',
  'county',
  'contactPhone',
  'contactEmail',
  'contactPostcode',
  'customsDeclaration',
  'customsItem',
  'customsReleasedOn',
])
const numberFields: ReadonlySet<Field> = new Set(['worth', 'runningHours', 'externalHours'])
const dateFields: ReadonlySet<Field> = new Set(['accountedOn', 'customsReleasedOn'])
const identifierFields: ReadonlySet<Field> = new Set([
  'managementNumber',
  'innerId',
  'contactPhone',
  'customsDeclaration',
])
const DIGITS_EXACT = 15
const CLASS_DIGITS = 6
/** More than this Excel itself does not write; such a cell is not even looked through. */
const CELL_MAX_CHARACTERS = 32_767
const EXCERPT_CHARACTERS = 10

type Note = (field: Field, code: FindingCode, severity: Severity, value?: string | null) => void

/** Checks one row by the template's rules, column by column; pure. */
export function checkRow(raw: RawRow, dictionaries: Dictionaries): CheckedRow {
  const findings: Finding[] = []
  const note: Note = (field, code, severity, value = null) => {
    const place = must(raw.header.placeByField.get(field), field)
    const header = columns.find((column) => column.field === field)?.header ?? null
    const shown = excerpt(value)
    findings.push({ row: raw.row, column: place + 1, header, code, severity, value: shown })
  }
  if (raw.cells.slice(raw.header.width).some((cell) => cell.text.trim() !== '')) {
    note('managementNumber', 'import.column_count', 'error', String(raw.cells.length))
  }
  const cellOf = (field: Field): Cell =>
    raw.cells[must(raw.header.placeByField.get(field), field)] ?? { text: '', kind: 'text' }
  const texts = new Map(
    columns.map(({ field }) => [field, textOf(field, cellOf(field), note)] as const),
  )
  const text = (field: Field): string => texts.get(field) ?? ''
  checkRequired(text, note)
  checkChoices(text, dictionaries, note)
  checkRegion(text, dictionaries, note)
  const record = recordOf(text, (field) => cellOf(field).kind, note)
  return { row: raw.row, findings, record: hasError(findings) ? null : record }
}

/** The text of a cell, cleaned, with what had to be cleaned or cannot be. */
function textOf(field: Field, cell: Cell, note: Note): string {
  if (cell.text.length > CELL_MAX_CHARACTERS) {
    note(field, 'import.text_too_long', 'error', cell.text)
    return cell.text.slice(0, EXCERPT_CHARACTERS)
  }
  if (cell.kind === 'error') note(field, 'import.cell_error', 'error', cell.text)
  if (cell.kind === 'formula') note(field, 'import.formula_cell', 'warning', cell.text)
  if (cell.kind === 'number' && identifierFields.has(field) && isImprecise(cell.text)) {
    note(field, 'import.precision_lost', 'error', cell.text)
  }
  const width = plainFields.has(field) ? cell.text.normalize('NFKC') : cell.text
  const text = width.trim()
  if (text !== cell.text && text !== '') note(field, 'import.normalised', 'warning', cell.text)
  if (hasControlCharacter(text)) note(field, 'import.control_character', 'error')
  if (/^[=@+]/.test(text) || (/^-/.test(text) && !numberFields.has(field))) {
    note(field, 'import.formula_like', 'warning', text)
  }
  const limit = limits[field]
  if (limit !== undefined && text.length > limit && lengthOf(text) > limit) {
    note(field, 'import.text_too_long', 'error', text)
  }
  return text
}

function checkRequired(text: (field: Field) => string, note: Note): void {
  for (const field of requiredFields) {
    if (text(field) === '') note(field, 'import.required_missing', 'error')
  }
  if (text('customs') !== '是') return
  for (const field of customsFields) {
    if (text(field) === '') note(field, 'import.customs_field_missing', 'error')
  }
}

function checkChoices(text: (field: Field) => string, lists: Dictionaries, note: Note): void {
  const oneOf = (field: Field, allowed: (value: string) => boolean): void => {
    const value = text(field)
    if (value !== '' && !allowed(value)) note(field, 'import.enum_invalid', 'error', value)
  }
  oneOf('source', (value) => sources.some((each) => each === value))
  oneOf('customs', (value) => value === '是' || value === '否')
  oneOf('nature', (value) => value === '通用' || value === '专用')
  oneOf('nation', (value) => lists.nations.has(value))
  oneOf('belongsType', (value) => belongsTypes.some((each) => each === value))
  oneOf('disciplines', (value) => split(value).every((each) => lists.subjects.has(each)))
  oneOf('funds', (value) => {
    const named = split(value)
    return (
      named.length <= FUNDS_MAX && named.every((each) => funds.some((allowed) => allowed === each))
    )
  })
  const disciplines = split(text('disciplines')).length
  if (disciplines > DISCIPLINES_MAX) {
    note('disciplines', 'import.too_many_disciplines', 'error', String(disciplines))
  }
  const code = classCodeOf(text('classCode'))
  if (code === '') return
  if (!lists.classes.has(code)) note('classCode', 'import.class_unknown', 'error', code)
  else if (!lists.leafClasses.has(code)) note('classCode', 'import.class_not_leaf', 'error', code)
}

function checkRegion(text: (field: Field) => string, lists: Dictionaries, note: Note): void {
  const [province, city, county] = [text('province'), text('city'), text('county')]
  if (province === '' || city === '' || county === '') return
  const counties = lists.countiesByCity.get(city)
  if (province !== PROVINCE) note('province', 'import.region_mismatch', 'error', province)
  else if (counties === undefined) note('city', 'import.region_mismatch', 'error', city)
  else if (!counties.has(county))
    note('county', 'import.region_mismatch', 'error', `${city}/${county}`)
}

function recordOf(
  text: (field: Field) => string,
  kindOf: (field: Field) => Cell['kind'],
  note: Note,
): InstrumentRecord {
  const orNull = (field: Field): string | null => text(field) || null
  const number = (field: Field, read: typeof fenOfWan): number | null => {
    if (text(field) === '') return null
    const result = read(text(field))
    if (typeof result !== 'string') return result
    note(field, result, 'error', text(field))
    return null
  }
  const date = (field: Field): string | null => {
    if (text(field) === '') return null
    const { day, finding } = dateOfCell(text(field), kindOf(field))
    if (finding !== null) note(field, finding.code, finding.severity, text(field))
    return day
  }
  const prose = columns.map(({ field }) => field).filter((field) => !dateFields.has(field))
  const texts = Object.fromEntries(prose.map((field) => [field, orNull(field)]))
  return {
    ...asTexts(texts),
    innerId: text('innerId'),
    name: text('name'),
    classCode: classCodeOf(text('classCode')),
    customsSupervised: text('customs') === '是',
    accountedOn: date('accountedOn'),
    customsReleasedOn: date('customsReleasedOn'),
    worthFen: number('worth', fenOfWan),
    runningHours: number('runningHours', hoursOf),
    externalHours: number('externalHours', hoursOf),
    disciplines: split(text('disciplines')),
    funds: split(text('funds')),
    address: `${text('province')}${text('city')}${text('county')}${text('street')}`,
  }
}

/** The cast is safe: every column of the template is one of the entries. */
function asTexts(texts: Record<string, string | null>): Record<TextField, string | null> {
  return texts as Record<TextField, string | null>
}

/** Excel drops leading zeros. */
function classCodeOf(text: string): string {
  return /^\d{1,6}$/.test(text) ? text.padStart(CLASS_DIGITS, '0') : text
}

function split(text: string): string[] {
  return text
    .split(/[,，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function isImprecise(text: string): boolean {
  return /e/i.test(text) || text.replace(/\D/g, '').length > DIGITS_EXACT
}

function hasControlCharacter(text: string): boolean {
  return /\p{Cs}|[^\P{Cc}\n\t]/u.test(text)
}

/** In code points, as the template counts. */
function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}
