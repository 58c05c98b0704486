import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { type ClaimCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { type ReactNode, useState } from 'react'
import { type Column, DataTable } from '../../kernel/parts/data-table.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
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
    <View className="r-review">
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
      <View className="r-review-pane">
        {shown === null ? null : <ClaimPane key={shown} id={shown} onDone={done} />}
      </View>
    </View>
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
  const { layout } = useLayout()
  return (
    <DataTable
      label="待审申报"
      columns={columnsOf(rows, layout === 'large')}
      rows={rows}
      keyOf={(row) => row.id}
      selected={selected}
      onSelect={(row) => onSelect(row.id)}
    />
  )
}

/** All sums where there is room; else only the voucher's, since the pane beside has the others. */
function columnsOf(rows: readonly ClaimCard[], roomy: boolean): Column<ClaimCard>[] {
  const sums = claimTotals(rows)
  const money = moneyColumns(sums.totalFen)
  return [
    {
      id: 'number',
      title: '单号',
      width: '100px',
      cell: (row) => (
        <View>
          <View className="num">{row.number}</View>
          <Light light={row.light} />
        </View>
      ),
      total: `合计 ${rows.length} 单`,
    },
    { id: 'parties', title: '企业 → 机构', width: 'minmax(96px, 1fr)', cell: partiesOf },
    ...(roomy
      ? [
          money('total', '总价', sums.totalFen, (row) => yuan(row.totalFen)),
          money('bill', '企业应付', sums.billFen, (row) => yuan(row.billFen)),
          money('paid', '到账', sums.paidFen, paidOf),
        ]
      : []),
    money('amount', '券额', sums.amountFen, (row) => (
      <View className="bold voucher">{yuan(row.amountFen)}</View>
    )),
    {
      id: 'evidence',
      title: '证据',
      align: 'end',
      width: '52px',
      cell: (row) => <EvidenceCount claim={row} brief />,
    },
  ]
}

function partiesOf(row: ClaimCard) {
  return (
    <View>
      <View className="cut">{row.enterprise.name}</View>
      <View className="t13 ink3 cut">{`→ ${row.institution.name}`}</View>
    </View>
  )
}

function paidOf(row: ClaimCard) {
  return <View className={row.paidFen === row.billFen ? '' : 'warn bold'}>{yuan(row.paidFen)}</View>
}

const DIGIT_PX = 9
const MONEY_PX = 84

/** Columns of money are as wide as the largest sum needs. */
function moneyColumns(largestFen: number) {
  const width = `${Math.max(MONEY_PX, yuan(largestFen).length * DIGIT_PX)}px`
  return (
    id: string,
    title: string,
    totalFen: number,
    cell: (row: ClaimCard) => ReactNode,
  ): Column<ClaimCard> => ({ id, title, align: 'end', width, cell, total: yuan(totalFen) })
}
