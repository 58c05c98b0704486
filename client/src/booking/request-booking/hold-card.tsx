import { View } from '@tarojs/components'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { addDays, dateOf, dayLabel, slotClock, slotLabel } from '@yiqi/shared/kernel/time.ts'
import { serverNow } from '../../kernel/clock.ts'
import { go, redirect } from '../../kernel/go.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { Countdown } from '../../kernel/parts/clocks.tsx'
import { Skeleton } from '../../kernel/parts/state.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { nearestSlots, type Span } from '../request-form.ts'
import type { Sheet } from './use-sheet.ts'

const NEAREST = 3
const DAYS_AHEAD = 14

/**
 * What is being booked and for how long it is kept; where it cannot be kept, what to do instead.
 */
export function HoldCard({ sheet }: { sheet: Sheet }) {
  const { hold, instrument } = sheet
  const { slot, booking } = hold
  const known = instrument.data
  return (
    <View className="stack">
      <Card>
        <View className="t17">
          {known === null ? '仪器' : [known.name, known.model].filter(Boolean).join(' ')}
        </View>
        <View className="t16 bold num">{labelOf(slot)}</View>
        <View className="row between row-wrap r-under">
          <View className="t13 ink3">{known?.institution.name ?? ''}</View>
          {hold.state === 'held' && booking?.holdExpiresAt ? (
            <Countdown until={booking.holdExpiresAt} label="为你保留" onEnd={hold.lapse} />
          ) : null}
        </View>
      </Card>
      <Trouble sheet={sheet} />
    </View>
  )
}

function Trouble({ sheet }: { sheet: Sheet }) {
  const { hold } = sheet
  if (hold.state === 'lapsed')
    return (
      <Banner
        tone="warn"
        icon="timer"
        action={
          <Button id="request-hold-again" onTap={hold.again}>
            重新保留
          </Button>
        }
      >
        保留已到时，填写的内容还在，预约未提交
      </Banner>
    )
  if (hold.refusal === null) return null
  const { code, message, status } = hold.refusal
  if (code === 'booking.too_many_holds')
    return (
      <Banner
        tone="warn"
        action={<Button onTap={() => void go.tabs.home({ tab: 'schedule' })}>查看预约</Button>}
      >
        {message}
      </Banner>
    )
  const retry = status === 0 || status >= 500
  const takesAnother = status === 409 || status === 422
  return (
    <View className="stack">
      <Banner tone="warn" action={retry ? <Button onTap={hold.again}>重试</Button> : null}>
        {`${message}（填写的内容还在，预约未提交）`}
      </Banner>
      {takesAnother ? <Nearest sheet={sheet} /> : null}
    </View>
  )
}

/** The nearest free slots of the same length: one tap switches to one. */
function Nearest({ sheet }: { sheet: Sheet }) {
  const { hold, instrument } = sheet
  const from = startDay(hold.slot)
  const instrumentId = instrument.data?.id ?? null
  const week = useQuery(
    bookingEndpoints.getWeek,
    instrumentId === null ? null : { instrumentId, from, days: DAYS_AHEAD },
  )
  if (week.data === null) return <Skeleton lines={2} />
  const slots = nearestSlots(
    week.data.days.flatMap((day) => day.cells),
    hold.slot,
    NEAREST,
  )
  const choose = () =>
    void redirect.catalogue.instrument({ id: week.data?.instrumentId ?? '', day: from })
  return (
    <Card title={slots.length === 0 ? '两周内没有同样时长的空闲' : '最近的空闲时段'}>
      <View className="stack stack-8">
        <ChipRow wrap>
          {slots.map((slot, i) => (
            <Chip
              key={slot.startsAt}
              id={`nearest-${i}`}
              icon="calendar-clock"
              onTap={() => hold.switchTo(slot)}
            >
              {shortLabel(slot)}
            </Chip>
          ))}
        </ChipRow>
        <Button kind="quiet" onTap={choose}>
          自己另选时段
        </Button>
      </View>
    </Card>
  )
}

/** From three days before where those are not over, so that "nearest" may be earlier. */
function startDay(slot: Span): string {
  const today = dateOf(serverNow())
  const before = addDays(dateOf(new Date(slot.startsAt)), -3)
  return before.localeCompare(today) < 0 ? today : before
}

function timed(slot: Span) {
  return { startsAt: new Date(slot.startsAt), endsAt: new Date(slot.endsAt) }
}

function labelOf(slot: Span): string {
  return slotLabel(timed(slot))
}

function shortLabel(slot: Span): string {
  return `${dayLabel(dateOf(new Date(slot.startsAt)))} ${slotClock(timed(slot))}`
}
