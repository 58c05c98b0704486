import { View } from '@tarojs/components'
import { type BookingCard, bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { bookingStateLabels, bookingStateTones } from '@yiqi/shared/booking/terms.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { slotLabel, stamp } from '@yiqi/shared/kernel/time.ts'
import type { ReactNode } from 'react'
import { go } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Countdown } from '../../kernel/parts/clocks.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { Tap } from '../../kernel/parts/tap.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useWrite } from '../../kernel/use-write.ts'
import './booking-row.scss'

export type BookingRowProps = {
  booking: BookingCard
  /** Something new was said or done that this person has not opened yet. */
  unread?: boolean
  /** Which party is named: the other one. */
  party: 'institution' | 'enterprise'
  /** The time line; the full slot unless given. */
  time?: string
  /** Something was done from the row: ask again. */
  onChanged?: () => void
}

/** A booking in a list: state, slot, instrument, money, and what may be done now. */
export function BookingRow({ booking, unread = false, party, time, onChanged }: BookingRowProps) {
  const { instrument } = booking
  const slot = { startsAt: new Date(booking.startsAt), endsAt: new Date(booking.endsAt) }
  const open = () => void go.booking.booking({ id: booking.id })
  return (
    <Card id={`booking-${booking.number}`}>
      <Tap
        className="booking-row"
        label={`打开预约 ${booking.number}${unread ? '，有新动态' : ''}`}
        onTap={open}
      >
        <View className="row row-top">
          <View className="t16 bold grow">
            {instrument.model === null ? instrument.name : `${instrument.name} ${instrument.model}`}
          </View>
          {unread ? <View className="booking-row-dot" /> : null}
          <Tag tone={bookingStateTones[booking.state]}>{bookingStateLabels[booking.state]}</Tag>
        </View>
        <View className="t14 num">{time ?? slotLabel(slot)}</View>
        <View className="row">
          <View className="t13 ink3 grow cut">{`${booking[party].name} · ${booking.number}`}</View>
          <Money booking={booking} />
        </View>
        {booking.state === 'awaiting_approval' ? <Waiting booking={booking} /> : null}
        {booking.state === 'held' && booking.holdExpiresAt !== null ? (
          <Countdown until={booking.holdExpiresAt} label="为你保留" />
        ) : null}
      </Tap>
      <RowButtons booking={booking} onOpen={open} onChanged={onChanged} />
    </Card>
  )
}

function Money({ booking }: { booking: BookingCard }) {
  if (booking.totalFen === null) return null
  return (
    <View className="booking-row-money num">
      {booking.voucherFen !== null && booking.voucherFen > 0 ? (
        <View className="t13 voucher">{`券 ${yuan(booking.voucherFen)}`}</View>
      ) : null}
      <View className="t14 bold">{yuan(booking.totalFen)}</View>
    </View>
  )
}

/** Who asked for what is above their limit, and until when it can be approved. */
function Waiting({ booking }: { booking: BookingCard }) {
  const { bookedBy, approvalDueAt } = booking
  const who = bookedBy === null ? null : `${bookedBy.name} 申请，超出限额`
  const until = approvalDueAt === null ? null : `${stamp(new Date(approvalDueAt))} 前批准有效`
  return <View className="t13 ink2 num">{[who, until].filter(Boolean).join(' · ')}</View>
}

const deeds: { action: BookingCard['actions'][number]; label: string; primary: boolean }[] = [
  { action: 'request', label: '继续提交', primary: true },
  { action: 'approveSpending', label: '批准', primary: true },
  { action: 'refuseSpending', label: '不批准', primary: false },
  { action: 'confirm', label: '去答复', primary: true },
  { action: 'checkIn', label: '去签到', primary: true },
  { action: 'run', label: '看进行', primary: false },
  { action: 'agree', label: '核对机时', primary: true },
  { action: 'pay', label: '登记转账', primary: true },
  { action: 'claim', label: '申报兑付', primary: true },
  { action: 'cancel', label: '取消', primary: false },
]

type RowButtonsProps = {
  booking: BookingCard
  onOpen: () => void
  onChanged: (() => void) | undefined
}

/**
 * The legal deeds; each leads to the booking, where it asks before it acts. Only approving, which
 * names its amount, is done here.
 */
function RowButtons({ booking, onOpen, onChanged }: RowButtonsProps) {
  const approval = useWrite(bookingEndpoints.approveSpending)
  const allowed = deeds.filter((deed) => booking.actions.includes(deed.action))
  if (allowed.length === 0) return null
  const resume = () => {
    const { startsAt, endsAt } = booking
    void go.booking.requestBooking({ instrumentId: booking.instrument.id, startsAt, endsAt })
  }
  const approve = async () => {
    if ((await approval.run({ id: booking.id })) === null) return
    toast('已批准，已提交机构')
    onChanged?.()
  }
  const onTap: Partial<Record<BookingCard['actions'][number], () => void>> = {
    request: resume,
    approveSpending: () => void approve(),
  }
  const buttons: ReactNode[] = [...allowed].reverse().map((deed) => (
    <Button
      key={deed.action}
      id={`${deed.action}-${booking.number}`}
      kind={deed.primary ? 'primary' : 'quiet'}
      label={`${deed.label} ${booking.number}`}
      busy={deed.action === 'approveSpending' && approval.busy}
      onTap={onTap[deed.action] ?? onOpen}
    >
      {deed.action === 'approveSpending' ? `批准 ${yuan(booking.totalFen ?? 0)}` : deed.label}
    </Button>
  ))
  return (
    <>
      <Refusal refusal={approval.refusal} safe="预约仍待批准" />
      <View className="booking-row-buttons">{buttons}</View>
    </>
  )
}
