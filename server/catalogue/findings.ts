export type Severity = 'error' | 'warning' | 'info'

/** What a check found in an imported file; a row with an error is not imported. */
export type Finding = {
  /** From 1, header rows included; null: the whole file. */
  row: number | null
  /** From 1; 0: no single column. */
  column: number
  header: string | null
  code: FindingCode
  severity: Severity
  value: string | null
}

export const findingLabels = {
  'import.file_too_large': '文件过大',
  'import.header_mismatch': '列名与国家模板不符',
  'import.column_missing': '缺少模板中的列',
  'import.no_rows': '没有数据行',
  'import.format_mismatch': '文件内容不是 xlsx 或 csv，请另存为 xlsx 或 csv',
  'import.archive_too_large': '解压后过大',
  'import.sheet_too_large': '行数过多或单元格过大',
  'import.delimiter': '分隔符不是逗号',
  'import.encoding_converted': '已转换编码',
  'import.required_missing': '必填项为空',
  'import.number_invalid': '不是有效的数字',
  'import.number_negative': '不得为负',
  'import.date_invalid': '日期不存在或格式不对',
  'import.date_ambiguous': '日期写法有歧义，请写成 2016-01-01',
  'import.date_serial_converted': '已由 Excel 日期序列数换算',
  'import.duplicate_inner_id': '同一单位内部编号重复',
  'import.class_unknown': '仪器分类编码不存在',
  'import.class_not_leaf': '仪器分类编码不是末级',
  'import.region_mismatch': '省、市、区县不相属',
  'import.too_many_disciplines': '学科超过 4 个',
  'import.text_too_long': '超过字数',
  'import.formula_like': '形似公式，按文字保存',
  'import.normalised': '已转半角或去空白',
  'import.customs_field_missing': '海关监管期内须填海关各列',
  'import.enum_invalid': '不在允许的取值内',
  'import.column_count': '列数与表头不符',
  'import.cell_error': '单元格是错误值',
  'import.formula_cell': '单元格是公式，取其结果',
  'import.precision_lost': '编号按数字保存，已丢失精度',
  'import.control_character': '含控制字符',
} as const
export type FindingCode = keyof typeof findingLabels

const EXCERPT_MAX = 60

export function fileFinding(
  code: FindingCode,
  severity: Severity,
  value: string | null = null,
): Finding {
  return { row: null, column: 0, header: null, code, severity, value: excerpt(value) }
}

/** Enough of a value to recognise it. */
export function excerpt(value: string | null): string | null {
  if (value === null) return null
  const characters = Array.from(value.slice(0, EXCERPT_MAX * 2))
  return characters.length > EXCERPT_MAX ? `${characters.slice(0, EXCERPT_MAX).join('')}…` : value
}

export function hasError(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error')
}
