import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { messageEndpoints } from '@yiqi/shared/message/endpoints.ts'
import { useState } from 'react'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Frame } from '../../kernel/parts/page.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { BookingRow } from './booking-row.tsx'
import { ListEnd } from './list-end.tsx'

const POLL_MS = 8000

const views = [
  { value: 'open', label: '进行中' },
  { value: 'past', label: '已结束' },
] as const
type View = (typeof views)[number]['value']

/** The enterprise's bookings: what goes on, and what is over. */
export function BookingsPanel({ onTab }: { onTab: (id: string) => void }) {
  const [view, setView] = useState<View>('open')
  const pages = usePages(bookingEndpoints.listBookings, { view }, { pollMs: POLL_MS })
  const unread = useUnreadBookings()
  return (
    <Frame
      title="预约"
      top={
        <Segmented
          id="bookings-view"
          label="哪些预约"
          options={views}
          value={view}
          onChange={setView}
        />
      }
      onBottom={pages.loadMore}
      onRefresh={pages.query.refresh}
    >
      <State
        query={pages.query}
        isEmpty={(data) => data.rows.length === 0}
        empty={<NoBookings view={view} onTab={onTab} />}
      >
        {(data) => (
          <Grid columns={2}>
            {data.rows.map((booking) => (
              <BookingRow
                key={booking.id}
                booking={booking}
                party="institution"
                unread={unread.has(booking.id)}
                onChanged={() => void pages.query.refresh()}
              />
            ))}
          </Grid>
        )}
      </State>
      <ListEnd pages={pages} all="已全部显示" />
    </Frame>
  )
}

function NoBookings({ view, onTab }: { view: View; onTab: (id: string) => void }) {
  if (view === 'past')
    return (
      <Empty icon="history">还没有结束的预约。服务完成后，机时、账单和引用声明都留在这里。</Empty>
    )
  return (
    <Empty icon="calendar-clock" action={{ words: '找仪器', onTap: () => onTab('home') }}>
      还没有进行中的预约。选一台仪器，点空闲时段就能约。
    </Empty>
  )
}

/** Bookings with an unread entry in the inbox. */
function useUnreadBookings(): Set<string> {
  const inbox = useQuery(messageEndpoints.listInbox, { limit: 100 }, { pollMs: POLL_MS })
  const unread = (inbox.data?.rows ?? []).filter((entry) => !entry.read)
  return new Set(unread.flatMap((entry) => (entry.bookingId === null ? [] : [entry.bookingId])))
}
