import type { Issue } from '@yiqi/shared/kernel/refusals.ts'

const PARAMETERS_MAX = 50

/**
 * What is wrong with the query of an address: too many parameters, or a name given twice, of which
 * a reader would take the first and another one the last.
 */
export function queryIssues(url: string): Issue[] {
  const at = url.indexOf('?')
  if (at === -1) return []
  const seen = new Set<string>()
  let count = 0
  for (const name of new URLSearchParams(url.slice(at + 1)).keys()) {
    if (++count > PARAMETERS_MAX)
      return [{ path: '', message: `查询参数不能超过 ${PARAMETERS_MAX} 个` }]
    if (seen.has(name)) return [{ path: name, message: '重复给出' }]
    seen.add(name)
  }
  return []
}
