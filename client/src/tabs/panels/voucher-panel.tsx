import { yuan, yuanShort } from '@yiqi/shared/kernel/money.ts'
import { redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { go } from '../../kernel/go.ts'
import { useRole } from '../../kernel/log-in.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card, Figures, Section } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Frame } from '../../kernel/parts/page.tsx'
import { isH5 } from '../../kernel/platform/target.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { Claims } from '../../redemption/parts/claim-lists.tsx'
import { batchCounts } from '../../redemption/parts/desk-rules.ts'

const POLL_MS = 20_000

/**
 * 待办 of a voucher administrator: what waits for review, batches by stage, what is not explained
 * yet.
 */
export function VoucherPanel() {
  const { role } = useRole()
  const desk = useQuery(redemptionEndpoints.getDesk, {}, { pollMs: POLL_MS })
  const review = useQuery(
    redemptionEndpoints.listClaims,
    { state: 'to-review', limit: 100 },
    { pollMs: POLL_MS },
  )
  const waiting = review.data?.rows.length ?? 0
  const refresh = async () => {
    await Promise.all([desk.refresh(), review.refresh()])
  }
  return (
    <Frame title="待办" onRefresh={refresh}>
      <Card title="待审申报" extra={isH5 ? <ToDesk /> : undefined}>
        <Figures
          items={[
            {
              value: `${waiting}${review.data?.nextCursor ? '+' : ''}`,
              label: '单待我审核',
              tone: 'own',
            },
            { value: String(desk.data?.cleanClaims ?? 0), label: '单自动相符' },
            { value: yuanShort(desk.data?.claimedFen ?? 0), label: '在审券额', tone: 'voucher' },
          ]}
        />
      </Card>
      {role === 'voucher-administrator-province' ? <Batches /> : null}
      <Section title="待我审核">
        <Claims view="to-review" side="desk" empty="没有等待你审核的申报。" />
      </Section>
    </Frame>
  )
}

function ToDesk() {
  return (
    <Button kind="quiet" id="open-desk" onTap={() => void go.redemption.deskReconciliation()}>
      去对账台
    </Button>
  )
}

function Batches() {
  const query = useQuery(redemptionEndpoints.listBatches, { limit: 100 }, { pollMs: POLL_MS })
  const counts = batchCounts(query.data?.rows ?? [])
  const open = isH5 ? { onTap: () => void go.redemption.deskReconciliation() } : {}
  return (
    <Section title="兑付批次">
      {counts.withDifference === 0 ? null : (
        <Banner tone="bad">{`${counts.withDifference} 个批次还有差额 ${yuan(counts.differenceFen)} 未说明`}</Banner>
      )}
      <Card>
        <Cell
          icon="file-text"
          title="编制、公示、待拨付"
          value={`${counts.preparing} 批`}
          {...open}
        />
        <Cell icon="landmark" title="已发银行，待对账" value={`${counts.atBank} 批`} {...open} />
        <Cell icon="circle-check" title="已对平" value={`${counts.reconciled} 批`} {...open} />
      </Card>
    </Section>
  )
}
