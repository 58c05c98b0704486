import { landingOf } from '@yiqi/client/src/tabs/scan/landing-rules.ts'
import { describe, expect, it } from 'vitest'
import { aBooking } from '../support/booking-fixture.ts'

describe('a scanned instrument', () => {
  const due = aBooking({ id: 'due', actions: ['checkIn', 'cancel'] })
  const running = aBooking({ id: 'running', state: 'running', actions: ['run'] })
  const here = due.instrument.id

  it('means the running session, else the booking that is due, else the instrument itself', () => {
    expect(landingOf(here, [due, running])).toEqual({ kind: 'running', booking: running })
    expect(landingOf(here, [due])).toEqual({ kind: 'due', booking: due })
    expect(landingOf(here, [aBooking({ actions: ['cancel'] })])).toEqual({ kind: 'page' })
  })

  it('has nothing to do with the bookings of other instruments', () => {
    expect(landingOf('another', [due, running])).toEqual({ kind: 'page' })
  })
})
