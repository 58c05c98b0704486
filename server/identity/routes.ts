import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { type App, serve } from '../kernel/serve.ts'
import { advanceClock } from './advance-clock.ts'
import { makeAttempts } from './attempts.ts'
import { type DeliverCode, deliverToConsole } from './deliver-code.ts'
import { logIn } from './log-in.ts'
import { listDemoRoles, logInAsDemo } from './log-in-as-demo.ts'
import { getClock, getMe, listEnterprises } from './queries.ts'
import { requestCode } from './request-code.ts'
import { switchMembership } from './switch-membership.ts'
import type { Tokens } from './tokens.ts'

/** The verbs that hand out tokens get them here, because a ctx does not know of tokens. */
export function identityRoutes(
  app: App,
  tokens: Tokens,
  deliver: DeliverCode = deliverToConsole,
): void {
  const attempts = makeAttempts()
  serve(app, identityEndpoints.listDemoRoles, listDemoRoles)
  serve(app, identityEndpoints.logInAsDemo, (ctx, input) => logInAsDemo(ctx, input, { tokens }))
  serve(app, identityEndpoints.getClock, getClock)
  serve(app, identityEndpoints.advanceClock, (ctx, input) =>
    advanceClock(ctx, input, { offsetMs: app.world.clock.offsetMs() }),
  )
  serve(app, identityEndpoints.requestCode, (ctx, input) =>
    requestCode(ctx, input, { tokens, deliver }),
  )
  serve(app, identityEndpoints.logIn, (ctx, input) => logIn(ctx, input, { tokens, attempts }))
  serve(app, identityEndpoints.switchMembership, (ctx, input) =>
    switchMembership(ctx, input, { tokens }),
  )
  serve(app, identityEndpoints.getMe, getMe)
  serve(app, identityEndpoints.listEnterprises, listEnterprises)
}
