import { View } from '@tarojs/components'
import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import {
  bookingStateLabels,
  bookingStateTones,
  nextActorLabels,
} from '@yiqi/shared/booking/terms.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { slotLabel } from '@yiqi/shared/kernel/time.ts'
import { voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeModeLabels } from '@yiqi/shared/voucher/terms.ts'
import { serverNow } from '../../kernel/clock.ts'
import { go, herePath } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { QuotaBar } from '../../kernel/parts/quota-bar.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { Tap } from '../../kernel/parts/tap.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { lastInstruments, nextBooking, quotaSum } from './find-rules.ts'

const POLL_MS = 60_000

/** The booking that runs or starts within a day, on top; nothing when there is none. */
export function NextBooking() {
  const query = useQuery(
    bookingEndpoints.listBookings,
    { view: 'open', limit: 50 },
    { pollMs: POLL_MS },
  )
  const next = nextBooking(query.data?.rows ?? [], serverNow())
  if (next === null) return null
  const slot = { startsAt: new Date(next.startsAt), endsAt: new Date(next.endsAt) }
  const ready = next.actions.includes('checkIn')
  return (
    <Card
      id="home-next"
      look="edge-own"
      label={`下一个预约 ${slotLabel(slot)}`}
      onTap={() => void go.booking.booking({ id: next.id })}
    >
      <View className="row between">
        <View className="t13 ink3">下一个预约</View>
        <Tag tone={ready ? 'ok' : bookingStateTones[next.state]}>
          {ready ? '可签到' : bookingStateLabels[next.state]}
        </Tag>
      </View>
      <View className="t16 bold">
        {[next.instrument.name, next.instrument.model].filter(Boolean).join(' ')}
      </View>
      <View className="t14 num">{slotLabel(slot)}</View>
      <View className="t13 ink3">{nextActorLabels[next.state]}</View>
    </Card>
  )
}

/** What is left of the year's quotas; opens the voucher page. */
export function QuotaCard() {
  const query = useQuery(voucherEndpoints.listQuotas, { limit: 20 })
  const sum = quotaSum(query.data?.rows ?? [])
  if (sum === null) return null
  const month = Number(sum.validTo.slice(5, 7))
  const day = Number(sum.validTo.slice(8))
  return (
    <Tap label={`${sum.title}，查看创新券`} onTap={() => void go.voucher.quota()}>
      <QuotaBar
        title={sum.title}
        totalFen={sum.totalFen}
        redeemedFen={sum.redeemedFen}
        earmarkedFen={sum.earmarkedFen}
        deadline={`${month}月${day}日 截止`}
      />
    </Tap>
  )
}

/** What a visitor gains by logging in; everything else is open without. */
export function Welcome() {
  return (
    <Card>
      <View className="h-welcome">
        <View className="grow">
          <View className="t16 bold">登录后可预约并使用创新券</View>
          <View className="t13 ink3">选时段 → 看总价与券额 → 提交，机构确认后上机</View>
        </View>
        <Button id="home-log-in" onTap={() => void go.tabs.logIn({ back: herePath() })}>
          登录
        </Button>
      </View>
    </Card>
  )
}

const AGAIN = 2

/** 再约: the instruments booked last, each one tap away from its free slots. */
export function BookAgain() {
  const query = useQuery(bookingEndpoints.listBookings, { view: 'past', limit: 20 })
  const last = lastInstruments(query.data?.rows ?? [], AGAIN)
  if (last.length === 0) return null
  return (
    <Card title="再约">
      {last.map((booking) => (
        <Cell
          key={booking.instrument.id}
          icon="history"
          title={[booking.instrument.name, booking.instrument.model].filter(Boolean).join(' ')}
          detail={booking.institution.name}
          onTap={() => void go.catalogue.instrument({ id: booking.instrument.id })}
        />
      ))}
    </Card>
  )
}

/** The programmes in force, for a visitor with room beside the list: what a voucher is worth. */
export function Programmes() {
  const query = useQuery(voucherEndpoints.listProgrammes, {})
  const open = (query.data?.rows ?? []).filter((programme) => programme.state === 'in_force')
  if (open.length === 0) return null
  return (
    <Card title="创新券">
      {open.map((programme) => (
        <View className="h-programme" key={programme.id}>
          <View className="row between">
            <View className="t14 bold grow">{programme.name}</View>
            <Tag tone="voucher">{programmeModeLabels[programme.mode]}</Tag>
          </View>
          <View className="t13 ink2 num">
            {`支持 ${programme.ratioPermille / 10}%，每家企业每年最多 ${yuan(programme.enterpriseCapFen)}`}
          </View>
          <View className="t13 ink3 num">{`${programme.validFrom} 至 ${programme.validTo}`}</View>
        </View>
      ))}
    </Card>
  )
}
