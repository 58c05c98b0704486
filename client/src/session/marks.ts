import { segments } from '@yiqi/shared/session/terms.ts'
import { stored } from '../kernel/store.ts'
import type { Mark } from './measured.ts'

type Marks = Record<string, Mark[]>

const SESSIONS_MAX = 5

/**
 * Segment changes tapped on this device, by session: kept before the server is asked, so that no
 * time is lost.
 */
export const marks = stored<Marks>('yiqi.session-marks', (raw) => (isMarks(raw) ? raw : {}))

/** Keeps a mark; the oldest sessions are forgotten. */
export function keepMark(sessionId: string, mark: Mark): void {
  const { [sessionId]: known = [], ...others } = marks.get()
  const kept = Object.entries(others).slice(-(SESSIONS_MAX - 1))
  const fresh = [...known.filter((one) => one.segment !== mark.segment), mark]
  fresh.sort((a, b) => segments.indexOf(a.segment) - segments.indexOf(b.segment))
  marks.set({ ...Object.fromEntries(kept), [sessionId]: fresh })
}

/** The session is over on the server: nothing is kept of it. */
export function forgetMarks(sessionId: string): void {
  const { [sessionId]: _gone, ...others } = marks.get()
  marks.set(others)
}

function isMarks(raw: unknown): raw is Marks {
  return typeof raw === 'object' && raw !== null && Object.values(raw).every(Array.isArray)
}
