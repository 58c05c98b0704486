import { View } from '@tarojs/components'
import { type Bill, chargingEndpoints } from '@yiqi/shared/charging/endpoints.ts'
import { fenFrom, yuan, yuanPlain } from '@yiqi/shared/kernel/money.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf } from '../../kernel/refused.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { dueFen, whyNotAmount } from './receipt-rules.ts'
import './charging.scss'

type ReceiptSheetProps = {
  /** The bill that money arrived for; null keeps the sheet closed. */
  bill: Bill | null
  onClose: () => void
  onDone: () => void
}

/**
 * 确认到账: what is still due and the noted reference are filled in; a part of it may be confirmed.
 */
export function ReceiptSheet({ bill, onClose, onDone }: ReceiptSheetProps) {
  if (bill === null) return null
  return (
    <ReceiptForm key={`${bill.id} ${bill.paidFen}`} bill={bill} onClose={onClose} onDone={onDone} />
  )
}

function ReceiptForm({ bill, onClose, onDone }: ReceiptSheetProps & { bill: Bill }) {
  const due = dueFen(bill)
  const [amount, setAmount] = useState(yuanPlain(due))
  const [reference, setReference] = useState(bill.transferReference ?? '')
  const [day, setDay] = useState(bill.transferredOn ?? dateOf(serverNow()))
  const confirm = useWrite(chargingEndpoints.confirmReceipt)
  const amountFen = fenFrom(amount)
  const wrong = whyNotAmount(amountFen, bill)
  const ready = wrong === null && reference.trim().length >= 4
  const send = async () => {
    if (amountFen === null) return
    const input = { id: bill.id, amountFen, reference, receivedOn: day }
    if ((await confirm.run(input)) === null) return
    toast(amountFen === due ? '已确认到账' : '已登记部分到账')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open
      title="确认到账"
      onClose={onClose}
      footer={
        <Button
          id="receipt-submit"
          kind="primary"
          size="block"
          busy={confirm.busy}
          disabled={!ready}
          onTap={() => void send()}
        >
          {`确认到账 ${amountFen === null || wrong !== null ? '' : yuan(amountFen)}`}
        </Button>
      }
    >
      <BillFacts bill={bill} />
      <Field
        id="receipt-amount"
        label="到账金额"
        type="digit"
        value={amount}
        onInput={setAmount}
        error={wrong ?? issueOf(confirm.refusal, 'amountFen')}
        hint={`未付 ${yuan(due)}`}
        extra="元"
      />
      <Field
        id="receipt-reference"
        label="银行流水号"
        value={reference}
        maxLength={60}
        onInput={setReference}
        error={issueOf(confirm.refusal, 'reference')}
        hint={referenceHint(bill)}
      />
      <Field
        id="receipt-day"
        label="到账日期"
        value={day}
        maxLength={10}
        placeholder="2026-11-25"
        onInput={setDay}
        error={issueOf(confirm.refusal, 'receivedOn')}
      />
      <Refusal refusal={confirm.refusal} safe="到账未登记" />
    </Sheet>
  )
}

function referenceHint(bill: Bill): string {
  if (bill.transferReference === null) return '企业尚未登记，请按银行回单填写'
  return '企业已登记，请与银行回单核对'
}

function BillFacts({ bill }: { bill: Bill }) {
  return (
    <View className="c-bill-facts">
      <View className="t14 bold">{bill.enterpriseName}</View>
      <View className="t13 ink3 num">{`${bill.number} · ${bill.instrumentName}`}</View>
      <View className="t13 ink3 num">{`应付 ${yuan(bill.amountFen)} · 已到账 ${yuan(bill.paidFen)}`}</View>
    </View>
  )
}
