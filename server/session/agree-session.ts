import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import type { Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { whyNotAgree } from '@yiqi/shared/session/rules.ts'
import { actorId, allow, type Ctx, refuse } from '../kernel/ctx.ts'
import {
  isEnterprise,
  lockSession,
  type SessionFacts,
  sessionFacts,
  settlementOf,
  toSession,
} from './queries.ts'

/**
 * 双方确认机时: the enterprise agrees to the hours. The voucher is posted at its actual share (a
 * refund programme keeps it earmarked for the claim) and the remainder billed, in one act. Refuses
 * `session.no_such_session`, `session.wrong_state`, `session.above_quote` without consent.
 */
export async function agreeSession(
  ctx: Ctx,
  input: InputOf<typeof sessionEndpoints.agreeSession>,
): Promise<Session> {
  allow(ctx, 'session.agreeSession')
  const facts = await lockSession(ctx, input.id)
  if (!isEnterprise(ctx, facts)) refuse('session.no_such_session')
  if (facts.state !== 'finished') refuse('session.wrong_state')
  refuseIf(whyNotAgree(settlementOf(facts), input.consentAboveQuote))
  await postAgreement(ctx, facts)
  return toSession(ctx, await sessionFacts(ctx, facts.id))
}

/** The agreement itself, whoever or whatever made it. */
export async function postAgreement(ctx: Ctx, facts: SessionFacts): Promise<void> {
  const { totalFen, voucherFen, billFen, price } = settlementOf(facts)
  await ctx.sql`
    select agree_session(${facts.id}, ${totalFen}, ${voucherFen}, ${billFen},
      ${ctx.sql.json(price)},
      ${ctx.now()}, ${actorId(ctx)})`
}
