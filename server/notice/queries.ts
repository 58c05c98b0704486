import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Agreement, Notice, noticeEndpoints } from '@yiqi/shared/notice/endpoints.ts'
import {
  type Matter,
  type NoticeStage,
  type ServiceMode,
  sixMatters,
} from '@yiqi/shared/notice/terms.ts'
import { type Ctx, found, iso } from '../kernel/ctx.ts'

export type NoticeRow = Notice & { matters: Record<Matter, string> }

/** The notice in force today for a service mode. Refuses `notice.no_such_notice`. */
export async function currentNotice(ctx: Ctx, serviceMode: ServiceMode): Promise<NoticeRow> {
  const [row] = await ctx.sql<NoticeRow[]>`
    select id, service_mode, version, title, ownership, clauses, matters, effective_from, hash
    from notices where service_mode = ${serviceMode} and effective_from <= ${dateOf(ctx.now())}
    order by version desc limit 1`
  return found(row, 'notice.no_such_notice')
}

export async function getNotice(
  ctx: Ctx,
  input: InputOf<typeof noticeEndpoints.getNotice>,
): Promise<Notice> {
  const { matters: _, ...notice } = await currentNotice(ctx, input.serviceMode)
  return notice
}

/** The agreement of a booking with its acknowledgements, or null before one was made. */
export async function findAgreement(ctx: Ctx, bookingId: string): Promise<Agreement | null> {
  const [agreement] = await ctx.sql<
    {
      bookingId: string
      noticeId: string
      version: number
      matters: Record<Matter, string>
      hash: string
    }[]
  >`
    select a.booking_id, a.notice_id, n.version, a.matters, a.hash
    from agreements a join notices n on n.id = a.notice_id where a.booking_id = ${bookingId}`
  if (!agreement) return null
  const signed = await ctx.sql<
    { stage: NoticeStage; name: string; organisationName: string; at: Date; hash: string }[]
  >`
    select k.stage, u.name, o.name as organisation_name, k.at, k.hash
    from acknowledgements k join users u on u.id = k.user_id
      join organisations o on o.id = k.organisation_id
    where k.booking_id = ${bookingId} order by k.at`
  return {
    ...agreement,
    matters: sixMatters.map((matter) => ({ matter, text: agreement.matters[matter] })),
    acknowledgements: signed.map((row) => ({ ...row, at: iso(row.at) })),
  }
}
