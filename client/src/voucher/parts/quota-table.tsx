import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { type Quota, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { type Column, DataTable } from '../../kernel/parts/data-table.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { QuotaBar } from '../../kernel/parts/quota-bar.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { usePages } from '../../kernel/use-pages.ts'
import { quotaTotals } from './quota-rules.ts'

/** The quotas issued under a programme: a table where there is room, bars on phones. */
export function QuotaTable({ programmeId }: { programmeId: string }) {
  const { wide } = useLayout()
  const pages = usePages(voucherEndpoints.listQuotas, { programmeId, limit: 50 })
  return (
    <View className="stack">
      <State
        query={pages.query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Card>
            <Empty icon="ticket-percent">本计划还没有发放额度。发放后企业即可在预约时使用。</Empty>
          </Card>
        }
      >
        {(page) => (wide ? <Table rows={page.rows} /> : <Bars rows={page.rows} />)}
      </State>
      <More pages={pages} />
    </View>
  )
}

function Bars({ rows }: { rows: readonly Quota[] }) {
  return (
    <>
      {rows.map((quota) => (
        <QuotaBar
          key={quota.id}
          title={quota.enterprise.name}
          totalFen={quota.issuedFen}
          redeemedFen={quota.redeemedFen}
          earmarkedFen={quota.earmarkedFen}
        />
      ))}
    </>
  )
}

function Table({ rows }: { rows: readonly Quota[] }) {
  const totals = quotaTotals(rows)
  const columns: Column<Quota>[] = [
    {
      id: 'enterprise',
      title: '企业',
      width: 'minmax(180px, 1fr)',
      cell: (row) => row.enterprise.name,
      total: `合计 ${rows.length} 家`,
    },
    {
      id: 'issued',
      title: '已发放',
      align: 'end',
      width: '132px',
      cell: (row) => yuan(row.issuedFen),
      total: yuan(totals.issuedFen),
    },
    {
      id: 'redeemed',
      title: '已核销',
      align: 'end',
      width: '132px',
      cell: (row) => yuan(row.redeemedFen),
      total: yuan(totals.redeemedFen),
    },
    {
      id: 'earmarked',
      title: '预占',
      align: 'end',
      width: '132px',
      cell: (row) => yuan(row.earmarkedFen),
      total: yuan(totals.earmarkedFen),
    },
    {
      id: 'available',
      title: '可用',
      align: 'end',
      width: '132px',
      cell: (row) => <View className="bold voucher">{yuan(row.availableFen)}</View>,
      total: yuan(totals.availableFen),
    },
  ]
  return <DataTable label="已发放额度" columns={columns} rows={rows} keyOf={(row) => row.id} />
}
