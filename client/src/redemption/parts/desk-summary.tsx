import { View } from '@tarojs/components'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { yuanShort } from '@yiqi/shared/kernel/money.ts'
import type { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { Skeleton, State } from '../../kernel/parts/state.tsx'
import { Waterfall } from '../../kernel/parts/waterfall.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import type { Query } from '../../kernel/use-query.ts'
import { deskSteps } from './desk-rules.ts'
import './redemption.scss'

export type Desk = OutputOf<typeof redemptionEndpoints.getDesk>

/**
 * The waterfall of the desk: what is claimed, what of it matches, what keeps the rest, who pays.
 */
export function DeskSummary({ query }: { query: Query<Desk> }) {
  const { wide } = useLayout()
  return (
    <View className="r-desk-panel">
      <State query={query} skeleton={<Skeleton lines={4} />}>
        {(desk) => {
          const steps = deskSteps(desk)
          const title = `在审 ${yuanShort(desk.claimedFen)}，自动相符可拟兑付 ${yuanShort(desk.payableFen)}`
          if (wide) return <Waterfall title={title} steps={steps} heightPx={72} />
          return (
            <View className="stack">
              <Waterfall title={title} steps={steps.slice(0, 5)} heightPx={64} />
              <Waterfall steps={steps.slice(5)} heightPx={48} />
            </View>
          )
        }}
      </State>
    </View>
  )
}
