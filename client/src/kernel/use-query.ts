import { useDidHide, useDidShow } from '@tarojs/taro'
import type { Endpoint, InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { callIfNew } from './call.ts'
import { serverNow } from './clock.ts'
import { whoAsks } from './log-in.ts'
import { documentHidden } from './platform/target.ts'
import { isRefused, type Refused, refusedFrom } from './refused.ts'
import { useShown } from './shown.ts'

/** What a page knows about one question to the server. Old data stays while it is asked again. */
export type Query<T> = {
  state: 'loading' | 'refused' | 'ready'
  data: T | null
  /** Why the last asking failed; may stand beside old `data`. */
  refusal: Refused | null
  /** When `data` was last known to be true, by the server's clock. */
  refreshedAt: Date | null
  refreshing: boolean
  refresh: () => Promise<void>
}

type Known<T> = { data: T | null; refusal: Refused | null; refreshedAt: Date | null; key: string }

const unknownYet = { data: null, refusal: null, refreshedAt: null }

/**
 * Asks an endpoint, and asks again when the input changes, when the page is shown again and every
 * `pollMs` while
 * it is visible (with If-None-Match, so an unchanged answer costs a header). `input` null: nothing
 * is asked yet.
 * `keepOld`: the answer to the last input stays on screen until the new one is there (lists; never
 * prices).
 */
export function useQuery<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E> | null,
  options: { pollMs?: number; keepOld?: boolean } = {},
): Query<OutputOf<E>> {
  // A log-in change makes it another question.
  const key = input === null ? '' : `${endpoint.path} ${JSON.stringify(input)} ${whoAsks()}`
  const [known, setKnown] = useState<Known<OutputOf<E>>>({ ...unknownYet, key: '' })
  const [refreshing, setRefreshing] = useState(false)
  const latest = useRef({ key, input, etag: null as string | null, asking: '' })
  if (latest.current.key !== key) latest.current = { key, input, etag: null, asking: '' }

  const refresh = useCallback(async () => {
    const asked = latest.current
    if (asked.input === null || asked.asking === asked.key) return
    asked.asking = asked.key
    setRefreshing(true)
    try {
      const fresh = await callIfNew(endpoint, asked.input, asked.etag)
      if (latest.current !== asked) return
      if (fresh !== null) asked.etag = fresh.etag
      setKnown((old) => ({
        data: fresh === null ? old.data : fresh.data,
        refusal: null,
        refreshedAt: serverNow(),
        key: asked.key,
      }))
    } catch (error) {
      if (latest.current !== asked) return
      const refusal = isRefused(error) ? error : refusedFrom(0, null)
      setKnown((old) => ({
        ...(old.key === asked.key ? old : unknownYet),
        refusal,
        key: asked.key,
      }))
    } finally {
      asked.asking = ''
      if (latest.current === asked) setRefreshing(false)
    }
  }, [endpoint])

  // The network is outside React: a new question is asked when its key is new.
  useEffect(() => {
    if (key !== '') void refresh()
  }, [key, refresh])
  useVisiblePoll(refresh, options.pollMs ?? null)

  const fits = known.key === key || (options.keepOld === true && key !== '')
  const data = fits ? known.data : null
  const refusal = known.key === key ? known.refusal : null
  const state = data !== null ? 'ready' : refusal !== null ? 'refused' : 'loading'
  return { state, data, refusal, refreshedAt: fits ? known.refreshedAt : null, refreshing, refresh }
}

/**
 * Calls back when the page or its tab comes to the front again, and every `everyMs` while it is
 * there.
 */
function useVisiblePoll(callback: () => Promise<void>, everyMs: number | null): void {
  const shown = useRef(true)
  const first = useRef(true)
  const inFront = useShown()
  const behind = useRef(false)
  useDidShow(() => {
    shown.current = true
    if (!first.current && !behind.current) void callback()
    first.current = false
  })
  useDidHide(() => {
    shown.current = false
  })
  // A timer is outside React.
  useEffect(() => {
    first.current = false
    if (inFront && behind.current) void callback()
    behind.current = !inFront
    if (!inFront || everyMs === null) return
    const timer = setInterval(() => {
      if (shown.current && !documentHidden()) void callback()
    }, everyMs)
    return () => clearInterval(timer)
  }, [callback, everyMs, inFront])
}
