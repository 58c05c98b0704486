import { sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { adjustSession } from './adjust-session.ts'
import { advanceSession } from './advance-session.ts'
import { agreeSession } from './agree-session.ts'
import { checkIn } from './check-in.ts'
import { disputeSession } from './dispute-session.ts'
import { finishSession } from './finish-session.ts'
import { findBookingSession, getSession } from './queries.ts'
import { listToday } from './queries-today.ts'

export function sessionRoutes(app: App): void {
  serve(app, sessionEndpoints.listToday, listToday)
  serve(app, sessionEndpoints.checkIn, checkIn)
  serve(app, sessionEndpoints.getSession, getSession)
  serve(app, sessionEndpoints.findBookingSession, findBookingSession)
  serve(app, sessionEndpoints.advanceSession, advanceSession)
  serve(app, sessionEndpoints.finishSession, finishSession)
  serve(app, sessionEndpoints.agreeSession, agreeSession)
  serve(app, sessionEndpoints.disputeSession, disputeSession)
  serve(app, sessionEndpoints.adjustSession, adjustSession)
}
