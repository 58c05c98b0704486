import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { type ClaimCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { useState } from 'react'
import { type Column, DataTable } from '../../kernel/parts/data-table.tsx'
import { ListDetail } from '../../kernel/parts/list-detail.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { ClaimPane } from './claim-pane.tsx'
import { claimTotals } from './claim-rules.ts'
import { EvidenceCount, Light } from './light.tsx'
import './redemption.scss'

type DeskReviewProps = { programmeId: string | null; first: string | null; onChanged: () => void }

/** The claims that wait for this person's review, and the chosen one with its evidence. */
export function DeskReview({ programmeId, first, onChanged }: DeskReviewProps) {
  const [selected, setSelected] = useState<string | null>(first)
  const pages = usePages(
    redemptionEndpoints.listClaims,
    { state: 'to-review', ...(programmeId === null ? {} : { programmeId }), limit: 100 },
    { keepOld: true },
  )
  const rows = pages.query.data?.rows ?? []
  const shown = rows.some((row) => row.id === selected) ? selected : (rows[0]?.id ?? first)
  const done = () => {
    const at = rows.findIndex((row) => row.id === shown)
    setSelected(rows[at + 1]?.id ?? rows[at - 1]?.id ?? null)
    void pages.query.refresh()
    onChanged()
  }
  return (
    <ListDetail
      list={
        <View className="stack">
          <State
            query={pages.query}
            isEmpty={(page) => page.rows.length === 0}
            empty={<NothingToReview />}
          >
            {(page) => <ClaimTable rows={page.rows} selected={shown} onSelect={setSelected} />}
          </State>
          <More pages={pages} />
        </View>
      }
      detail={shown === null ? null : <ClaimPane key={shown} id={shown} onDone={done} />}
    />
  )
}

function NothingToReview() {
  return (
    <View className="r-desk-panel">
      <Empty icon="clipboard-check">没有等待你审核的申报。审核完的申报在“批次”里编制兑付。</Empty>
    </View>
  )
}

type ClaimTableProps = {
  rows: readonly ClaimCard[]
  selected: string | null
  onSelect: (id: string) => void
}

function ClaimTable({ rows, selected, onSelect }: ClaimTableProps) {
  return (
    <DataTable
      label="待审申报"
      columns={columnsOf(rows)}
      rows={rows}
      keyOf={(row) => row.id}
      selected={selected}
      onSelect={(row) => onSelect(row.id)}
    />
  )
}

function columnsOf(rows: readonly ClaimCard[]): Column<ClaimCard>[] {
  const sums = claimTotals(rows)
  return [
    { id: 'light', title: '核验', width: '64px', cell: (row) => <Light light={row.light} /> },
    {
      id: 'number',
      title: '单号',
      width: '116px',
      cell: (row) => <View className="num">{row.number}</View>,
      total: `合计 ${rows.length}`,
    },
    {
      id: 'parties',
      title: '企业 → 机构',
      width: 'minmax(140px, 1fr)',
      cell: (row) => (
        <View>
          <View className="cut">{row.enterprise.name}</View>
          <View className="t13 ink3 cut">{`→ ${row.institution.name}`}</View>
        </View>
      ),
    },
    money('total', '总价', rows, sums.totalFen, (row) => row.totalFen),
    money('bill', '企业应付', rows, sums.billFen, (row) => row.billFen),
    {
      ...money('paid', '到账', rows, sums.paidFen, (row) => row.paidFen),
      cell: (row) => (
        <View className={row.paidFen === row.billFen ? '' : 'warn bold'}>{yuan(row.paidFen)}</View>
      ),
    },
    {
      ...money('amount', '券额', rows, sums.amountFen, (row) => row.amountFen),
      cell: (row) => <View className="bold voucher">{yuan(row.amountFen)}</View>,
    },
    { id: 'evidence', title: '证据', width: '88px', cell: (row) => <EvidenceCount claim={row} /> },
  ]
}

function money(
  id: string,
  title: string,
  rows: readonly ClaimCard[],
  totalFen: number,
  of: (row: ClaimCard) => number,
): Column<ClaimCard> {
  const widest = Math.max(...rows.map((row) => yuan(of(row)).length), yuan(totalFen).length)
  return {
    id,
    title,
    align: 'end',
    width: `${Math.max(84, widest * 9)}px`,
    cell: (row) => yuan(of(row)),
    total: yuan(totalFen),
  }
}
