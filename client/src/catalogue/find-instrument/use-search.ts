import { useDidShow } from '@tarojs/taro'
import { catalogueEndpoints, type InstrumentCard } from '@yiqi/shared/catalogue/endpoints.ts'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { useEffect, useRef, useState } from 'react'
import { call } from '../../kernel/call.ts'
import { keepInAddress } from '../../kernel/platform/window.ts'
import { isRefused, type Refused } from '../../kernel/refused.ts'
import { paths } from '../../kernel/site.ts'
import { type Query, useQuery } from '../../kernel/use-query.ts'
import { listInput, paramsOf, type Search } from '../search-state.ts'

const PAGE_ROWS = 20
const TYPING_MS = 300

type ListOutput = OutputOf<typeof catalogueEndpoints.listInstruments>
type More = { of: string; rows: InstrumentCard[]; next: string | null }

export type Found = {
  search: Search
  /** What the server has been asked: the search without the keys typed a moment ago. */
  asked: Search
  change: (search: Search) => void
  /** Stops waiting for more keys. */
  searchNow: () => void
  query: Query<ListOutput>
  /** The pages after the first. */
  more: readonly InstrumentCard[]
  hasMore: boolean
  loading: boolean
  moreRefusal: Refused | null
  loadMore: () => void
}

/**
 * The search of the page: kept in the address, asked when typing pauses, continued page by page.
 */
export function useSearch(first: Search): Found {
  const [search, setSearch] = useState(first)
  const asked = useSettled(search)
  const input = listInput(asked.value, PAGE_ROWS)
  const query = useQuery(catalogueEndpoints.listInstruments, input, { keepOld: true })
  const pages = useMore(input, query.data)
  const address = paths.catalogue.findInstrument(paramsOf(asked.value))
  useAddress(address)
  return { search, asked: asked.value, change: setSearch, searchNow: asked.settle, query, ...pages }
}

/**
 * A value that follows the one typed once it has stood still; everything but the words follows at
 * once.
 */
function useSettled(search: Search): { value: Search; settle: () => void } {
  const [q, setQ] = useState(search.q)
  // Typing happens in time, outside React.
  useEffect(() => {
    const timer = setTimeout(() => setQ(search.q), search.q === '' ? 0 : TYPING_MS)
    return () => clearTimeout(timer)
  }, [search.q])
  return { value: { ...search, q }, settle: () => setQ(search.q) }
}

function useMore(input: ReturnType<typeof listInput>, first: ListOutput | null) {
  const of = JSON.stringify(input)
  const [more, setMore] = useState<More>({ of: '', rows: [], next: null })
  const [moreRefusal, setRefusal] = useState<Refused | null>(null)
  const [loading, setLoading] = useState(false)
  const running = useRef('')
  const known: More = more.of === of ? more : { of, rows: [], next: first?.nextCursor ?? null }
  const loadMore = async () => {
    if (known.next === null || running.current === of) return
    running.current = of
    setLoading(true)
    setRefusal(null)
    try {
      const page = await call(catalogueEndpoints.listInstruments, { ...input, cursor: known.next })
      setMore({ of, rows: [...known.rows, ...page.rows], next: page.nextCursor })
    } catch (error) {
      if (!isRefused(error)) throw error
      setRefusal(error)
    } finally {
      running.current = ''
      setLoading(false)
    }
  }
  return {
    more: known.rows,
    hasMore: known.next !== null,
    loading,
    moreRefusal,
    loadMore: () => void loadMore(),
  }
}

/** Keeps the search in the address while this page is in front. */
function useAddress(address: string): void {
  const shown = useRef(true)
  // The address line is outside React.
  useEffect(() => {
    if (shown.current) keepInAddress(address)
  }, [address])
  useDidShow(() => keepInAddress(address))
}
