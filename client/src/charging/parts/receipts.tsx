import { View } from '@tarojs/components'
import { type Bill, chargingEndpoints } from '@yiqi/shared/charging/endpoints.ts'
import { billCan, billStateLabels } from '@yiqi/shared/charging/terms.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { type ReactNode, useState } from 'react'
import { useRole } from '../../kernel/log-in.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { type Column, DataTable } from '../../kernel/parts/data-table.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Empty, State } from '../../kernel/parts/state.tsx'
import { Tag, type Tone } from '../../kernel/parts/tag.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { usePages } from '../../kernel/use-pages.ts'
import { billTotals, dueFen } from './receipt-rules.ts'
import { ReceiptSheet } from './receipt-sheet.tsx'
import './charging.scss'

const POLL_MS = 20_000

const tones: Record<Bill['state'], Tone> = {
  issued: 'warn',
  partly_paid: 'info',
  paid: 'ok',
  voided: 'quiet',
}

/**
 * Bills of the institution, with one tap to confirm what arrived: a table where there is room,
 * cards on phones.
 */
export function Receipts({ view, onChanged }: { view: 'open' | 'all'; onChanged?: () => void }) {
  const { wide } = useLayout()
  const [chosen, setChosen] = useState<Bill | null>(null)
  const pages = usePages(
    chargingEndpoints.listBills,
    { ...(view === 'open' ? { state: 'open' as const } : {}), limit: 50 },
    { pollMs: POLL_MS },
  )
  const done = () => {
    void pages.query.refresh()
    onChanged?.()
  }
  const empty = (
    <Empty icon="banknote">
      {view === 'open'
        ? '没有待确认的到账。企业登记转账后会出现在这里。'
        : '还没有账单。双方确认机时后自动出账。'}
    </Empty>
  )
  return (
    <View className="stack">
      <State query={pages.query} isEmpty={(page) => page.rows.length === 0} empty={empty}>
        {(page) =>
          wide ? (
            <BillTable rows={page.rows} onConfirm={setChosen} />
          ) : (
            <BillCards rows={page.rows} onConfirm={setChosen} />
          )
        }
      </State>
      <More pages={pages} />
      <ReceiptSheet bill={chosen} onClose={() => setChosen(null)} onDone={done} />
    </View>
  )
}

type RowsProps = { rows: readonly Bill[]; onConfirm: (bill: Bill) => void }

function BillTable({ rows, onConfirm }: RowsProps) {
  const { layout } = useLayout()
  const [selected, setSelected] = useState<string | null>(null)
  return (
    <DataTable
      label="账单"
      columns={columnsOf(rows, layout === 'large', onConfirm)}
      rows={rows}
      keyOf={(bill) => bill.id}
      selected={selected}
      onSelect={(bill) => setSelected(bill.id)}
      onOpen={(bill) => (dueFen(bill) > 0 ? onConfirm(bill) : undefined)}
    />
  )
}

/** Where there is less room, state and what was paid are left out: what is due says both. */
function columnsOf(
  rows: readonly Bill[],
  roomy: boolean,
  onConfirm: (bill: Bill) => void,
): Column<Bill>[] {
  const totals = billTotals(rows)
  const money = (id: string, title: string, totalFen: number, cell: (bill: Bill) => ReactNode) =>
    ({ id, title, align: 'end', width: '104px', cell, total: yuan(totalFen) }) as const
  return [
    {
      id: 'number',
      title: '账单',
      width: '108px',
      cell: (bill) => bill.number,
      total: `合计 ${rows.length} 张`,
    },
    { id: 'enterprise', title: '企业', width: 'minmax(110px, 1.4fr)', cell: enterpriseOf },
    { id: 'reference', title: '企业登记的流水', width: 'minmax(110px, 1fr)', cell: referenceOf },
    ...(roomy ? [{ id: 'state', title: '状态', width: '72px', cell: stateOf }] : []),
    ...(roomy
      ? [
          money('amount', '应付', totals.amountFen, (bill) => yuan(bill.amountFen)),
          money('paid', '已到账', totals.paidFen, (bill) => yuan(bill.paidFen)),
        ]
      : []),
    money('due', '未付', totals.dueFen, (bill) => (
      <View className={dueFen(bill) > 0 ? 'bold' : 'ink3'}>{yuan(dueFen(bill))}</View>
    )),
    {
      id: 'act',
      title: '',
      align: 'end',
      width: '128px',
      cell: (bill) => <Confirm bill={bill} onConfirm={onConfirm} />,
    },
  ]
}

function enterpriseOf(bill: Bill) {
  return (
    <View>
      <View className="cut">{bill.enterpriseName}</View>
      <View className="t13 ink3 cut">{bill.instrumentName}</View>
    </View>
  )
}

function stateOf(bill: Bill) {
  return <Tag tone={tones[bill.state]}>{billStateLabels[bill.state]}</Tag>
}

function referenceOf(bill: Bill) {
  if (bill.transferReference === null) return <View className="ink3">未登记</View>
  return (
    <View>
      <View className="cut num">{bill.transferReference}</View>
      <View className="t13 ink3 num">{bill.transferredOn ?? ''}</View>
    </View>
  )
}

function Confirm({ bill, onConfirm }: { bill: Bill; onConfirm: (bill: Bill) => void }) {
  const { role } = useRole()
  if (!billCan.confirmReceipt.states.some((state) => state === bill.state)) {
    const last = bill.receipts[bill.receipts.length - 1]
    return (
      <View className="t13 ink3 num">{last === undefined ? '' : `${last.receivedOn} 到账`}</View>
    )
  }
  if (role !== 'institution-finance') return <View className="t13 ink3">待单位财务确认</View>
  return (
    <Button
      id={`receipt-${bill.number}`}
      label={`确认到账 ${bill.number}`}
      onTap={() => onConfirm(bill)}
    >
      确认到账
    </Button>
  )
}

function BillCards({ rows, onConfirm }: RowsProps) {
  const totals = billTotals(rows)
  return (
    <View className="stack">
      <View className="row t13 ink3 num">
        <View className="grow">{`${rows.length} 张账单`}</View>
        <View>{`未付合计 ${yuan(totals.dueFen)}`}</View>
      </View>
      {rows.map((bill) => (
        <Card key={bill.id}>
          <View className="row row-top">
            <View className="grow">
              <View className="t16 bold cut">{bill.enterpriseName}</View>
              <View className="t13 ink3 num cut">{`${bill.number} · ${bill.instrumentName}`}</View>
            </View>
            <View className="t17 own num">{yuan(bill.amountFen)}</View>
          </View>
          <View className="c-bill-foot">
            <Tag tone={tones[bill.state]}>{billStateLabels[bill.state]}</Tag>
            <View className="t13 ink2 num grow cut">
              {bill.transferReference === null
                ? '企业尚未登记转账'
                : `流水 ${bill.transferReference} · ${bill.transferredOn ?? ''}`}
            </View>
            <Confirm bill={bill} onConfirm={onConfirm} />
          </View>
        </Card>
      ))}
    </View>
  )
}
