import type { Endpoint, InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { useCallback, useRef, useState } from 'react'
import { call, newKey } from './call.ts'
import { isRefused, type Refused, refusedFrom } from './refused.ts'

/** One change a person may ask for. */
export type Write<E extends Endpoint> = {
  busy: boolean
  /** Why the last attempt was refused; cleared by the next. */
  refusal: Refused | null
  /** The output, or null when it was refused (see `refusal`) or already under way. */
  run: (input: InputOf<E>) => Promise<OutputOf<E> | null>
  /** Takes the refusal off the screen. */
  clear: () => void
}

/**
 * Sends a change once per intent: taps while it is under way are ignored, and a retry of the same
 * content after a
 * lost answer carries the same idempotency key, so that it cannot happen twice.
 */
export function useWrite<E extends Endpoint>(endpoint: E): Write<E> {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refused | null>(null)
  const running = useRef(false)
  const intent = useRef<{ content: string; key: string } | null>(null)

  const run = useCallback(
    async (input: InputOf<E>) => {
      if (running.current) return null
      running.current = true
      setBusy(true)
      setRefusal(null)
      const content = `${endpoint.method} ${endpoint.path} ${JSON.stringify(input)}`
      if (intent.current?.content !== content) intent.current = { content, key: newKey() }
      try {
        const output = await call(endpoint, input, { key: intent.current.key })
        intent.current = null
        return output
      } catch (error) {
        const refused = isRefused(error) ? error : refusedFrom(0, null)
        // Only where the outcome is unknown must the key be kept; a settled refusal is a settled
        // answer.
        if (!outcomeUnknown(refused)) intent.current = null
        setRefusal(refused)
        return null
      } finally {
        running.current = false
        setBusy(false)
      }
    },
    [endpoint],
  )
  const clear = useCallback(() => setRefusal(null), [])
  return { busy, refusal, run, clear }
}

function outcomeUnknown(refused: Refused): boolean {
  return refused.status === 0 || refused.status >= 500 || refused.code === 'kernel.in_progress'
}
