import { isRefusalCode, refusals } from '@yiqi/shared/kernel/refusals.ts'

/**
 * The Chinese sentence of a refusal code; null for null. A page's own sentence passes through; a
 * code of a newer
 * server is shown as it is.
 */
export function whyNot(code: string | null): string | null {
  if (code === null) return null
  if (isRefusalCode(code)) return refusals[code].zh
  return /^[\w.]+$/.test(code) ? `暂不能进行（${code}）` : code
}
