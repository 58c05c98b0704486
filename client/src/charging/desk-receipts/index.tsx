import { View } from '@tarojs/components'
import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { useState } from 'react'
import { go } from '../../kernel/go.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { Receipts } from '../parts/receipts.tsx'
import './index.scss'

const views = [
  { value: 'open', label: '待确认' },
  { value: 'all', label: '全部' },
] as const

/**
 * 到账核对: the institution's bills against what the bank says, and the voucher claims that follow
 * from them.
 */
export default function DeskReceiptsPage() {
  const [view, setView] = useState<(typeof views)[number]['value']>('open')
  const claimable = useQuery(redemptionEndpoints.listClaimable, {})
  const toBind = useQuery(redemptionEndpoints.listClaims, { state: 'to-review', limit: 100 })
  return (
    <Page title="到账核对" width="wide" onRefresh={claimable.refresh}>
      <View className="c-desk-head">
        <View className="c-desk-views">
          <Segmented label="账单" options={views} value={view} onChange={setView} />
        </View>
        <View className="t13 ink3">J/K 上下 · Enter 确认到账</View>
      </View>
      <Receipts key={view} view={view} onChanged={() => void claimable.refresh()} />
      <Card title="创新券申报">
        <Cell
          icon="hand-coins"
          title="直接抵扣：由本单位申报"
          value={`${claimable.data?.rows.length ?? '…'} 单可申报`}
          onTap={() => void go.redemption.openClaim()}
        />
        <Cell
          icon="badge-check"
          title="先付后兑：由本单位绑定确认"
          value={`${toBind.data?.rows.length ?? '…'} 单待绑定`}
          onTap={() => void go.redemption.openClaim()}
        />
      </Card>
    </Page>
  )
}
