import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { type QuotaIssue, voucherEndpoints } from '@yiqi/shared/voucher/endpoints.ts'
import { type QuotaIssueState, quotaIssueStateLabels } from '@yiqi/shared/voucher/terms.ts'
import { useState } from 'react'
import { Button, ReasonButton } from '../../kernel/parts/button.tsx'
import { Card, Section } from '../../kernel/parts/card.tsx'
import { Field } from '../../kernel/parts/field.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Segmented } from '../../kernel/parts/segmented.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag, type Tone } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'

const views = [
  { value: 'proposed', label: '待复核' },
  { value: 'issued', label: '已发放' },
  { value: 'refused', label: '已退回' },
] as const satisfies readonly { value: QuotaIssueState; label: string }[]

const tones: Record<QuotaIssueState, Tone> = { proposed: 'warn', issued: 'ok', refused: 'quiet' }

type QuotaIssuesProps = { programmeId: string; onChanged: () => void }

/** 额度发放单: what one administrator proposed, for another to issue or refuse. */
export function QuotaIssues({ programmeId, onChanged }: QuotaIssuesProps) {
  const [state, setState] = useState<QuotaIssueState>('proposed')
  const [refusing, setRefusing] = useState<QuotaIssue | null>(null)
  const pages = usePages(voucherEndpoints.listQuotaIssues, { programmeId, state, limit: 20 })
  return (
    <Section
      title="额度发放单"
      extra={<Segmented label="状态" options={views} value={state} onChange={setState} />}
    >
      <State
        query={pages.query}
        isEmpty={(page) => page.rows.length === 0}
        empty={
          <Card>
            <Empty icon="ticket-percent">
              {`没有${quotaIssueStateLabels[state]}的发放单。提请后须由另一位管理员发放。`}
            </Empty>
          </Card>
        }
      >
        {(page) => (
          <Card>
            {page.rows.map((issue) => (
              <Issue key={issue.id} issue={issue} onRefuse={setRefusing} onDone={onChanged} />
            ))}
          </Card>
        )}
      </State>
      <More pages={pages} />
      <RefuseSheet
        key={refusing?.id ?? ''}
        issue={refusing}
        onClose={() => setRefusing(null)}
        onDone={onChanged}
      />
    </Section>
  )
}

type IssueProps = {
  issue: QuotaIssue
  onRefuse: (issue: QuotaIssue) => void
  onDone: () => void
}

function Issue({ issue, onRefuse, onDone }: IssueProps) {
  const write = useWrite(voucherEndpoints.issueQuota)
  const send = async () => {
    if ((await write.run({ id: issue.id })) === null) return
    toast(`已发放 ${yuan(issue.amountFen)}`)
    onDone()
  }
  const open = issue.state === 'proposed'
  return (
    <View className="stack stack-8 v-transfer">
      <View className="row row-wrap">
        <View className="grow">
          <View className="t16">{`${issue.enterprise.name} · ${yuan(issue.amountFen)}`}</View>
          <View className="t13 ink3">{issueWords(issue)}</View>
        </View>
        <Tag tone={tones[issue.state]}>{quotaIssueStateLabels[issue.state]}</Tag>
      </View>
      {!open ? null : (
        <View className="row row-wrap">
          <View className="grow" />
          {issue.whyNotCheck !== null ? null : (
            <Button id={`issue-refuse-${issue.id}`} onTap={() => onRefuse(issue)}>
              退回
            </Button>
          )}
          <ReasonButton
            id={`issue-check-${issue.id}`}
            kind="primary"
            reason={issue.whyNotCheck}
            busy={write.busy}
            onTap={() => void send()}
          >
            复核并发放
          </ReasonButton>
        </View>
      )}
      <Refusal refusal={write.refusal} safe="额度未发放，预算不变" />
    </View>
  )
}

function issueWords({ reason, madeBy, madeAt, checkedBy, checkedAt, note }: QuotaIssue): string {
  const made = `${madeBy.name} ${stamp(new Date(madeAt))} 提请`
  const checked =
    checkedBy === null || checkedAt === null
      ? null
      : `${checkedBy.name} ${stamp(new Date(checkedAt))} 复核`
  return [reason, made, checked, note].filter((words) => words !== null).join(' · ')
}

type RefuseProps = { issue: QuotaIssue | null; onClose: () => void; onDone: () => void }

/** 退回: with a reason that who proposed it reads. */
function RefuseSheet({ issue, onClose, onDone }: RefuseProps) {
  const [reason, setReason] = useState('')
  const write = useWrite(voucherEndpoints.refuseQuota)
  const send = async () => {
    if (issue === null) return
    if ((await write.run({ id: issue.id, reason })) === null) return
    toast('已退回，额度未发放')
    onClose()
    onDone()
  }
  return (
    <Sheet
      open={issue !== null}
      title="退回发放单"
      onClose={onClose}
      footer={
        <Button
          id="issue-refuse-submit"
          kind="primary"
          size="block"
          busy={write.busy}
          disabled={reason.trim() === ''}
          onTap={() => void send()}
        >
          退回
        </Button>
      }
    >
      <View className="t14 num">
        {issue === null ? '' : `${issue.enterprise.name} · ${yuan(issue.amountFen)}`}
      </View>
      <Field
        id="issue-refuse-reason"
        label="原因"
        multiline
        maxLength={200}
        value={reason}
        onInput={setReason}
        placeholder="告诉提请人为什么不发放"
      />
      <Refusal refusal={write.refusal} safe="发放单未改变" />
    </Sheet>
  )
}
