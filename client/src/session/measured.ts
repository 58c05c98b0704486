import { MINUTE_MS } from '@yiqi/shared/kernel/time.ts'
import type { Session } from '@yiqi/shared/session/endpoints.ts'
import {
  effectiveMinutes,
  type SegmentMinutes,
  type SegmentStart,
} from '@yiqi/shared/session/rules.ts'
import { type Segment, segments } from '@yiqi/shared/session/terms.ts'

// The clock of a running session. Pure.

/** A segment change that was tapped here, kept on this device first. */
export type Mark = { segment: Segment; at: string }

/** What the server knows, and after it the marks it has not heard of. */
export function startsOf(
  session: Pick<Session, 'segments'>,
  marks: readonly Mark[],
): SegmentStart[] {
  const known = session.segments.map((one) => ({
    segment: one.segment,
    startsAt: new Date(one.startsAt),
  }))
  const unsent = unsentMarks(session, marks).map((mark) => ({
    segment: mark.segment,
    startsAt: new Date(mark.at),
  }))
  return [...known, ...unsent]
}

/** Marks the server has not got yet, in order. */
export function unsentMarks(session: Pick<Session, 'segments'>, marks: readonly Mark[]): Mark[] {
  const reached = Math.max(-1, ...session.segments.map((one) => segments.indexOf(one.segment)))
  return marks.filter((mark) => segments.indexOf(mark.segment) > reached)
}

/** Whole minutes that passed, to the started one: what the three segments may not exceed. */
export function passedMinutes(startsAt: Date, now: Date): number {
  return Math.max(1, Math.ceil((now.getTime() - startsAt.getTime()) / MINUTE_MS))
}

/** By how much one segment may still grow. */
export function maxOf(segment: Segment, minutes: SegmentMinutes, passed: number): number {
  return Math.max(minutes[segment], passed - (effectiveMinutes(minutes) - minutes[segment]))
}

/** Each segment's part of the whole, in percent; equal thirds before anything was measured. */
export function partsOf(
  minutes: SegmentMinutes,
): { segment: Segment; minutes: number; percent: number }[] {
  const all = effectiveMinutes(minutes)
  return segments.map((segment) => ({
    segment,
    minutes: minutes[segment],
    percent: all === 0 ? 100 / segments.length : (minutes[segment] / all) * 100,
  }))
}

/** 1.50 h: how machine time is written. */
export function hoursText(minutes: number): string {
  return `${(minutes / 60).toFixed(2)} h`
}
