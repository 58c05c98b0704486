import { View } from '@tarojs/components'
import type { Booking } from '@yiqi/shared/booking/endpoints.ts'
import {
  bookingStateLabels,
  bookingStateTones,
  declineReasons,
} from '@yiqi/shared/booking/terms.ts'
import { slotLabel } from '@yiqi/shared/kernel/time.ts'
import { serviceModeLabels } from '@yiqi/shared/notice/terms.ts'
import type { Session } from '@yiqi/shared/session/endpoints.ts'
import type { ReactNode } from 'react'
import { Card } from '../../kernel/parts/card.tsx'
import { AnswerClock, Countdown } from '../../kernel/parts/clocks.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { nextLine, type Side } from '../story.ts'

export type HeadCardProps = {
  booking: Booking
  session: Session | null
  side: Side
  refresh: () => void
  /** The buttons, on wide screens. */
  children?: ReactNode
}

/** What, when, where, in which state, and who acts next by when. */
export function HeadCard({ booking, session, side, refresh, children }: HeadCardProps) {
  const slot = { startsAt: new Date(booking.startsAt), endsAt: new Date(booking.endsAt) }
  const { instrument } = booking
  const other = side === 'institution' ? booking.enterprise.name : booking.institution.name
  const mode = booking.serviceMode === null ? null : serviceModeLabels[booking.serviceMode]
  return (
    <Card
      title={instrument.model === null ? instrument.name : `${instrument.name} ${instrument.model}`}
      extra={<Tag tone={bookingStateTones[booking.state]}>{bookingStateLabels[booking.state]}</Tag>}
    >
      <View className="stack stack-4">
        <View className="t14 bold num">{slotLabel(slot)}</View>
        <View className="t13 ink2">
          {[other, mode, booking.samples > 0 ? `样品 ${booking.samples} 件` : null]
            .filter(Boolean)
            .join(' · ')}
        </View>
        <ReasonLine reason={booking.declineReason} />
      </View>
      <View className="booking-next">
        <Icon name="user" size={16} tone="primary" />
        <View className="t14 grow">{nextLine(booking, session, side)}</View>
      </View>
      {booking.state === 'held' && booking.holdExpiresAt !== null ? (
        <Countdown until={booking.holdExpiresAt} label="为你保留" onEnd={refresh} />
      ) : null}
      {booking.state === 'awaiting_approval' ? (
        <AnswerClock dueAt={booking.approvalDueAt} label="批准时限" />
      ) : null}
      {booking.state === 'requested' ? (
        <AnswerClock dueAt={booking.answerDueAt} label="答复时限" />
      ) : null}
      {children}
    </Card>
  )
}

/** Known reasons in words; a free text as it is. */
function ReasonLine({ reason }: { reason: string | null }) {
  if (reason === null) return null
  const known = Object.entries(declineReasons).find(([key]) => key === reason)
  return <View className="t13 bad">{`原因：${known?.[1] ?? reason}`}</View>
}

/** What is to be done, for the two parties only. */
export function WorkCard({ booking }: { booking: Booking }) {
  const facts: [string, string | null][] = [
    ['目的', booking.purpose],
    ['准备', booking.preparation],
    ['样品', booking.sampleNames.length > 0 ? booking.sampleNames.join('、') : null],
    ['经办', `${booking.requester.name} ${booking.requester.phone}`],
    ['使用人', booking.bookedBy?.beneficiary ?? null],
    ['支出批准', booking.approval?.name ?? null],
    ['机组', booking.technicians.map((one) => one.name).join('、') || null],
  ]
  return (
    <Card title="检测内容">
      <View className="booking-facts">
        {facts.map(([name, value]) =>
          value === null || value === '' ? null : (
            <View className="booking-fact t14" key={name}>
              <View className="ink3">{name}</View>
              <View className="grow">{value}</View>
            </View>
          ),
        )}
      </View>
    </Card>
  )
}
