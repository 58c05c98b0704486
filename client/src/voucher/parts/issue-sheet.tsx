import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { fenFrom, yuan } from '@yiqi/shared/kernel/money.ts'
import { type Programme, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { Tap } from '../../kernel/parts/tap.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf } from '../../kernel/refused.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { whyNotIssue } from './quota-rules.ts'
import './voucher.scss'

type Enterprise = OutputOf<typeof identityEndpoints.listEnterprises>['rows'][number]

type IssueSheetProps = {
  /** From whose budget; null keeps the sheet closed. */
  programme: Programme | null
  onClose: () => void
  onDone: () => void
}

/**
 * 提请发放: an enterprise, an amount of the programme's budget, a reason that stays in the ledger.
 * Another administrator issues it.
 */
export function IssueSheet({ programme, onClose, onDone }: IssueSheetProps) {
  const [enterprise, setEnterprise] = useState<Enterprise | null>(null)
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  const proposal = useWrite(voucherEndpoints.proposeQuota)
  if (programme === null) return null
  const amountFen = fenFrom(amount)
  const wrong = whyNotIssue(amountFen, programme)
  const ready = enterprise !== null && wrong === null && reason.trim() !== ''
  const send = async () => {
    if (enterprise === null || amountFen === null) return
    const input = { programmeId: programme.id, enterpriseId: enterprise.id, amountFen, reason }
    if ((await proposal.run(input)) === null) return
    toast(`已提请发放 ${yuan(amountFen)}，待另一位管理员复核`)
    onClose()
    onDone()
  }
  return (
    <Sheet
      open
      title="提请发放额度"
      onClose={onClose}
      footer={
        <Button
          id="issue-submit"
          kind="primary"
          size="block"
          busy={proposal.busy}
          disabled={!ready}
          onTap={() => void send()}
        >
          {`提请发放 ${amountFen === null || wrong !== null ? '' : yuan(amountFen)}`}
        </Button>
      }
    >
      <View className="t13 ink2 num">{`${programmeTitle(programme.name).title} · 预算余额 ${yuan(programme.budgetFen)} · 每家上限 ${yuan(programme.enterpriseCapFen)}`}</View>
      <EnterpriseChoice chosen={enterprise} onChoose={setEnterprise} />
      <Field
        id="issue-amount"
        label="金额"
        type="digit"
        value={amount}
        onInput={setAmount}
        error={amount === '' ? null : (wrong ?? issueOf(proposal.refusal, 'amountFen'))}
        extra="元"
      />
      <Field
        id="issue-reason"
        label="原因"
        value={reason}
        maxLength={200}
        onInput={setReason}
        placeholder="例如：年度首次发放"
        error={issueOf(proposal.refusal, 'reason')}
      />
      <Refusal refusal={proposal.refusal} safe="未提请，预算不变" />
    </Sheet>
  )
}

type ChoiceProps = { chosen: Enterprise | null; onChoose: (enterprise: Enterprise | null) => void }

function EnterpriseChoice({ chosen, onChoose }: ChoiceProps) {
  const [q, setQ] = useState('')
  const asked = chosen !== null ? null : { ...(q.trim() === '' ? {} : { q: q.trim() }), limit: 6 }
  const found = useQuery(identityEndpoints.listEnterprises, asked, { keepOld: true })
  const change = (value: string) => {
    setQ(value)
    if (chosen !== null) onChoose(null)
  }
  return (
    <View className="stack stack-8">
      <Field
        id="issue-enterprise"
        label="企业"
        value={chosen?.name ?? q}
        maxLength={60}
        onInput={change}
        placeholder="搜企业名称或统一社会信用代码"
        hint={
          chosen === null
            ? ''
            : `${chosen.uscc} · ${chosen.city} · 入库有效期至 ${chosen.credential?.validTo ?? '未登记'}`
        }
      />
      {chosen !== null ? null : (
        <State
          query={found}
          isEmpty={(page) => page.rows.length === 0}
          empty={<View className="t14 ink3">没有找到这家企业</View>}
        >
          {(page) => (
            <View className="v-transfers">
              {page.rows.map((row) => (
                <Tap
                  key={row.id}
                  id={`issue-enterprise-${row.uscc}`}
                  className="v-transfer"
                  label={`选择 ${row.name}`}
                  onTap={() => onChoose(row)}
                >
                  <View className="grow">
                    <View className="t14">{row.name}</View>
                    <View className="t13 ink3 num">{`${row.uscc} · ${row.city} · 入库至 ${row.credential?.validTo ?? '未登记'}`}</View>
                  </View>
                </Tap>
              ))}
            </View>
          )}
        </State>
      )}
    </View>
  )
}
