import { createHash } from 'node:crypto'
import type { Matter } from '@yiqi/shared/notice/terms.ts'
import { sixMatters } from '@yiqi/shared/notice/terms.ts'
import { type Ctx, refuse } from '../kernel/ctx.ts'
import { acknowledge } from './acknowledge.ts'
import type { NoticeRow } from './queries.ts'

/**
 * Makes the six-matter agreement of a booking from the notice in force and signs it for the
 * enterprise (国科发基〔2017〕289号, article 13). Refuses `notice.not_acknowledged`, and
 * `notice.version_outdated` when another version was read.
 */
export async function signAgreement(
  ctx: Ctx,
  input: {
    bookingId: string
    noticeId: string | null
    notice: NoticeRow
    words: Record<string, string>
  },
): Promise<void> {
  if (input.noticeId === null) refuse('notice.not_acknowledged')
  if (input.noticeId !== input.notice.id) refuse('notice.version_outdated')
  const words = { ...input.words, ownership: input.notice.ownership }
  const matters = Object.fromEntries(
    sixMatters.map((matter) => [matter, fill(input.notice.matters[matter], words)]),
  ) as Record<Matter, string> // sixMatters are all the keys there are
  const hash = createHash('sha256')
    .update(JSON.stringify([input.bookingId, input.notice.hash, matters]))
    .digest('hex')
  await ctx.sql`
    insert into agreements (booking_id, notice_id, matters, hash, created_at)
    values (${input.bookingId}, ${input.notice.id}, ${ctx.sql.json(matters)}, ${hash},
      ${ctx.now()})`
  await acknowledge(ctx, { bookingId: input.bookingId, stage: 'booking', noticeId: input.noticeId })
}

function fill(template: string, words: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? '')
}
