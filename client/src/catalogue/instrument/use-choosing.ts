import { bookingEndpoints, type Week } from '@yiqi/shared/booking/endpoints.ts'
import { addDays, type DateText, dateOf } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
import type { SlotCell } from '../../kernel/parts/slot-chips.tsx'
import { type Query, useQuery } from '../../kernel/use-query.ts'
import { chooseSlot, firstFreeDay, type Span, stillFree } from '../slot-choice.ts'

/** Days on screen; two more are asked for, so that a slot may run over the end of the strip. */
export const STRIP_DAYS = 7
const ASKED_DAYS = 9
const POLL_MS = 60_000

export type Choosing = {
  week: Query<Week>
  /** The first day of the strip. */
  from: DateText
  today: DateText
  move: (from: DateText) => void
  day: DateText | null
  showDay: (day: DateText) => void
  slot: Span | null
  /** What the last tap could not do. */
  note: string | null
  tap: (cell: SlotCell) => void
}

type Chosen = { slot: Span | null; note: string | null }

/**
 * The week on screen and the slot being chosen in it. A slot that somebody else took meanwhile is
 * let go.
 */
export function useChoosing(id: string | null, params: Partial<Record<string, string>>): Choosing {
  const today = dateOf(serverNow())
  const [from, setFrom] = useState(() => startOf(params, today))
  const [day, setDay] = useState<DateText | null>(() => validDay(params.day))
  const [chosen, setChosen] = useState<Chosen>({ slot: spanOf(params), note: null })
  const week = useQuery(
    bookingEndpoints.getWeek,
    id === null ? null : { instrumentId: id, from, days: ASKED_DAYS },
    { pollMs: POLL_MS },
  )
  const days = week.data?.days ?? []
  const cells = days.flatMap((one) => one.cells)
  const shown = days.slice(0, STRIP_DAYS)
  const visible = day !== null && from <= day && day < addDays(from, STRIP_DAYS)
  const lost = chosen.slot !== null && !stillFree(cells, chosen.slot)
  return {
    week,
    from,
    today,
    move: (next) => setFrom(laterOf(next, today)),
    day: visible ? day : firstFreeDay(shown),
    showDay: setDay,
    slot: lost ? null : chosen.slot,
    note: lost ? '所选时段刚被他人预约，请重新选择' : chosen.note,
    tap: (cell) => {
      if (week.data === null) return
      setDay(dateOf(new Date(cell.startsAt)))
      setChosen(chooseSlot(cells, week.data.terms, lost ? null : chosen.slot, cell))
    },
  }
}

/**
 * The strip begins today, or at the day that was asked for where that lies beyond the first week.
 */
function startOf(params: Partial<Record<string, string>>, today: DateText): DateText {
  const span = spanOf(params)
  const wanted = validDay(params.day) ?? (span === null ? null : dateOf(new Date(span.startsAt)))
  return wanted !== null && wanted >= addDays(today, STRIP_DAYS) ? wanted : today
}

function laterOf(a: DateText, b: DateText): DateText {
  return a.localeCompare(b) < 0 ? b : a
}

function validDay(text: string | undefined): DateText | null {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null
}

/** The slot in the address: where one comes back from log-in. */
function spanOf(params: Partial<Record<string, string>>): Span | null {
  const startsAt = instantOf(params.startsAt)
  const endsAt = instantOf(params.endsAt)
  return startsAt === null || endsAt === null || startsAt >= endsAt ? null : { startsAt, endsAt }
}

function instantOf(text: string | undefined): string | null {
  const at = Date.parse(text ?? '')
  return Number.isFinite(at) ? new Date(at).toISOString() : null
}
