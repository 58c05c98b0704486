import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { type BatchCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { batchStateLabels } from '@yiqi/shared/redemption/terms.ts'
import type { Programme } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { type ReactNode, useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { type Column, DataTable } from '../../kernel/parts/data-table.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { usePages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { BatchDetail } from './batch-detail.tsx'
import { batchEquation } from './claim-rules.ts'
import './redemption.scss'

type DeskBatchesProps = {
  programmeId: string | null
  programmes: readonly Programme[]
  onChanged: () => void
}

/**
 * 批次: what was gathered for payment, with claims, ledger and bank side by side; the chosen one
 * below.
 */
export function DeskBatches({ programmeId, programmes, onChanged }: DeskBatchesProps) {
  const { layout } = useLayout()
  const [selected, setSelected] = useState<string | null>(null)
  const pages = usePages(redemptionEndpoints.listBatches, {
    ...(programmeId === null ? {} : { programmeId }),
    limit: 30,
  })
  const rows = pages.query.data?.rows ?? []
  const urgent =
    rows.find((row) => (row.differenceFen ?? 0) !== 0) ??
    rows.find((row) => row.state !== 'reconciled')
  const shown = rows.find((row) => row.id === selected) ?? urgent ?? rows[0] ?? null
  const changed = () => {
    if (shown !== null) setSelected(shown.id) // an answer must not move the eye to another batch
    void pages.query.refresh()
    onChanged()
  }
  const opened = (id: string) => {
    changed()
    setSelected(id)
  }
  const offered = programmes.filter((one) => programmeId === null || one.id === programmeId)
  return (
    <View className="stack stack-16">
      <OpenBatch programmes={offered} onOpened={opened} />
      <State query={pages.query} isEmpty={(page) => page.rows.length === 0} empty={<NoBatch />}>
        {(page) => (
          <DataTable
            label="兑付批次"
            columns={columnsOf(layout === 'large')}
            rows={page.rows}
            keyOf={(row) => row.id}
            selected={shown?.id ?? null}
            onSelect={(row) => setSelected(row.id)}
          />
        )}
      </State>
      <More pages={pages} />
      {shown === null ? null : (
        <BatchDetail key={shown.id} id={shown.id} programmes={programmes} onChanged={changed} />
      )}
    </View>
  )
}

function NoBatch() {
  return (
    <View className="r-desk-panel">
      <Empty icon="hand-coins">
        还没有兑付批次。审核通过的申报可以编制成批次，再公示、拨付、对账。
      </Empty>
    </View>
  )
}

type OpenBatchProps = { programmes: readonly Programme[]; onOpened: (id: string) => void }

/** Gathers what is fully reviewed; asks for the programme where there are several. */
function OpenBatch({ programmes, onOpened }: OpenBatchProps) {
  const [choosing, setChoosing] = useState(false)
  const open = useWrite(redemptionEndpoints.openBatch)
  const start = async (programmeId: string) => {
    const batch = await open.run({ programmeId })
    if (batch === null) return
    setChoosing(false)
    onOpened(batch.id)
  }
  const only = programmes.length === 1 ? programmes[0] : undefined
  return (
    <View className="row row-wrap">
      <View className="t13 ink3 grow">把审核完的申报编成一批，再公示、批准、拨付、对账</View>
      <Refusal refusal={open.refusal} safe="批次未建立" />
      <Button
        id="batch-open"
        icon="plus"
        busy={open.busy}
        disabled={programmes.length === 0}
        onTap={() => (only === undefined ? setChoosing(true) : void start(only.id))}
      >
        编制批次
      </Button>
      <Sheet open={choosing} title="为哪个计划编制批次" onClose={() => setChoosing(false)}>
        <Refusal refusal={open.refusal} safe="批次未建立" />
        {programmes.map((programme) => (
          <Button
            key={programme.id}
            id={`batch-open-${programme.code}`}
            size="block"
            busy={open.busy}
            onTap={() => void start(programme.id)}
          >
            {programmeTitle(programme.name).title}
          </Button>
        ))}
      </Sheet>
    </View>
  )
}

/** Where there is less room, the programme, the day and the count are left to the detail below. */
function columnsOf(roomy: boolean): Column<BatchCard>[] {
  const width = roomy ? '120px' : '96px'
  const money = (id: string, title: string, cell: (row: BatchCard) => ReactNode) =>
    ({ id, title, align: 'end', width, cell }) as const
  return [
    {
      id: 'number',
      title: '批次',
      width: roomy ? '120px' : 'minmax(104px, 1fr)',
      cell: (row) => <View className="num">{row.number}</View>,
    },
    ...(roomy ? roomyColumns : []),
    money('sum', '申报', (row) => yuan(row.claimsFen)),
    money('ledger', '账本', (row) => orDash(batchEquation(row).ledgerFen)),
    money('bank', '银行', (row) => orDash(row.bankFen)),
    money('difference', '差额', (row) => <Difference fen={row.differenceFen} />),
    { id: 'state', title: '状态', align: 'end', width: '108px', cell: stateOf },
  ]
}

const roomyColumns: Column<BatchCard>[] = [
  {
    id: 'programme',
    title: '计划',
    width: 'minmax(140px, 1fr)',
    cell: (row) => programmeTitle(row.programmeName).title,
  },
  {
    id: 'opened',
    title: '编制日',
    width: '96px',
    cell: (row) => <View className="num">{dateOf(new Date(row.openedAt))}</View>,
  },
  { id: 'claims', title: '单数', align: 'end', width: '48px', cell: (row) => row.claims },
]

function stateOf(row: BatchCard) {
  return <Tag tone={row.state === 'reconciled' ? 'ok' : 'info'}>{batchStateLabels[row.state]}</Tag>
}

/** A difference: none yet, zero, or how much in red. */
export function Difference({ fen }: { fen: number | null }) {
  if (fen === null) return <View className="ink3">—</View>
  return <View className={fen === 0 ? 'ok' : 'bad bold'}>{yuan(fen)}</View>
}

function orDash(fen: number | null): string {
  return fen === null ? '—' : yuan(fen)
}
