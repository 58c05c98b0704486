import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { LogInChannel } from '@yiqi/shared/identity/terms.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, iso } from '../kernel/ctx.ts'
import { pageBy, pageLimit, readCursor } from '../kernel/page.ts'

type Row = {
  id: string
  device: string
  channel: LogInChannel
  address: string | null
  createdAt: Date
  seenAt: Date
}

/** 我的设备: the person's log-ins that have not ended, the latest first. */
export async function listLogIns(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.listLogIns>,
): Promise<OutputOf<typeof identityEndpoints.listLogIns>> {
  const { userId, logInId } = allowPerson(ctx)
  const limit = pageLimit(input.limit)
  const [before] = readCursor(input.cursor) ?? []
  const rows = await ctx.sql<Row[]>`
    select id, device, channel, address, created_at, seen_at from log_ins
    where user_id = ${userId} and revoked_at is null and expires_at > ${new Date(Date.now())}
      and (${before ?? null}::uuid is null or id < ${before ?? null}::uuid)
    order by id desc limit ${limit + 1}`
  return pageBy(
    rows,
    limit,
    (row) => [row.id],
    (row) => ({
      ...row,
      createdAt: iso(row.createdAt),
      seenAt: iso(row.seenAt),
      current: row.id === logInId,
    }),
  )
}
