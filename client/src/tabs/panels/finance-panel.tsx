import { chargingEndpoints } from '@yiqi/shared/charging/endpoints.ts'
import { yuanShort } from '@yiqi/shared/kernel/money.ts'
import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { billTotals } from '../../charging/parts/receipt-rules.ts'
import { Receipts } from '../../charging/parts/receipts.tsx'
import { go } from '../../kernel/go.ts'
import { useMe } from '../../kernel/log-in.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card, Figures, Section } from '../../kernel/parts/card.tsx'
import { Frame } from '../../kernel/parts/page.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { Claimables, Claims } from '../../redemption/parts/claim-lists.tsx'

const POLL_MS = 20_000

/**
 * 工作台 of the institution: receipts to confirm, claims to make, claims to bind. The same on phone
 * and desk.
 */
export function FinancePanel() {
  const me = useMe()
  const bills = useQuery(
    chargingEndpoints.listBills,
    { state: 'open', limit: 100 },
    { pollMs: POLL_MS },
  )
  const claimable = useQuery(redemptionEndpoints.listClaimable, {}, { pollMs: POLL_MS })
  const due = billTotals(bills.data?.rows ?? [])
  const toClaimFen = (claimable.data?.rows ?? []).reduce((sum, row) => sum + row.amountFen, 0)
  const refresh = async () => {
    await Promise.all([bills.refresh(), claimable.refresh()])
  }
  return (
    <Frame title="工作台" width="wide" onRefresh={refresh}>
      <Card title={me?.membership?.organisation.name ?? '本单位'}>
        <Figures
          items={[
            { value: yuanShort(due.dueFen), label: '待到账', tone: 'own' },
            { value: String(bills.data?.rows.length ?? 0), label: '张账单待确认' },
            { value: yuanShort(toClaimFen), label: '券额可申报', tone: 'voucher' },
          ]}
        />
      </Card>
      <Section title="待确认到账">
        <Receipts view="open" onChanged={() => void refresh()} />
      </Section>
      <Section title="创新券申报" extra={<AllClaims />}>
        <Claimables
          columns={3}
          query={claimable}
          empty="没有待申报的服务。企业确认机时、券额核销后会出现在这里。"
        />
      </Section>
      <Section title="待绑定">
        <Claims
          columns={3}
          view="to-review"
          side="institution"
          empty="没有等待本单位绑定确认的申报。"
        />
      </Section>
    </Frame>
  )
}

function AllClaims() {
  return (
    <Button kind="quiet" onTap={() => void go.redemption.openClaim()}>
      申报记录
    </Button>
  )
}
