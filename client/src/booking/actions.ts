import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import type { Session } from '@yiqi/shared/session/endpoints.ts'

/** A deed the page offers; the first of the list is the primary one. */
export type Deed =
  | 'request'
  | 'approveSpending'
  | 'refuseSpending'
  | 'confirm'
  | 'decline'
  | 'checkIn'
  | 'run'
  | 'agree'
  | 'dispute'
  | 'adjust'
  | 'pay'
  | 'claim'
  | 'cancel'

const beforeSession = [
  'request',
  'approveSpending',
  'refuseSpending',
  'confirm',
  'decline',
  'checkIn',
] as const satisfies readonly Deed[]

/**
 * What the server allows this viewer, in the order of the page. The session knows better than the
 * booking whether hours can be agreed, disputed or corrected; what needs the session's id waits
 * until it is there.
 */
export function deedsOf(booking: Booking, session: Session | null): Deed[] {
  const allowed = booking.actions
  const deeds: Deed[] = beforeSession.filter((deed) => allowed.includes(deed))
  if (session !== null) {
    if (allowed.includes('run')) deeds.push('run')
    for (const deed of ['agree', 'dispute', 'adjust'] as const)
      if (session.actions.includes(deed)) deeds.push(deed)
  }
  if (allowed.includes('pay') && booking.bill !== null) deeds.push('pay')
  if (allowed.includes('claim') && session !== null) deeds.push('claim')
  if (allowed.includes('cancel')) deeds.push('cancel')
  return deeds
}
