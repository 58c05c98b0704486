import { View } from '@tarojs/components'
import { type Booking, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { type Session, sessionEndpoints } from '@yiqi/shared/session/endpoints.ts'
import { type ReactNode, useState } from 'react'
import { useRole } from '../../kernel/log-in.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { State } from '../../kernel/parts/state.tsx'
import { Timeline } from '../../kernel/parts/timeline.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { useParams } from '../../kernel/use-params.ts'
import { type Query, useQuery } from '../../kernel/use-query.ts'
import { AgreementCard } from '../parts/agreement-card.tsx'
import { Alternatives } from '../parts/alternatives.tsx'
import { Composer, Conversation, type Thread, useThread } from '../parts/conversation.tsx'
import { Deeds } from '../parts/deeds.tsx'
import { HeadCard, WorkCard } from '../parts/head-card.tsx'
import { MoneyCard } from '../parts/money-card.tsx'
import { AcknowledgementCard, SessionCard } from '../parts/session-card.tsx'
import { isOver, type Side, storyOf } from '../story.ts'
import './index.scss'

const POLL_MS = 5000

type Face = 'facts' | 'chat'

/**
 * One booking: what happens next, what was agreed, what it costs, and the conversation about it.
 */
export default function BookingPage() {
  const { id = '' } = useParams<'id'>()
  const { wide } = useLayout()
  const [view, setView] = useState<Face>('facts')
  const query = useQuery(bookingEndpoints.getBooking, id === '' ? null : { id }, {
    pollMs: POLL_MS,
  })
  const found = useQuery(
    sessionEndpoints.findBookingSession,
    id === '' ? null : { bookingId: id },
    { pollMs: POLL_MS },
  )
  const thread = useThread(id === '' ? null : id, wide || view === 'chat')
  const { family } = useRole()
  const shared: SharedProps = {
    session: found.data?.session ?? null,
    side: family === 'enterprise' ? 'enterprise' : 'institution',
    refresh: () => void Promise.all([query.refresh(), found.refresh(), thread.refresh()]),
  }
  const { data } = query
  const title = data === null ? '预约' : `预约 ${data.number}`
  const composer =
    data === null || isOver(data.state) ? null : (
      <Composer bookingId={data.id} onSent={thread.refresh} />
    )
  if (wide) {
    return (
      <Page title={title} width="wide">
        <State query={query}>
          {(booking) => (
            <WideBooking booking={booking} thread={thread} composer={composer} {...shared} />
          )}
        </State>
      </Page>
    )
  }
  const last = thread.data?.rows.at(-1)
  return (
    <Page
      title={title}
      top={<ViewChoice view={view} unread={thread.data?.unread ?? 0} onChange={setView} />}
      footer={view === 'chat' ? composer : footerOf(data, shared)}
      showId={view === 'chat' && last !== undefined ? `entry-${last.id}` : null}
    >
      {view === 'chat' ? (
        <Conversation thread={thread} />
      ) : (
        <State query={query}>{(booking) => <Facts booking={booking} {...shared} />}</State>
      )}
    </Page>
  )
}

type SharedProps = { session: Session | null; side: Side; refresh: () => void }

function footerOf(booking: Booking | null, shared: SharedProps): ReactNode {
  if (
    booking === null ||
    (booking.actions.length === 0 && (shared.session?.actions.length ?? 0) === 0)
  )
    return null
  return <Deeds booking={booking} session={shared.session} refresh={shared.refresh} />
}

function ViewChoice({
  view,
  unread,
  onChange,
}: {
  view: Face
  unread: number
  onChange: (view: Face) => void
}) {
  const options = [
    { value: 'facts' as const, label: '进展' },
    { value: 'chat' as const, label: unread > 0 ? `会话 · ${unread} 条未读` : '会话' },
  ]
  return (
    <Segmented
      id="booking-view"
      label="看什么"
      options={options}
      value={view}
      onChange={onChange}
    />
  )
}

type FactsProps = SharedProps & { booking: Booking; deeds?: ReactNode }

function Facts({ booking, session, side, refresh, deeds }: FactsProps) {
  const programmeMode = booking.quote?.programmeMode ?? null
  return (
    <>
      <HeadCard booking={booking} session={session} side={side} refresh={refresh}>
        {deeds}
      </HeadCard>
      <Alternatives booking={booking} />
      {session === null ? null : <SessionCard session={session} mode={programmeMode} />}
      <Card title="进展">
        <Timeline items={storyOf(booking, session)} />
      </Card>
      <MoneyCard booking={booking} />
      <WorkCard booking={booking} />
      <AgreementCard booking={booking} />
      {session?.state === 'agreed' ? (
        <AcknowledgementCard text={session.acknowledgementText} />
      ) : null}
    </>
  )
}

type WideProps = SharedProps & { booking: Booking; thread: Query<Thread>; composer: ReactNode }

/** Facts left, conversation right. */
function WideBooking({ booking, thread, composer, ...shared }: WideProps) {
  return (
    <View className="booking-wide">
      <View className="stack">
        <Facts
          booking={booking}
          {...shared}
          deeds={<Deeds booking={booking} session={shared.session} refresh={shared.refresh} />}
        />
      </View>
      <View className="booking-side">
        <View className="booking-side-scroll">
          <Conversation thread={thread} />
        </View>
        {composer === null ? null : <View className="booking-side-foot">{composer}</View>}
      </View>
    </View>
  )
}
