import type { Endpoint, InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { Page } from '@yiqi/shared/kernel/schema.ts'
import { useRef, useState } from 'react'
import { call } from './call.ts'
import { isRefused, type Refused, refusedFrom } from './refused.ts'
import { type Query, useQuery } from './use-query.ts'

type RowOf<E> = OutputOf<E> extends { rows: (infer R extends { id: string })[] } ? R : never

/** A list that grows at its end: give `query` to a State, `loadMore` to the page's `onBottom`. */
export type Pages<R> = {
  query: Query<Page<R>>
  loadMore: () => void
  loadingMore: boolean
  /** Why the next page could not be had. */
  moreRefusal: Refused | null
}

type Extra<R> = { key: string; rows: R[]; nextCursor: string | null }

/**
 * Asks a list endpoint page by page. The first page is a `useQuery` and may be polled; it is no
 * longer polled
 * once further pages are shown, so that rows do not slip from one page to another under the
 * reader's eyes.
 */
export function usePages<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E> | null,
  options: { pollMs?: number; keepOld?: boolean } = {},
): Pages<RowOf<E>> {
  const key = JSON.stringify(input)
  const [extra, setExtra] = useState<Extra<RowOf<E>> | null>(null)
  const [loadingMore, setLoadingMore] = useState(false)
  const [moreRefusal, setMoreRefusal] = useState<Refused | null>(null)
  const asking = useRef(false)
  const added = extra !== null && extra.key === key ? extra : null
  const { pollMs, ...rest } = options
  const polled = added === null && pollMs !== undefined ? { ...rest, pollMs } : rest
  const first = useQuery(endpoint, input, polled)
  const data = first.data === null ? null : joined(pageOf<E>(first.data), added)

  const loadMore = async () => {
    const cursor = data?.nextCursor ?? null
    if (cursor === null || input === null || asking.current) return
    asking.current = true
    setLoadingMore(true)
    setMoreRefusal(null)
    try {
      const next = pageOf<E>(await call(endpoint, withCursor(input, cursor)))
      const rows = [...(added?.rows ?? []), ...next.rows]
      setExtra({ key, rows, nextCursor: next.nextCursor })
    } catch (error) {
      setMoreRefusal(isRefused(error) ? error : refusedFrom(0, null))
    } finally {
      asking.current = false
      setLoadingMore(false)
    }
  }
  const refresh = async () => {
    setExtra(null)
    await first.refresh()
  }
  return {
    query: { ...first, data, refresh },
    loadMore: () => void loadMore(),
    loadingMore,
    moreRefusal,
  }
}

function joined<R extends { id: string }>(first: Page<R>, added: Extra<R> | null): Page<R> {
  if (added === null) return first
  const known = new Set(first.rows.map((row) => row.id))
  return {
    rows: [...first.rows, ...added.rows.filter((row) => !known.has(row.id))],
    nextCursor: added.nextCursor,
  }
}

/**
 * Every list endpoint answers a page of rows (`pageOf` in the contract); `RowOf` is never for the
 * others.
 */
function pageOf<E extends Endpoint>(output: OutputOf<E>): Page<RowOf<E>> {
  return output as Page<RowOf<E>>
}

/** Every list endpoint takes a cursor (`pageInput` in the contract). */
function withCursor<I>(input: I, cursor: string): I {
  return { ...input, cursor }
}
