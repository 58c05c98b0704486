import { View } from '@tarojs/components'
import { dateOf, daysBetween } from '@yiqi/shared/kernel/time.ts'
import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import type { Programme } from '@yiqi/shared/voucher/endpoints.ts'
import { serverNow } from '../../kernel/clock.ts'
import { go } from '../../kernel/go.ts'
import { Tap } from '../../kernel/parts/tap.tsx'
import { useQuery } from '../../kernel/use-query.ts'

type Deadline = { head: string; words: string; due: boolean }

/**
 * What must be done by when: the end of the year's programme, claims to make, claims returned, in
 * publicity.
 */
export function Deadlines({ programme }: { programme: Programme }) {
  const claims = useQuery(redemptionEndpoints.listClaims, {
    state: 'open',
    programmeId: programme.id,
    limit: 100,
  })
  const claimable = useQuery(redemptionEndpoints.listClaimable, {})
  const left = daysBetween(dateOf(serverNow()), programme.validTo)
  const inState = (state: string) =>
    (claims.data?.rows ?? []).filter((claim) => claim.state === state).length
  const open = (claimable.data?.rows ?? []).filter((row) => row.mode === programme.mode).length
  const items: Deadline[] = [
    {
      head: programme.validTo.slice(5),
      words: left < 0 ? '服务期已结束' : `服务截止·剩 ${left} 天`,
      due: left <= 60,
    },
    programme.mode === 'refund'
      ? { head: `${open} 单`, words: '可申报', due: open > 0 }
      : { head: `${claims.data?.rows.length ?? 0} 单`, words: '机构申报中', due: false },
    inState('returned') > 0
      ? { head: `${inState('returned')} 单`, words: '退回待补正', due: true }
      : { head: `${inState('publicised')} 单`, words: '公示中', due: false },
  ]
  return (
    <View className="v-deadlines">
      {items.map((item) => (
        <Tap
          key={item.words}
          className={`v-deadline ${item.due ? 'v-deadline-due' : ''}`}
          label={`${item.head} ${item.words}，查看申报`}
          onTap={() => void go.redemption.openClaim()}
        >
          <View className="t16 bold num">{item.head}</View>
          <View className="t11 num">{item.words}</View>
        </Tap>
      ))}
    </View>
  )
}
