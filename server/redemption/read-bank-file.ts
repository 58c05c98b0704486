import { fenFrom } from '@yiqi/shared/kernel/money.ts'
import { type Issue, Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { CsvError, parse } from 'csv-parse/sync'

export type BankLine = {
  row: number
  reference: string
  returnedFen: number
  status: string
  bankReference: string
  raw: string[]
}

const HEADER = ['付款编号', '金额(元)', '状态', '银行流水号']
const REMARK = '附言'
const ROWS_MAX = 5_000
const ISSUES_MAX = 50
const STATUS_MAX = 20
const BANK_REFERENCE_MAX = 60
/** With these words the bank says that nothing arrived, whatever amount stands beside them. */
const NOTHING_ARRIVED = /失败|退汇|退票|退回|拒绝/

/**
 * Reads a bank's return: the header by name, then one line per payment. Rows are numbered as in the
 * file, the header being row 1. Refuses `redemption.file_malformed` with every row that cannot be
 * read.
 */
export function readBankFile(csv: string): BankLine[] {
  const [header, ...rows] = recordsOf(csv)
  const names = (header?.record ?? []).map((name) =>
    name.replaceAll('（', '(').replaceAll('）', ')'),
  )
  const expected = names.length === HEADER.length + 1 ? [...HEADER, REMARK] : HEADER
  if (names.length !== expected.length || names.some((name, i) => name !== expected[i])) {
    throw malformed([{ path: 'row 1', message: `表头应为 ${HEADER.join(',')}[,${REMARK}]` }])
  }
  if (rows.length === 0) throw malformed([{ path: 'row 2', message: '没有数据行' }])
  if (rows.length > ROWS_MAX) throw malformed([{ path: '', message: `超过 ${ROWS_MAX} 行` }])
  const issues: Issue[] = []
  const seen = new Set<string>()
  const lines = rows.flatMap(({ record, row }) => {
    const line = readLine(record, row, expected.length)
    if (typeof line === 'string') issues.push({ path: `row ${row}`, message: line })
    else if (seen.has(`${line.reference} ${line.bankReference}`)) {
      issues.push({ path: `row ${row}`, message: '与上文同一付款编号和流水号重复' })
    } else {
      seen.add(`${line.reference} ${line.bankReference}`)
      return [line]
    }
    return []
  })
  if (issues.length > 0) throw malformed(issues)
  return lines
}

export function malformed(issues: Issue[]): Refusal {
  return new Refusal('redemption.file_malformed', issues.slice(0, ISSUES_MAX))
}

/** The line, or what is wrong with it. */
function readLine(record: string[], row: number, columns: number): BankLine | string {
  if (record.length !== columns) return `应有 ${columns} 列，实有 ${record.length} 列`
  const [reference = '', amount = '', status = '', bankReference = ''] = record
  if (reference === '') return '付款编号为空'
  const fen = fenFrom(amount)
  if (fen === null || fen < 0 || fen > 1e13) return `金额「${amount}」无法识别`
  if (status === '' || status.length > STATUS_MAX) return '状态为空或过长'
  if (bankReference === '' || bankReference.length > BANK_REFERENCE_MAX)
    return '银行流水号为空或过长'
  const returnedFen = NOTHING_ARRIVED.test(status) ? 0 : fen
  return { row, reference, returnedFen, status, bankReference, raw: record }
}

/** The records with the line of the file on which each ends. */
function recordsOf(csv: string): { record: string[]; row: number }[] {
  const records: { record: string[]; row: number }[] = []
  try {
    parse(csv, {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[], { lines }) => {
        records.push({ record, row: lines })
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw malformed([{ path: '', message: '不是有效的 CSV：引号不成对' }])
  }
  return records
}
