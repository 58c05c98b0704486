import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import {
  addDays,
  addMinutes,
  clock,
  dateOf,
  dayLabel,
  instantAt,
} from '@yiqi/shared/kernel/time.ts'
import { serverNow, useServerNow } from '../../kernel/clock.ts'
import { restart } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'

const MORNING = 9 * 60
const HOUR = 60
const DAY = 24 * 60

/**
 * For presenters: moves the platform's clock forward, so that a booking of tomorrow can begin now.
 */
export function DemoClock() {
  const query = useQuery(identityEndpoints.getClock, {})
  if (query.data?.demo !== true) return null
  return <Clock />
}

function Clock() {
  const now = useServerNow(1000)
  const advance = useWrite(identityEndpoints.advanceClock)
  const to = async (at: Date) => {
    const moved = await advance.run({ to: at.toISOString() })
    if (moved === null) return
    const there = new Date(moved.now)
    toast(`平台时间：${dayLabel(dateOf(there))} ${clock(there)}`)
    await restart.tabs.home({ tab: 'me' })
  }
  const tomorrow = () => instantAt(addDays(dateOf(serverNow()), 1), MORNING)
  return (
    <Card title="演示时钟" extra={<Tag tone="info">仅演示</Tag>}>
      <View className="stack stack-8">
        <View className="t20 num">{`${dayLabel(dateOf(now))} ${clock(now)}`}</View>
        <View className="t13 ink3">只能向前拨；所有人的时间一起走，到时的预约、公示随之推进。</View>
        <View className="row row-wrap">
          <Button id="clock-tomorrow" busy={advance.busy} onTap={() => void to(tomorrow())}>
            到明天 09:00
          </Button>
          <Button
            id="clock-hour"
            disabled={advance.busy}
            onTap={() => void to(addMinutes(serverNow(), HOUR))}
          >
            +1 小时
          </Button>
          <Button
            id="clock-day"
            disabled={advance.busy}
            onTap={() => void to(addMinutes(serverNow(), DAY))}
          >
            +1 天
          </Button>
        </View>
        <Refusal refusal={advance.refusal} safe="时钟未动" />
      </View>
    </Card>
  )
}
