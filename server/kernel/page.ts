import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'

const LIMIT = 20

/** How many rows to ask for: one more than shown, to know whether there is a next page. */
export function pageLimit(limit: number | undefined): number {
  return limit ?? LIMIT
}

/**
 * The key after which the next page starts; null for the first page. Refuses a cursor we did not
 * write.
 */
export function readCursor(cursor: string | undefined): string[] | null {
  if (cursor === undefined) return null
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.every((part) => typeof part === 'string')) return parts
  } catch {
    // not one of ours: refused below
  }
  throw new Refusal('kernel.cursor_malformed')
}

/** Rows fetched with `limit + 1` become a page; `keyOf` gives the last shown row's sort key. */
export function pageBy<R, T>(
  rows: readonly R[],
  limit: number,
  keyOf: (row: R) => string[],
  show: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last !== undefined
  return {
    rows: shown.map(show),
    nextCursor: more ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null,
  }
}
