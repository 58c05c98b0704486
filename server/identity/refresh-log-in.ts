import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { LogIn } from '@yiqi/shared/identity/endpoints-log-in.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Ctx, found, refuse, transact } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { describeLogIn, type LogIns } from './log-ins.ts'

type Refreshed = {
  verdict: 'fresh' | 'repeated' | 'reused' | 'over'
  userId: string
  methods: string[]
  generation: number
}

/** The token before the current one still gets the current one for this long: answers get lost. */
const GRACE_MS = 10_000
/** Without a refresh for this long the log-in is over; for staff much sooner. */
const IDLE_MS = { person: 14 * 24 * 3_600_000, staff: 12 * 3_600_000 } as const

/**
 * A new access token and the next refresh token. The one given stops working; given again later it
 * can only be a stolen copy, or the rightful one after a thief: the whole log-in ends (RFC 9700
 * 4.14.2). Refuses: identity.not_logged_in.
 */
export async function refreshLogIn(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.refreshLogIn>,
  { logIns }: { logIns: LogIns },
): Promise<LogIn> {
  const given = logIns.tokens.readRefreshToken(input.refreshToken ?? '')
  const { logInId, generation } = found(given, 'identity.not_logged_in')
  // One statement by itself: that a log-in ended must stay, though the caller is refused.
  const [row] = await ctx.sql<Refreshed[]>`
    select * from refresh_log_in(${logInId}, ${generation}, ${new Date(Date.now())}, ${GRACE_MS},
      ${IDLE_MS.person}, ${IDLE_MS.staff})`
  const refreshed = found(row, 'identity.not_logged_in')
  if (refreshed.verdict === 'reused') {
    logIns.forget(logInId)
    ctx.log('warn', 'refresh_token_reused', { logInId })
    await record(ctx, 'identity.log_in_revoked', { subjectId: logInId })
  }
  if (refreshed.verdict === 'reused' || refreshed.verdict === 'over')
    refuse('identity.not_logged_in')
  return transact(ctx, (tx) => describeLogIn(tx, logIns, { id: logInId, ...refreshed }))
}
