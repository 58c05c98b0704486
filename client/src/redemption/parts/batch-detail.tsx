import { View } from '@tarojs/components'
import { dateOf, dayLabel } from '@yiqi/shared/kernel/time.ts'
import { type Batch, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import type { Programme } from '@yiqi/shared/voucher/endpoints.ts'
import { programmeTitle } from '@yiqi/shared/voucher/terms.ts'
import { serverNow } from '../../kernel/clock.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { ReasonButton } from '../../kernel/parts/button.tsx'
import { Icon } from '../../kernel/parts/icon.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { BankFiles } from './bank-files.tsx'
import { batchStages, whyNotApproveNow, whyNotReconcile } from './desk-rules.ts'
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
    <View className="row row-wrap">
      <View className="t17 num">{`批次 ${batch.number}`}</View>
      <View className="t14 ink2 grow">{`${programmeTitle(batch.programmeName).title} · ${batch.claims} 单`}</View>
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
  )
}

type NextActProps = { batch: Batch; publicityDays: number; onDone: () => void }

/** The one thing to do with the batch now, off with its reason where a rule forbids it. */
function NextAct({ batch, publicityDays, onDone }: NextActProps) {
  const publicise = useWrite(redemptionEndpoints.publiciseBatch)
  const approve = useWrite(redemptionEndpoints.approveBatch)
  const instruct = useWrite(redemptionEndpoints.instructBatch)
  const reconcile = useWrite(redemptionEndpoints.reconcileBatch)
  type Act = typeof publicise | typeof approve | typeof instruct | typeof reconcile
  const run = async (act: Act, words: string) => {
    if ((await act.run({ id: batch.id })) === null) return
    toast(words)
    onDone()
  }
  const shared = { kind: 'primary' as const }
  const refused = publicise.refusal ?? approve.refusal ?? instruct.refusal ?? reconcile.refusal
  const today = dateOf(serverNow())
  const button = () => {
    switch (batch.state) {
      case 'open':
      case 'publicised':
        if (batch.state === 'open' && publicityDays > 0) {
          return (
            <ReasonButton
              {...shared}
              id="batch-publicise"
              reason={null}
              busy={publicise.busy}
              onTap={() => void run(publicise, '已开始公示')}
            >
              {`开始公示 ${publicityDays} 天`}
            </ReasonButton>
          )
        }
        return (
          <ReasonButton
            {...shared}
            id="batch-approve"
            reason={whyNotApproveNow(batch, publicityDays, today)}
            busy={approve.busy}
            onTap={() => void run(approve, '已批准兑付')}
          >
            批准兑付
          </ReasonButton>
        )
      case 'approved':
        return (
          <ReasonButton
            {...shared}
            id="batch-instruct"
            reason={null}
            busy={instruct.busy}
            onTap={() => void run(instruct, '已入账，付款文件可下载')}
          >
            发出付款指令
          </ReasonButton>
        )
      case 'instructed':
      case 'returned':
        return (
          <ReasonButton
            {...shared}
            id="batch-reconcile"
            reason={whyNotReconcile(batch)}
            busy={reconcile.busy}
            onTap={() => void run(reconcile, '已对平')}
          >
            对账完成
          </ReasonButton>
        )
      case 'reconciled':
        return null
    }
  }
  return (
    <View className="stack stack-8">
      <Refusal refusal={refused} safe="批次未改变" />
      <View className="row row-wrap">
        <View className="t14 ink2 grow">{nextWords(batch, publicityDays)}</View>
        {button()}
      </View>
      {batch.state === 'reconciled' ? (
        <Banner tone="ok">申报、账本、银行三方相符，批次已对平。</Banner>
      ) : null}
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
