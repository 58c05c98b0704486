import { assert } from '@yiqi/shared/kernel/assert.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { addWorkingDays } from '@yiqi/shared/kernel/working-days.ts'
import { whyNotAgree } from '@yiqi/shared/session/rules.ts'
import { SILENT_AGREEMENT_WORKING_DAYS } from '@yiqi/shared/session/terms.ts'
import { calendarDays } from '../catalogue/facts.ts'
import { type Ctx, transact } from '../kernel/ctx.ts'
import { postAgreement } from './agree-session.ts'
import { sessionsWhere, settlementOf } from './queries.ts'

const PAGE = 100

/**
 * Job: hours that the enterprise left unanswered for three working days count as agreed. What costs
 * more than was quoted waits for the payer's own consent, and a dispute for its adjustment. Answers
 * how many it agreed.
 */
export async function agreeSilentSessions(ctx: Ctx): Promise<number> {
  assert(ctx.actor.kind === 'job', 'silence is agreed by a job')
  let agreed = 0
  let after: Waiting | null = null
  for (;;) {
    const page: Waiting[] = await transact(ctx, async (tx) => {
      const waiting = await waitingAfter(tx, after)
      agreed += await agreeDue(tx, waiting)
      return waiting
    })
    after = page.at(-1) ?? null
    if (page.length < PAGE) return agreed
  }
}

type Waiting = { id: string; finishedAt: Date }

/**
 * A page of unanswered sessions, oldest first; what somebody is answering at this moment is left
 * out.
 */
async function waitingAfter(tx: Ctx, after: Waiting | null): Promise<Waiting[]> {
  return tx.sql<Waiting[]>`
    select id, finished_at from sessions
    where state = 'finished' and finished_at < ${tx.now()}
      and ${after ? tx.sql`(finished_at, id) > (${after.finishedAt}, ${after.id})` : tx.sql`true`}
    order by finished_at, id limit ${PAGE} for no key update skip locked`
}

async function agreeDue(tx: Ctx, waiting: Waiting[]): Promise<number> {
  const first = waiting[0]
  if (!first) return 0
  const today = dateOf(tx.now())
  // What lies after today decides nothing yet.
  const { days: calendar } = await calendarDays(tx, dateOf(first.finishedAt), today)
  const due = waiting.filter(
    ({ finishedAt }) =>
      addWorkingDays(dateOf(finishedAt), SILENT_AGREEMENT_WORKING_DAYS, calendar) < today,
  )
  const sessions = await sessionsWhere(tx, tx.sql`s.id = any (${due.map(({ id }) => id)})`)
  const agreeable = sessions.filter((facts) => whyNotAgree(settlementOf(facts), false) === null)
  for (const facts of agreeable) await postAgreement(tx, facts)
  return agreeable.length
}
