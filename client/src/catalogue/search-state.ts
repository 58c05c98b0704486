import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { FindParams } from '../kernel/site.ts'

/** What is being looked for; '' and false mean "any". */
export type Search = {
  q: string
  kind: string
  cityCode: string
  classCode: string
  free: boolean
  voucher: boolean
}

export const anySearch: Search = {
  q: '',
  kind: '',
  cityCode: '',
  classCode: '',
  free: false,
  voucher: false,
}

/** Reads the page's parameters, decoded; what does not look like its kind is left out. */
export function searchFrom(params: Partial<Record<string, string>>): Search {
  const read = (name: string, pattern: RegExp) => {
    const value = params[name] ?? ''
    return pattern.test(value) ? value : ''
  }
  return {
    q: (params.q ?? '').slice(0, 60),
    kind: read('kind', /^[a-z0-9-]{1,40}$/),
    cityCode: read('cityCode', /^14\d{4}$/),
    classCode: read('classCode', /^\d{2}(\d{2}){0,2}$/),
    free: params.free === '1',
    voucher: params.voucher === '1',
  }
}

/** The other way: what stands in the address. */
export function paramsOf(search: Search): FindParams {
  return {
    q: search.q.trim(),
    kind: search.kind,
    cityCode: search.cityCode,
    classCode: search.classCode,
    free: search.free ? '1' : '',
    voucher: search.voucher ? '1' : '',
  }
}

type ListInput = InputOf<typeof catalogueEndpoints.listInstruments>

/** What the server is asked; free time and vouchers are known only with the offers. */
export function listInput(search: Search, limit: number): ListInput {
  return {
    ...(search.q.trim() === '' ? {} : { q: search.q.trim() }),
    ...(search.kind === '' ? {} : { kind: search.kind }),
    ...(search.cityCode === '' ? {} : { cityCode: search.cityCode }),
    ...(search.classCode === '' ? {} : { classCode: search.classCode }),
    limit,
  }
}

export type Relaxation = { words: string; search: Search }

/** One way out for each condition, the narrowest first: what to try when nothing was found. */
export function relaxations(
  search: Search,
  names: { city: string; className: string; kind: string },
): Relaxation[] {
  const ways: (Relaxation | null)[] = [
    search.free ? { words: '不限本周有空', search: { ...search, free: false } } : null,
    search.voucher ? { words: '不限可用创新券', search: { ...search, voucher: false } } : null,
    search.classCode
      ? { words: `不限${names.className}`, search: { ...search, classCode: '' } }
      : null,
    search.cityCode ? { words: `不限${names.city}`, search: { ...search, cityCode: '' } } : null,
    search.kind ? { words: `不限${names.kind}`, search: { ...search, kind: '' } } : null,
    search.q.trim() ? { words: '清空搜索词', search: { ...search, q: '' } } : null,
  ]
  return ways.filter((way) => way !== null)
}
