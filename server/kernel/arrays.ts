import { assert } from '@yiqi/shared/kernel/assert.ts'

/** Element and array types that statements use, by the numbers they have in every PostgreSQL. */
export const arrayTypes: readonly (readonly [element: number, array: number])[] = [
  [16, 1000], // bool
  [19, 1003], // name
  [20, 1016], // int8
  [21, 1005], // int2
  [23, 1007], // int4
  [25, 1009], // text
  [114, 199], // json
  [701, 1022], // float8
  [1043, 1015], // varchar
  [1082, 1182], // date
  [1184, 1185], // timestamptz
  [1700, 1231], // numeric
  [2950, 2951], // uuid
  [3802, 3807], // jsonb
]

/** A one-dimensional array as PostgreSQL reads it, every element quoted. */
export function writeArray(values: unknown, write: (value: unknown) => unknown): string {
  assert(Array.isArray(values), 'an array parameter is an array')
  const one = (value: unknown) =>
    value === null ? 'null' : `"${String(write(value)).replace(/[\\"]/g, '\\$&')}"`
  return `{${values.map(one).join(',')}}`
}

/** A one-dimensional array as PostgreSQL writes it. */
export function readArray(text: string, read: (value: string) => unknown): unknown[] {
  assert(!text.startsWith('{{'), 'an array from the database has one dimension')
  const elements = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs)
  return Array.from(elements, ([, quoted, plain = '']) => {
    if (quoted !== undefined) return read(quoted.replace(/\\(.)/gs, '$1'))
    return plain === 'NULL' ? null : read(plain)
  })
}
