import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { serverNow } from '../../kernel/clock.ts'
import { Section } from '../../kernel/parts/card.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { Frame } from '../../kernel/parts/page.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { BookingRow } from './booking-row.tsx'
import { byDay, timeOn } from './day.ts'

const POLL_MS = 10_000
const LIMIT = 100

/** The coming days of a technician's or an institution's instruments. */
export function SchedulePanel() {
  const query = useQuery(
    bookingEndpoints.listBookings,
    { view: 'open', limit: LIMIT },
    { pollMs: POLL_MS },
  )
  const today = dateOf(serverNow())
  return (
    <Frame title="日程" onRefresh={query.refresh}>
      <State
        query={query}
        isEmpty={(data) => byDay(data.rows, today).length === 0}
        empty={<Empty icon="calendar">今后没有预约。企业提交申请后，会按日期排在这里。</Empty>}
      >
        {(data) =>
          byDay(data.rows, today).map((group) => (
            <Section
              key={group.date}
              title={group.label}
              extra={<Tag>{`${group.rows.length} 单`}</Tag>}
            >
              <Grid columns={2}>
                {group.rows.map((booking) => (
                  <BookingRow
                    key={booking.id}
                    booking={booking}
                    party="enterprise"
                    time={timeOn(booking, group.date)}
                  />
                ))}
              </Grid>
            </Section>
          ))
        }
      </State>
    </Frame>
  )
}
