import { View } from '@tarojs/components'
import { type CityCode, cities } from '@yiqi/shared/identity/terms.ts'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { type Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { funderLabels } from '@yiqi/shared/redemption/terms.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { type Column, DataTable } from '../../kernel/parts/data-table.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf } from '../../kernel/refused.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { Difference } from './desk-batches.tsx'
import './redemption.scss'

type Payment = Batch['payments'][number]

/** The payments of a batch: instructed, returned by the bank, and what is between them. */
export function Payments({ batch, onDone }: { batch: Batch; onDone: () => void }) {
  const [explaining, setExplaining] = useState<Payment | null>(null)
  const sum = (of: (payment: Payment) => number) =>
    batch.payments.reduce((total, one) => total + of(one), 0)
  const returned = batch.bankFen === null ? '—' : yuan(batch.bankFen)
  const columns: Column<Payment>[] = [
    {
      id: 'reference',
      title: '付款编号',
      width: '148px',
      cell: (one) => <View className="num">{one.reference}</View>,
      total: `合计 ${batch.payments.length} 笔`,
    },
    { id: 'funder', title: '出资', width: '84px', cell: funderOf },
    {
      id: 'payee',
      title: '收款方',
      width: 'minmax(140px, 1fr)',
      cell: (one) => <Payee payment={one} />,
    },
    {
      id: 'instructed',
      title: '指令',
      align: 'end',
      width: '112px',
      cell: (one) => yuan(one.instructedFen),
      total: yuan(sum((one) => one.instructedFen)),
    },
    {
      id: 'returned',
      title: '银行',
      align: 'end',
      width: '112px',
      cell: (one) => (one.returnedFen === null ? '—' : yuan(one.returnedFen)),
      total: returned,
    },
    {
      id: 'difference',
      title: '差额',
      align: 'end',
      width: '96px',
      cell: (one) => <Difference fen={one.differenceFen} />,
      total: <Difference fen={batch.differenceFen} />,
    },
    {
      id: 'words',
      align: 'end',
      title: '回单与说明',
      width: 'minmax(132px, 1fr)',
      cell: (one) => <Words payment={one} onExplain={setExplaining} />,
    },
  ]
  return (
    <>
      <DataTable label="付款" columns={columns} rows={batch.payments} keyOf={(one) => one.id} />
      <ExplainSheet
        key={explaining?.id ?? ''}
        payment={explaining}
        onClose={() => setExplaining(null)}
        onDone={onDone}
      />
    </>
  )
}

function funderOf(payment: Payment): string {
  const { cityCode } = payment
  const known = Object.keys(cities).find((code): code is CityCode => code === cityCode)
  return known === undefined ? funderLabels[payment.funder] : cities[known]
}

function Payee({ payment }: { payment: Payment }) {
  return (
    <View>
      <View className="cut">{payment.payeeName}</View>
      <View className="t13 ink3 num cut">
        {payment.payeeAccountTail === null ? '没有收款账户' : `尾号 ${payment.payeeAccountTail}`}
      </View>
    </View>
  )
}

function Words({
  payment,
  onExplain,
}: {
  payment: Payment
  onExplain: (payment: Payment) => void
}) {
  if (payment.differenceFen !== null && payment.differenceFen !== 0) {
    return (
      <Button
        id={`explain-${payment.reference}`}
        label={`说明差额 ${payment.reference}`}
        onTap={() => onExplain(payment)}
      >
        说明差额
      </Button>
    )
  }
  const { returnStatus, explanation, explainedFen } = payment
  const explained =
    explainedFen === 0
      ? null
      : `已说明 ${yuan(explainedFen)}${explanation === null ? '' : `：${explanation}`}`
  return (
    <View className="t13 ink2 cut">{[returnStatus, explained].filter(Boolean).join(' · ')}</View>
  )
}

type ExplainProps = { payment: Payment | null; onClose: () => void; onDone: () => void }

/** 说明差额: a transfer with a reason closes it; no amount that was written is changed. */
function ExplainSheet({ payment, onClose, onDone }: ExplainProps) {
  const [reason, setReason] = useState('')
  const explain = useWrite(redemptionEndpoints.explainDifference)
  const send = async () => {
    if (payment === null) return
    if ((await explain.run({ id: payment.id, reason })) === null) return
    toast('差额已说明，账本已更正')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open={payment !== null}
      title="说明差额"
      onClose={onClose}
      footer={
        <Button
          id="difference-explain"
          kind="primary"
          size="block"
          busy={explain.busy}
          disabled={reason.trim().length < 4}
          onTap={() => void send()}
        >
          {`说明并更正 ${yuan(payment?.differenceFen ?? 0)}`}
        </Button>
      }
    >
      <View className="t14 num">{`${payment?.reference ?? ''} · ${payment?.payeeName ?? ''}`}</View>
      <View className="t14 ink2 num">
        {`指令 ${yuan(payment?.instructedFen ?? 0)}，银行 ${yuan(payment?.returnedFen ?? 0)}`}
      </View>
      <Field
        id="difference-reason"
        label="原因"
        multiline
        maxLength={200}
        placeholder="例如：银行扣收跨行手续费"
        hint="以一笔带原因的转账更正，不改原记录"
        value={reason}
        onInput={setReason}
        error={issueOf(explain.refusal, 'reason')}
      />
      <Refusal refusal={explain.refusal} safe="账本未改变" />
    </Sheet>
  )
}
