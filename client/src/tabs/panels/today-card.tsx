import { View } from '@tarojs/components'
import type { BookingCard } from '@yiqi/shared/booking/endpoints.ts'
import { outageKinds } from '@yiqi/shared/booking/terms.ts'
import { type DateText, dateOf, dayLabel } from '@yiqi/shared/kernel/time.ts'
import { go } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card, type CardProps } from '../../kernel/parts/card.tsx'
import { AnswerClock } from '../../kernel/parts/clocks.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { Tap } from '../../kernel/parts/tap.tsx'
import { cardWord, type DayRow, type Outage, preparationLine, timeOn } from './day.ts'

/** What a card may start; the sheets themselves belong to the panel. */
export type CardDeeds = {
  onConfirm: (booking: BookingCard) => void
  onDecline: (booking: BookingCard) => void
  onScan: (booking: BookingCard) => void
}

/** A booking of the day: who, when, what has to be ready, and what may be done now. */
export function DayCard({
  row,
  date,
  now,
  deeds,
}: {
  row: DayRow
  date: DateText
  now: Date
  deeds: CardDeeds
}) {
  const { booking } = row
  const done = row.effectiveMinutes !== null && booking.state !== 'running'
  const time = timeOn(booking, date)
  const measured = done ? `实际 ${((row.effectiveMinutes ?? 0) / 60).toFixed(2)} h` : null
  return (
    <Card look={edgeOf(booking)} id={`today-${booking.number}`}>
      <CardHead booking={booking} now={now} time={time} measured={measured} />
      <CardButtons booking={booking} sessionId={row.sessionId} deeds={deeds} />
    </Card>
  )
}

/** A request of another day, on top: the answer clock is running. */
export function RequestCard({
  booking,
  now,
  deeds,
}: {
  booking: BookingCard
  now: Date
  deeds: CardDeeds
}) {
  const date = dateOf(new Date(booking.startsAt))
  return (
    <Card look="edge-warn" id={`request-${booking.number}`}>
      <CardHead booking={booking} now={now} time={`${dayLabel(date)} ${timeOn(booking, date)}`} />
      <CardButtons booking={booking} sessionId={null} deeds={deeds} />
    </Card>
  )
}

type CardHeadProps = { booking: BookingCard; now: Date; time: string; measured?: string | null }

function CardHead({ booking, now, time, measured = null }: CardHeadProps) {
  const { word, tone } = cardWord(booking, now)
  const { instrument } = booking
  return (
    <Tap
      id={`open-${booking.number}`}
      className="today-open"
      label={`打开预约 ${booking.number}，${booking.enterprise.name}`}
      onTap={() => void go.booking.booking({ id: booking.id })}
    >
      <View className="row row-top">
        <View className="t16 bold grow cut">{booking.enterprise.name}</View>
        <Tag tone={tone}>{word}</Tag>
      </View>
      <View className="t14 num">
        {[time, instrument.model ?? instrument.name, measured].filter(Boolean).join(' · ')}
      </View>
      <View className="t13 ink2">{preparationLine(booking)}</View>
      {booking.state === 'requested' ? <AnswerClock dueAt={booking.answerDueAt} /> : null}
    </Tap>
  )
}

function CardButtons({
  booking,
  sessionId,
  deeds,
}: {
  booking: BookingCard
  sessionId: string | null
  deeds: CardDeeds
}) {
  const { number, actions } = booking
  if (actions.includes('confirm')) {
    return (
      <View className="today-buttons">
        <Button
          id={`decline-${number}`}
          label={`谢绝 ${number}`}
          onTap={() => deeds.onDecline(booking)}
        >
          谢绝
        </Button>
        <Button
          id={`confirm-${number}`}
          kind="primary"
          label={`确认 ${number}`}
          onTap={() => deeds.onConfirm(booking)}
        >
          确认
        </Button>
      </View>
    )
  }
  if (actions.includes('checkIn')) {
    return (
      <View className="today-buttons">
        <Button
          id={`scan-${number}`}
          kind="primary"
          size="block"
          icon="scan-line"
          label={`扫码开始 ${number}`}
          onTap={() => deeds.onScan(booking)}
        >
          扫码开始
        </Button>
      </View>
    )
  }
  if (actions.includes('run') && sessionId !== null) {
    return (
      <View className="today-buttons">
        <Button
          id={`run-${number}`}
          kind="primary"
          size="block"
          icon="timer"
          label={`打开计时 ${number}`}
          onTap={() => void go.session.runSession({ id: sessionId })}
        >
          打开计时
        </Button>
      </View>
    )
  }
  return null
}

/** An outage of the day. */
export function OutageRow({ outage, date }: { outage: Outage; date: DateText }) {
  const kind = Object.entries(outageKinds).find(([key]) => key === outage.kind)?.[1] ?? outage.kind
  return (
    <Card look="edge-quiet">
      <View className="row">
        <Icon name="wrench" size={16} tone="ink2" />
        <View className="t16 bold grow">{outage.note === '' ? kind : outage.note}</View>
        <Tag>{kind}</Tag>
      </View>
      <View className="t14 ink2 num">{`${timeOn(outage, date)} · ${outage.instrumentName}`}</View>
    </Card>
  )
}

function edgeOf(booking: BookingCard): NonNullable<CardProps['look']> {
  switch (booking.state) {
    case 'requested':
      return 'edge-warn'
    case 'confirmed':
    case 'running':
      return 'edge-own'
    case 'finished':
    case 'closed':
      return 'edge-ok'
    default:
      return 'edge-quiet'
  }
}
