import { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import { useMembership } from './log-in.ts'
import { useQuery } from './use-query.ts'

const EVERY_MS = 5000

/**
 * How many inbox entries are unread, for the tab's badge; 0 for a visitor. Polled with
 * If-None-Match.
 */
export function useUnread(): number {
  const membership = useMembership()
  const { data } = useQuery(messageEndpoints.getUnread, membership === null ? null : {}, {
    pollMs: EVERY_MS,
  })
  return data?.unread ?? 0
}
