import { Field } from '../../kernel/parts/field.tsx'
import { dayFrom } from './organisation-rules.ts'

export type DayFieldProps = {
  id: string
  label: string
  value: string
  onInput: (value: string) => void
  error?: string | null
  optional?: boolean
}

/** A day as year-month-day; what is no day is said at once. */
export function DayField({ value, error = null, ...field }: DayFieldProps) {
  const wrong = value.trim() === '' || dayFrom(value) !== null ? null : '请按 年-月-日 填写'
  return (
    <Field
      {...field}
      value={value}
      maxLength={12}
      placeholder="2026-12-31"
      error={wrong ?? error}
    />
  )
}
