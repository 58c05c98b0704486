import { isRefusalCode, refusals } from '@yiqi/shared/kernel/refusals.ts'

/** The Chinese sentence of a refusal code; null for null. A code of a newer server is shown as it is. */
export function whyNot(code: string | null): string | null {
  if (code === null) return null
  return isRefusalCode(code) ? refusals[code].zh : `暂不能进行（${code}）`
}
