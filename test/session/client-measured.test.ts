import {
  hoursText,
  maxOf,
  partsOf,
  passedMinutes,
  startsOf,
  unsentMarks,
} from '@yiqi/client/src/session/measured.ts'
import { minutesOf } from '@yiqi/shared/session/rules.ts'
import { describe, expect, it } from 'vitest'

const at = (clock: string) => `2026-11-24T${clock}:00.000Z`
const session = { segments: [{ segment: 'preparation' as const, startsAt: at('06:00') }] }

describe('the clock of a running session', () => {
  it('counts a segment that was tapped without a network from the tap on', () => {
    const starts = startsOf(session, [{ segment: 'testing', at: at('06:15') }])
    expect(minutesOf(starts, new Date(at('07:00')))).toEqual({
      preparation: 15,
      testing: 45,
      post_processing: 0,
    })
  })

  it('forgets a mark that the server has got', () => {
    const marks = [{ segment: 'testing' as const, at: at('06:15') }]
    const heard = {
      segments: [...session.segments, { segment: 'testing' as const, startsAt: at('06:16') }],
    }
    expect(unsentMarks(session, marks)).toEqual(marks)
    expect(unsentMarks(heard, marks)).toEqual([])
    expect(startsOf(heard, marks)).toHaveLength(2)
  })

  it('lets no segment grow beyond the time that passed', () => {
    const minutes = { preparation: 15, testing: 40, post_processing: 0 }
    const passed = passedMinutes(new Date(at('06:00')), new Date(at('07:00')))
    expect(passed).toBe(60)
    expect(maxOf('testing', minutes, passed)).toBe(45)
    expect(maxOf('post_processing', minutes, passed)).toBe(5)
  })

  it('shares the bar by minutes, and evenly before any', () => {
    expect(
      partsOf({ preparation: 15, testing: 45, post_processing: 0 }).map((part) => part.percent),
    ).toEqual([25, 75, 0])
    expect(partsOf({ preparation: 0, testing: 0, post_processing: 0 })[0]?.percent).toBeCloseTo(
      33.3,
      1,
    )
  })

  it('writes machine time with two decimals', () => {
    expect(hoursText(181)).toBe('3.02 h')
  })
})
