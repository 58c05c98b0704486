import type { Endpoint, InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { useEffect, useRef, useState } from 'react'
import { call, newKey } from '../../kernel/call.ts'
import { serverNow } from '../../kernel/clock.ts'
import { isRefused, type Refused, refusedFrom } from '../../kernel/refused.ts'
import { type Query, useQuery } from '../../kernel/use-query.ts'
import type { Write } from '../../kernel/use-write.ts'

// What is asked and done in the name of another of the person's memberships. Null is the one of the
// log-in, which the kernel's own hooks serve.

/** Asks an endpoint as this membership; a new input or membership is a new question. */
export function useQueryAs<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E> | null,
  actingFor: string | null,
): Query<OutputOf<E>> {
  const own = useQuery(endpoint, actingFor === null ? input : null)
  const other = useAsked(endpoint, actingFor === null ? null : input, actingFor ?? '')
  return actingFor === null ? own : other
}

type Known<T> = { key: string; data: T | null; refusal: Refused | null; refreshedAt: Date | null }

function useAsked<E extends Endpoint>(
  endpoint: E,
  input: InputOf<E> | null,
  actingFor: string,
): Query<OutputOf<E>> {
  const key = input === null ? '' : `${actingFor} ${JSON.stringify(input)}`
  const [known, setKnown] = useState<Known<OutputOf<E>> | null>(null)
  const [refreshing, setRefreshing] = useState(false)
  const latest = useRef({ key, input })
  latest.current = { key, input }
  const refresh = async () => {
    const asked = latest.current
    if (asked.input === null) return
    setRefreshing(true)
    const answer = await answered(call(endpoint, asked.input, { actingFor }))
    if (latest.current.key !== asked.key) return
    setKnown({ key: asked.key, ...answer, refreshedAt: serverNow() })
    setRefreshing(false)
  }
  // The network is outside React: a new question is asked when its key is new.
  useEffect(() => {
    if (key !== '') void refresh()
  }, [key])
  const now = known?.key === key ? known : null
  const { data = null, refusal = null, refreshedAt = null } = now ?? {}
  const state = data !== null ? 'ready' : refusal !== null ? 'refused' : 'loading'
  return { state, data, refusal, refreshedAt, refreshing, refresh }
}

type Answered<T> = { data: T; refusal: null } | { data: null; refusal: Refused }

function answered<T>(asking: Promise<T>): Promise<Answered<T>> {
  return asking.then(
    (data) => ({ data, refusal: null }),
    (error: unknown) => ({
      data: null,
      refusal: isRefused(error) ? error : refusedFrom(0, null),
    }),
  )
}

/**
 * Sends a change once per intent as this membership: taps while it is under way are ignored, and a
 * retry after a lost answer carries the same idempotency key.
 */
export function useWriteAs<E extends Endpoint>(endpoint: E, actingFor: string | null): Write<E> {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refused | null>(null)
  const running = useRef(false)
  const intent = useRef<{ content: string; key: string } | null>(null)
  const run = async (input: InputOf<E>) => {
    if (running.current) return null
    running.current = true
    setBusy(true)
    setRefusal(null)
    const content = `${actingFor} ${JSON.stringify(input)}`
    if (intent.current?.content !== content) intent.current = { content, key: newKey() }
    const { key } = intent.current
    const answer = await answered(
      call(endpoint, input, actingFor === null ? { key } : { key, actingFor }),
    )
    // Only where the outcome is unknown must the key be kept.
    if (answer.refusal === null || isSettled(answer.refusal)) intent.current = null
    setRefusal(answer.refusal)
    running.current = false
    setBusy(false)
    return answer.data
  }
  return { busy, refusal, run, clear: () => setRefusal(null) }
}

function isSettled({ status, code }: Refused): boolean {
  return status > 0 && status < 500 && code !== 'kernel.in_progress'
}
