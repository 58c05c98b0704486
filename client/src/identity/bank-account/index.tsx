import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { BankAccount } from '@yiqi/shared/identity/endpoints-bank.ts'
import { type BankAccountState, bankAccountLabels } from '@yiqi/shared/identity/terms.ts'
import { type Seat, whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { useMe } from '../../kernel/log-in.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag, type Tone } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { issueOf } from '../../kernel/refused.ts'
import { usePages } from '../../kernel/use-pages.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'

const tones: Record<BankAccountState, Tone> = {
  proposed: 'warn',
  in_use: 'ok',
  refused: 'quiet',
  replaced: 'quiet',
}

/** 收款账户: where the organisation is paid; one person proposes, another puts it in use. */
export default function BankAccountPage() {
  const me = useMe()
  const pages = usePages(identityEndpoints.listBankAccounts, {})
  const [proposing, setProposing] = useState(false)
  const [refusing, setRefusing] = useState<BankAccount | null>(null)
  const refresh = () => void pages.query.refresh()
  const seat: Seat | null | undefined =
    me === null
      ? undefined
      : me.membership === null
        ? null
        : { role: me.membership.role, duties: me.duties }
  const whyNot = whyNotAllowed('identity.proposeBankAccount', seat)
  const waiting = pages.query.data?.rows.some((row) => row.state === 'proposed') ?? false
  const proposes = whyNot === null
  return (
    <Page
      title="收款账户"
      onRefresh={pages.query.refresh}
      footer={
        !proposes ? null : (
          <ReasonButton
            id="account-propose-open"
            kind="primary"
            size="block"
            reason={waiting ? 'identity.proposal_waiting' : null}
            onTap={() => setProposing(true)}
          >
            提请新的收款账户
          </ReasonButton>
        )
      }
    >
      <Banner tone="info">
        兑付款只拨到使用中的账户。一人提请、另一人复核后启用；账号加密保存，只显示尾号。
      </Banner>
      <State
        query={pages.query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Card>
            <Empty icon="banknote">
              {proposes ? '还没有收款账户。提请后由另一人复核启用。' : '没有待复核的收款账户。'}
            </Empty>
          </Card>
        }
      >
        {(page) =>
          page.rows.map((row) => (
            <Account key={row.id} row={row} onRefuse={setRefusing} onDone={refresh} />
          ))
        }
      </State>
      <More pages={pages} />
      <ProposeSheet open={proposing} onClose={() => setProposing(false)} onDone={refresh} />
      <RefuseSheet
        key={refusing?.id ?? ''}
        row={refusing}
        onClose={() => setRefusing(null)}
        onDone={refresh}
      />
    </Page>
  )
}

type AccountProps = {
  row: BankAccount
  onRefuse: (row: BankAccount) => void
  onDone: () => void
}

function Account({ row, onRefuse, onDone }: AccountProps) {
  const use = useWrite(identityEndpoints.putBankAccountInUse)
  const send = async () => {
    if ((await use.run({ id: row.id })) === null) return
    toast('账户已启用')
    onDone()
  }
  return (
    <Card
      title={row.organisation.name}
      extra={<Tag tone={tones[row.state]}>{bankAccountLabels[row.state]}</Tag>}
      look={row.state === 'replaced' || row.state === 'refused' ? 'sunken' : 'plain'}
    >
      <Cell title={row.bankName} detail={accountWords(row)} value={<AccountNumber row={row} />} />
      {row.state !== 'proposed' ? null : (
        <View className="row row-wrap">
          <View className="grow" />
          {row.whyNotCheck !== null ? null : (
            <Button id="account-refuse-open" onTap={() => onRefuse(row)}>
              退回
            </Button>
          )}
          <ReasonButton
            id="account-use"
            kind="primary"
            reason={row.whyNotCheck}
            busy={use.busy}
            onTap={() => void send()}
          >
            复核并启用
          </ReasonButton>
        </View>
      )}
      <Refusal refusal={use.refusal} safe="收款账户未改变" />
    </Card>
  )
}

/** The end of the number; the whole of it only when asked for, and every asking is recorded. */
function AccountNumber({ row }: { row: BankAccount }) {
  const [shown, setShown] = useState(false)
  const read = useQuery(identityEndpoints.readBankAccount, shown ? { id: row.id } : null)
  const number = read.data?.number ?? null
  if (number !== null) return <View className="num">{number}</View>
  return (
    <View className="row">
      <View className="num">{`尾号 ${row.accountTail}`}</View>
      <Button
        kind="quiet"
        label={`查看尾号 ${row.accountTail} 的完整账号`}
        busy={shown && read.state === 'loading'}
        onTap={() => (shown ? void read.refresh() : setShown(true))}
      >
        查看
      </Button>
    </View>
  )
}

function accountWords({ proposedBy, proposedAt, decidedBy, decidedAt, reason }: BankAccount) {
  const proposed = `${proposedBy ?? '原有登记'} ${stamp(new Date(proposedAt))} 提请`
  const decided =
    decidedBy === null || decidedAt === null
      ? null
      : `${decidedBy} ${stamp(new Date(decidedAt))} 复核`
  return [proposed, decided, reason].filter((words) => words !== null).join(' · ')
}

type SheetProps = { onClose: () => void; onDone: () => void }

function ProposeSheet({ open, onClose, onDone }: SheetProps & { open: boolean }) {
  const [bankName, setBankName] = useState('')
  const [typed, setTyped] = useState('')
  const propose = useWrite(identityEndpoints.proposeBankAccount)
  const account = typed.replace(/[\s-]/g, '')
  const wrong = account === '' || /^\d{8,30}$/.test(account) ? null : '账号须为 8 至 30 位数字'
  const ready = bankName.trim().length >= 2 && account !== '' && wrong === null
  const send = async () => {
    if ((await propose.run({ bankName, account })) === null) return
    setTyped('')
    toast('已提请，待本单位另一人复核')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open={open}
      title="提请收款账户"
      onClose={onClose}
      footer={
        <Button
          id="account-propose"
          kind="primary"
          size="block"
          busy={propose.busy}
          disabled={!ready}
          onTap={() => void send()}
        >
          提请复核
        </Button>
      }
    >
      <Field
        id="account-bank"
        label="开户行"
        value={bankName}
        maxLength={80}
        onInput={setBankName}
        placeholder="银行全称，写到支行"
        error={issueOf(propose.refusal, 'bankName')}
      />
      <Field
        id="account-number"
        label="账号"
        type="tel"
        value={typed}
        maxLength={40}
        onInput={setTyped}
        hint="户名须与单位名称一致"
        error={wrong ?? issueOf(propose.refusal, 'account')}
      />
      <Refusal refusal={propose.refusal} safe="收款账户未改变" />
    </Sheet>
  )
}

function RefuseSheet({ row, onClose, onDone }: SheetProps & { row: BankAccount | null }) {
  const [reason, setReason] = useState('')
  const refuse = useWrite(identityEndpoints.refuseBankAccount)
  const send = async () => {
    if (row === null) return
    if ((await refuse.run({ id: row.id, reason })) === null) return
    toast('已退回')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open={row !== null}
      title="退回收款账户"
      onClose={onClose}
      footer={
        <Button
          id="account-refuse"
          kind="primary"
          size="block"
          busy={refuse.busy}
          disabled={reason.trim() === ''}
          onTap={() => void send()}
        >
          退回
        </Button>
      }
    >
      <Field
        id="account-refuse-reason"
        label="原因"
        multiline
        maxLength={200}
        value={reason}
        onInput={setReason}
        placeholder="例如：户名与单位名称不一致"
      />
      <Refusal refusal={refuse.refusal} safe="收款账户未改变" />
    </Sheet>
  )
}
