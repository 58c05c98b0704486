import { View } from '@tarojs/components'
import { dateOf, dayLabel } from '@yiqi/shared/kernel/time.ts'
import { type Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import type { Programme } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { serverNow } from '../../kernel/clock.ts'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { BankFiles } from './bank-files.tsx'
import {
  approvalWords,
  batchStages,
  obstacleOf,
  whyNotApproveNow,
  whyNotReconcile,
} from './desk-rules.ts'
import { BatchEquation } from './equation.tsx'
import { Payments } from './payments.tsx'
import './redemption.scss'

const POLL_MS = 20_000

type BatchDetailProps = { id: string; programmes: readonly Programme[]; onChanged: () => void }

/** One batch: its stages, its three sums, the next act, its payments. */
export function BatchDetail({ id, programmes, onChanged }: BatchDetailProps) {
  const query = useQuery(redemptionEndpoints.getBatch, { id }, { pollMs: POLL_MS })
  const done = () => {
    void query.refresh()
    onChanged()
  }
  return (
    <View className="r-desk-panel">
      <State query={query}>
        {(batch) => {
          const programme = programmes.find((one) => one.id === batch.programmeId)
          const days = programme?.publicityDays ?? 0
          return (
            <View className="stack stack-16">
              <Stages batch={batch} publicityDays={days} />
              <BatchEquation batch={batch} />
              <People batch={batch} />
              <NextAct batch={batch} publicityDays={days} onDone={done} />
              <BankFiles batch={batch} onDone={done} />
              {batch.payments.length === 0 ? null : <Payments batch={batch} onDone={done} />}
            </View>
          )
        }}
      </State>
    </View>
  )
}

function Stages({ batch, publicityDays }: { batch: Batch; publicityDays: number }) {
  return (
    <View className="r-batch-head">
      <View className="t17 num">{`批次 ${batch.number}`}</View>
      <View className="t14 ink2 grow">
        {`${programmeTitle(batch.programmeName).title} · ${batch.claims} 单`}
      </View>
      <View className="row row-wrap">
        {batchStages(batch, publicityDays).map((stage) => (
          <View
            key={stage.state}
            className={`r-stage t13 ${stage.done ? 'r-stage-done' : stage.now ? 'r-stage-now' : ''}`}
          >
            <Icon name={stage.done ? 'circle-check' : 'circle'} size={14} />
            {stage.label}
          </View>
        ))}
      </View>
    </View>
  )
}

/** Who composed, approved, paid and closed it: never the same person twice in a row. */
function People({ batch }: { batch: Batch }) {
  const words = approvalWords(batch)
  return words === '' ? null : <View className="t13 ink3">{words}</View>
}

type NextActProps = { batch: Batch; publicityDays: number; onDone: () => void }

/** The one thing to do with the batch now, off with its reason where a rule forbids it. */
function NextAct({ batch, publicityDays, onDone }: NextActProps) {
  const shared = { batch, onDone, words: nextWords(batch, publicityDays) }
  const today = dateOf(serverNow())
  const given = `${batch.approvals.length}/${batch.approvalsNeeded}`
  const publicises = batch.state === 'open' && publicityDays > 0
  if (publicises) {
    return (
      <BatchAct
        {...shared}
        id="batch-publicise"
        endpoint={redemptionEndpoints.publiciseBatch}
        verb={`开始公示 ${publicityDays} 天`}
        done="已开始公示"
        reason={obstacleOf(batch, 'publicise')}
      />
    )
  }
  switch (batch.state) {
    case 'open':
    case 'publicised':
      return (
        <BatchAct
          {...shared}
          id="batch-approve"
          endpoint={redemptionEndpoints.approveBatch}
          verb={batch.approvalsNeeded > 1 ? `批准兑付（${given}）` : '批准兑付'}
          done="已批准"
          reason={whyNotApproveNow(batch, publicityDays, today) ?? obstacleOf(batch, 'approve')}
        />
      )
    case 'approved':
      return (
        <BatchAct
          {...shared}
          id="batch-instruct"
          endpoint={redemptionEndpoints.instructBatch}
          verb="发出付款指令"
          done="已入账，付款文件可下载"
          reason={obstacleOf(batch, 'instruct')}
        />
      )
    case 'instructed':
    case 'returned':
      return (
        <BatchAct
          {...shared}
          id="batch-reconcile"
          endpoint={redemptionEndpoints.reconcileBatch}
          verb="对账完成"
          done="已对平"
          reason={whyNotReconcile(batch) ?? obstacleOf(batch, 'reconcile')}
        />
      )
    case 'reconciled':
      return null // the equation above says it
  }
}

type BatchActProps = {
  batch: Batch
  id: string
  /** The acts on a batch take its id and answer the batch: one shape of endpoint. */
  endpoint: typeof redemptionEndpoints.approveBatch
  /** What the button says, and what is said when it is done. */
  verb: string
  done: string
  reason?: string | null
  words: string
  onDone: () => void
}

function BatchAct({
  batch,
  id,
  endpoint,
  verb,
  done,
  reason = null,
  words,
  onDone,
}: BatchActProps) {
  const act = useWrite(endpoint)
  const run = async () => {
    if ((await act.run({ id: batch.id })) === null) return
    toast(done)
    onDone()
  }
  return (
    <View className="stack stack-8">
      <Refusal refusal={act.refusal} safe="批次未改变" />
      <View className="row row-wrap">
        <View className="t14 ink2 grow">{words}</View>
        <ReasonButton
          key={id}
          id={id}
          kind="primary"
          reason={reason}
          busy={act.busy}
          onTap={() => void run()}
        >
          {verb}
        </ReasonButton>
      </View>
    </View>
  )
}

function nextWords(batch: Batch, publicityDays: number): string {
  const { publicUntil } = batch
  switch (batch.state) {
    case 'open':
      return publicityDays > 0 ? `下一步：公示 ${publicityDays} 天` : '本计划不公示，可直接批准'
    case 'publicised':
      return publicUntil === null ? '公示中' : `公示至 ${dayLabel(publicUntil)}，期满后批准`
    case 'approved':
      return '下一步：入账并生成省级、市级付款文件'
    case 'instructed':
      return '下一步：把付款文件交银行，再导入银行回单'
    case 'returned':
      return '差额为零方可对账完成；有差额请逐笔说明'
    case 'reconciled':
      return ''
  }
}
