import { View } from '@tarojs/components'
import { yuan } from '@yiqi/shared/kernel/money.ts'
import { durationLabel } from '@yiqi/shared/kernel/time.ts'
import type { Session } from '@yiqi/shared/session/endpoints.ts'
import { type SessionState, sessionStateLabels } from '@yiqi/shared/session/terms.ts'
import type { ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { moneyWords } from '../../kernel/parts/money-split-rules.ts'
import { SegmentBar } from '../../kernel/parts/segment-bar.tsx'
import { Tag, type Tone } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { copyText } from '../../kernel/platform/clipboard.ts'

const tones: Record<SessionState, Tone> = {
  running: 'ok',
  finished: 'warn',
  disputed: 'bad',
  agreed: 'ok',
}

/** What was done: minutes by segment, consumables, hand-over, and what the hours cost. */
export function SessionCard({ session, mode }: { session: Session; mode: ProgrammeMode | null }) {
  return (
    <Card
      title="机时与移交"
      extra={<Tag tone={tones[session.state]}>{sessionStateLabels[session.state]}</Tag>}
    >
      <View className="stack stack-8">
        <SegmentBar minutes={session.minutes} current={session.segment} large />
        <View className="row">
          <View className="t14 grow">{session.state === 'running' ? '已用机时' : '有效机时'}</View>
          <View className="t17 num">{durationLabel(session.effectiveMinutes)}</View>
        </View>
        {session.disputeReason === null ? null : (
          <Banner tone="warn">{`企业异议：${session.disputeReason}`}</Banner>
        )}
        <Facts session={session} />
        {session.state === 'running' ? null : <SettlementLines session={session} mode={mode} />}
      </View>
    </Card>
  )
}

function Facts({ session }: { session: Session }) {
  const { handOver } = session
  const facts: [string, string][] = []
  if (session.state !== 'running') facts.push(['样品', `${session.samples} 件`])
  if (session.consumables.length > 0) {
    facts.push([
      '耗材',
      session.consumables.map((one) => `${one.name} ×${one.quantity}`).join('、'),
    ])
  }
  if (handOver !== null) {
    const cleared = handOver.pcCleared ? '，仪器电脑已清理' : ''
    const samples = session.samples > 0 && handOver.samplesReturned ? '，样品已退还或销毁' : ''
    facts.push(['移交', `数据已交 ${handOver.to}${samples}${cleared}`])
  }
  if (session.note !== null && session.note !== '') facts.push(['备注', session.note])
  if (facts.length === 0) return null
  return (
    <View className="booking-facts">
      {facts.map(([name, value]) => (
        <View className="booking-fact t14" key={name}>
          <View className="ink3">{name}</View>
          <View className="grow">{value}</View>
        </View>
      ))}
    </View>
  )
}

/**
 * Quote against fact; a preview until both sides agree. Used by the sheet where the enterprise
 * agrees, too.
 */
export function SettlementLines({
  session,
  mode,
}: {
  session: Session
  mode: ProgrammeMode | null
}) {
  const { settlement } = session
  const words = moneyWords(mode ?? 'none')
  const settled = session.state === 'agreed'
  return (
    <View className="booking-settlement">
      <SumLine label="报价" fen={settlement.quotedFen} quiet />
      <SumLine label={settled ? '实际费用' : '按实际机时'} fen={settlement.totalFen} />
      {mode === null ? null : (
        <View className="row voucher">
          <View className="t14 grow">{words.voucher}</View>
          <View className="t14 bold num">{yuan(settlement.voucherFen)}</View>
        </View>
      )}
      <View className="row">
        <View className="t16 bold grow">{mode === 'deduct' ? '本次应付' : '应付机构'}</View>
        <View className="t20 own num">{yuan(settlement.remainderFen)}</View>
      </View>
      {settlement.aboveQuoteFen > 0 ? (
        <View className="t13 warn num">{`高于报价 ${yuan(settlement.aboveQuoteFen)}${settled ? '，付款方已同意' : '，须付款方同意'}`}</View>
      ) : null}
    </View>
  )
}

function SumLine({ label, fen, quiet = false }: { label: string; fen: number; quiet?: boolean }) {
  return (
    <View className={`row ${quiet ? 'ink3' : ''}`}>
      <View className="t14 grow">{label}</View>
      <View className="t14 num">{yuan(fen)}</View>
    </View>
  )
}

/** The sentence for a paper, ready to copy: the policy obliges users to name the resource. */
export function AcknowledgementCard({ text }: { text: { zh: string; en: string } }) {
  const copy = async (words: string) => {
    if (await copyText(words)) toast('已复制')
  }
  return (
    <Card title="论文与报告引用声明">
      <View className="stack stack-8">
        <View className="t14 ink2 selectable">{text.zh}</View>
        <Button
          id="acknowledgement-copy-zh"
          icon="copy"
          label="复制中文引用声明"
          onTap={() => void copy(text.zh)}
        >
          复制中文
        </Button>
        <View className="t14 ink2 selectable">{text.en}</View>
        <Button
          id="acknowledgement-copy-en"
          icon="copy"
          label="复制英文引用声明"
          onTap={() => void copy(text.en)}
        >
          复制英文
        </Button>
      </View>
    </Card>
  )
}
