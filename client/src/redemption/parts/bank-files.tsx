import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { type Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { type Funder, funderLabels, funders } from '@yiqi/shared/redemption/terms.ts'
import { useState } from 'react'
import { call } from '../../kernel/call.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { pickTextFile, saveText } from '../../kernel/platform/files.ts'
import { isRefused, type Refused } from '../../kernel/refused.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { demoBankReturn, rowWords } from './desk-rules.ts'

const paid: readonly Batch['state'][] = ['instructed', 'returned', 'reconciled']

/** Payment files out, bank returns in. Nothing of a return is taken unless every row is good. */
export function BankFiles({ batch, onDone }: { batch: Batch; onDone: () => void }) {
  if (!paid.includes(batch.state)) return null
  return (
    <View className="stack stack-8">
      <View className="row row-wrap">
        {funders.map((funder) => (
          <PaymentFile key={funder} batch={batch} funder={funder} />
        ))}
        <View className="grow" />
        <DemoReturn batch={batch} />
      </View>
      {batch.actions.includes('importReturn') ? <BankReturn batch={batch} onDone={onDone} /> : null}
    </View>
  )
}

function PaymentFile({ batch, funder }: { batch: Batch; funder: Funder }) {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refused | null>(null)
  const download = async () => {
    setBusy(true)
    setRefusal(null)
    try {
      const file = await call(redemptionEndpoints.getPaymentFile, { id: batch.id, funder })
      await saveText({ name: file.filename, text: file.csv, type: 'text/csv;charset=utf-8' })
    } catch (error) {
      if (!isRefused(error)) throw error
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button
        id={`payment-file-${funder}`}
        icon="download"
        busy={busy}
        onTap={() => void download()}
      >
        {`${funderLabels[funder]}付款文件`}
      </Button>
      <Refusal refusal={refusal} />
    </>
  )
}

function BankReturn({ batch, onDone }: { batch: Batch; onDone: () => void }) {
  const [problem, setProblem] = useState<string | null>(null)
  const take = useWrite(redemptionEndpoints.importBankReturn)
  const choose = async () => {
    setProblem(null)
    take.clear()
    const file = await pickTextFile(['csv', 'txt'])
    if (file === null) return
    if (file === 'too_large') {
      setProblem('文件超过 2 MB，未导入')
      return
    }
    const done = await take.run({ id: batch.id, filename: file.name.slice(0, 120), csv: file.text })
    if (done === null) return
    toast(`已导入 ${file.name}`)
    onDone()
  }
  return (
    <View className="stack stack-8">
      <View className="row row-wrap">
        <Button id="batch-import" icon="upload" busy={take.busy} onTap={() => void choose()}>
          {batch.state === 'returned' ? '再导入一份回单' : '导入银行回单'}
        </Button>
        <View className="t13 ink3 grow">
          CSV，列：付款编号、金额(元)、状态、银行流水号；有一行不对则全部不导入
        </View>
      </View>
      {problem === null ? null : <Banner tone="bad">{problem}</Banner>}
      <FileRefusal refusal={take.refusal} />
    </View>
  )
}

const ISSUES_SHOWN = 8

function FileRefusal({ refusal }: { refusal: Refused | null }) {
  if (refusal === null) return null
  const issues = refusal.issues.slice(0, ISSUES_SHOWN)
  return (
    <Banner tone="bad">
      <View className="bold">{`${refusal.message}（整份未导入）`}</View>
      {issues.map((issue) => (
        <View className="t13" key={`${issue.path} ${issue.message}`}>
          {`${rowWords(issue.path)}${issue.message}`}
        </View>
      ))}
    </Banner>
  )
}

/** Only in a demonstration: a bank return with one difference, since no bank will write one. */
function DemoReturn({ batch }: { batch: Batch }) {
  const clock = useQuery(identityEndpoints.getClock, {})
  if (clock.data?.demo !== true || !batch.actions.includes('importReturn')) return null
  const text = demoBankReturn(batch.payments)
  return (
    <Button
      id="demo-bank-return"
      kind="quiet"
      icon="download"
      onTap={() => void saveText({ name: `${batch.number}-演示回单.csv`, text, type: 'text/csv' })}
    >
      演示回单（含一笔差额）
    </Button>
  )
}
