import { cities } from '@yiqi/shared/identity/terms.ts'
import type { Found } from './use-search.ts'

/** What the chosen city, class and kind are called. */
export function namesOf(found: Found): { city: string; className: string; kind: string } {
  const { search, query } = found
  const cityNames: Readonly<Record<string, string>> = cities
  const className = query.data?.classes.find((one) => one.value === search.classCode)?.label
  const kind = query.data?.rows.find((row) => row.kind === search.kind)?.kindName
  return {
    city: cityNames[search.cityCode] ?? '城市',
    className: className ?? '类别',
    kind: kind ?? '仪器类型',
  }
}
