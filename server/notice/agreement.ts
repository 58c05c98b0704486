import { createHash } from 'node:crypto'
import { type Matter, sixMatters } from '@yiqi/shared/notice/terms.ts'
import { type Member, refuse } from '../kernel/ctx.ts'
import { signatureOf } from './acknowledge.ts'
import type { NoticeRow } from './queries.ts'

export type NoticeInForce = Pick<NoticeRow, 'id' | 'ownership' | 'matters' | 'hash'>

export type SignedAgreement = {
  noticeId: string
  matters: Record<Matter, string>
  /** SHA-256 over booking, notice and matters. */
  hash: string
  /** The acting person's, at the stage `booking`. */
  signature: string
}

/**
 * The six-matter agreement of a booking, made from the notice in force and signed for the
 * enterprise (国科发基〔2017〕289号, article 13); `request_booking` writes it down. Refuses
 * `notice.not_acknowledged`, and `notice.version_outdated` when another version was read.
 */
export function signedAgreement(input: {
  bookingId: string
  /** The notice that was read. */
  noticeId: string | null
  notice: NoticeInForce
  words: Record<string, string>
  by: Member
  at: Date
}): SignedAgreement {
  if (input.noticeId === null) refuse('notice.not_acknowledged')
  if (input.noticeId !== input.notice.id) refuse('notice.version_outdated')
  const words = { ...input.words, ownership: input.notice.ownership }
  const matters = Object.fromEntries(
    sixMatters.map((matter) => [matter, fill(input.notice.matters[matter], words)]),
  ) as Record<Matter, string> // sixMatters are all the keys there are
  const hash = createHash('sha256')
    .update(JSON.stringify([input.bookingId, input.notice.hash, matters]))
    .digest('hex')
  const signature = signatureOf({ hash, userId: input.by.userId, stage: 'booking', at: input.at })
  return { noticeId: input.noticeId, matters, hash, signature }
}

function fill(template: string, words: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? '')
}
