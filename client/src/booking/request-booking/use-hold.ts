import { useUnload } from '@tarojs/taro'
import type { BookingStep } from '@yiqi/shared/booking/endpoints.ts'
import { useEffect, useRef, useState } from 'react'
import { isRefused, type Refused, refusedFrom } from '../../kernel/refused.ts'
import type { Span, Wanted } from '../request-form.ts'
import { forgetHold, heldSlot, obtainHold, releaseHold } from './hold.ts'

export type Hold = {
  state: 'holding' | 'held' | 'lapsed' | 'refused'
  slot: Span
  booking: BookingStep | null
  refusal: Refused | null
  /** Gives this slot up and holds another. */
  switchTo: (slot: Span) => void
  /** Holds the same slot once more. */
  again: () => void
  /** The countdown ended, or the server said so. */
  lapse: () => void
  /** The request was accepted: leaving must not cancel it. */
  done: () => void
}

type Answer = { booking: BookingStep | null; refusal: Refused | null }
const nothing: Answer = { booking: null, refusal: null }

/**
 * Holds the slot while the sheet is open; leaving the page gives it back. Null: nobody is logged
 * in, nothing is held.
 */
export function useHold(wanted: Omit<Wanted, 'slot'> | null, asked: Span): Hold {
  const [slot, setSlot] = useState<Span>(() => (wanted === null ? null : heldSlot(wanted)) ?? asked)
  const [attempt, setAttempt] = useState(0)
  const [answer, setAnswer] = useState<Answer>(nothing)
  const [lapsed, setLapsed] = useState(false)
  const left = useRef<'no' | 'left' | 'done'>('no')
  const heldId = useRef<string | null>(null)
  const key = wanted === null ? '' : JSON.stringify({ ...wanted, slot, attempt })

  // A hold is a thing of the server's: it is asked for when the slot, the person or the attempt is
  // a new one.
  useEffect(() => {
    if (wanted === null || key === '') return
    let current = true
    setAnswer(nothing)
    setLapsed(false)
    obtainHold({ ...wanted, slot })
      .then((booking) => {
        if (left.current === 'left') void releaseHold(booking.id)
        if (!current) return
        heldId.current = booking.id
        setAnswer({ booking, refusal: null })
      })
      .catch((error: unknown) => {
        if (current)
          setAnswer({ booking: null, refusal: isRefused(error) ? error : refusedFrom(0, null) })
      })
    return () => {
      current = false
    }
    // `key` stands for all that is read above.
  }, [key])
  useUnload(() => {
    if (left.current === 'done') return
    left.current = 'left'
    if (heldId.current !== null) void releaseHold(heldId.current)
  })

  const over = () => {
    heldId.current = null
    forgetHold()
  }
  return {
    state: lapsed ? 'lapsed' : answer.booking ? 'held' : answer.refusal ? 'refused' : 'holding',
    slot,
    ...answer,
    switchTo: setSlot, // the hold that is kept is given back before the new one is asked for
    again: () => {
      over()
      setAttempt((n) => n + 1)
    },
    lapse: () => {
      over()
      setLapsed(true)
    },
    done: () => {
      left.current = 'done'
      over()
    },
  }
}
