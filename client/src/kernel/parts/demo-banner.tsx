import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { clock, dateOf, dayLabel } from '@yiqi/shared/kernel/time.ts'
import { a11y } from '../a11y.ts'
import { useServerNow } from '../clock.ts'
import { useQuery } from '../use-query.ts'
import { Icon } from './icon.tsx'

/** Above every tab of a demonstration: everything is invented, and what time the platform has. */
export function DemoBanner() {
  const query = useQuery(identityEndpoints.getClock, {})
  if (query.data?.demo !== true) return null
  return <DemoLine />
}

function DemoLine() {
  const now = useServerNow(10_000)
  return (
    <View className="p-demo t11" {...a11y({ role: 'status' })}>
      <Icon name="sparkles" size={13} />
      <View className="num">{`演示 · 单位与数据均为虚构 · 平台时间 ${dayLabel(dateOf(now))} ${clock(now)}`}</View>
    </View>
  )
}
