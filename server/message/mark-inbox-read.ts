import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import { allow, type Ctx } from '../kernel/ctx.ts'
import { getUnread } from './queries.ts'

/** Marks entries of the person's own inbox read; without ids, all of them. It leaves no event. */
export async function markInboxRead(
  ctx: Ctx,
  input: InputOf<typeof messageEndpoints.markInboxRead>,
): Promise<OutputOf<typeof messageEndpoints.markInboxRead>> {
  const { userId } = allow(ctx, 'message.markInboxRead')
  await ctx.sql`
    update inbox_entries set read = true where user_id = ${userId} and not read
      and ${input.ids === undefined ? ctx.sql`true` : ctx.sql`id = any (${input.ids})`}`
  return getUnread(ctx)
}
