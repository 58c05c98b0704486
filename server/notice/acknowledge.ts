import { createHash } from 'node:crypto'
import type { NoticeStage } from '@yiqi/shared/notice/terms.ts'
import { allow, type Ctx, found, refuse } from '../kernel/ctx.ts'

/**
 * Signs the agreement of a booking at one stage for the acting person; once per stage.
 * Refuses `notice.not_acknowledged` without a notice, `notice.version_outdated` for another one
 * than was agreed.
 */
export async function acknowledge(
  ctx: Ctx,
  input: { bookingId: string; stage: NoticeStage; noticeId: string | null },
): Promise<void> {
  const { userId, organisationId } = allow(ctx, 'booking.confirmBooking')
  if (input.noticeId === null) refuse('notice.not_acknowledged')
  const [row] = await ctx.sql<{ noticeId: string; hash: string }[]>`
    select notice_id, hash from agreements where booking_id = ${input.bookingId}`
  const agreement = found(row, 'notice.not_acknowledged')
  if (agreement.noticeId !== input.noticeId) refuse('notice.version_outdated')
  const hash = signatureOf({ hash: agreement.hash, userId, stage: input.stage, at: ctx.now() })
  await ctx.sql`
    insert into acknowledgements (booking_id, notice_id, stage, user_id, organisation_id, at, hash)
    values (${input.bookingId}, ${input.noticeId}, ${input.stage}, ${userId}, ${organisationId},
      ${ctx.now()}, ${hash})`
}

/** SHA-256 over the agreement's hash, the person, the stage and the instant. */
export function signatureOf(what: {
  hash: string
  userId: string
  stage: NoticeStage
  at: Date
}): string {
  return createHash('sha256')
    .update([what.hash, what.userId, what.stage, what.at.toISOString()].join('\n'))
    .digest('hex')
}
