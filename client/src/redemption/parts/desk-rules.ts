import type { OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { yuan, yuanPlain } from '@yiqi/shared/kernel/money.ts'
import type { Batch, BatchCard, redemptionEndpoints } from '@yiqi/shared/redemption/endpoints.ts'
import { whyNotApprove } from '@yiqi/shared/redemption/rules.ts'
import {
  type BatchAction,
  type BatchState,
  batchStateLabels,
} from '@yiqi/shared/redemption/terms.ts'
import type { WaterfallStep } from '../../kernel/parts/money-split-rules.ts'

type Desk = OutputOf<typeof redemptionEndpoints.getDesk>

/**
 * The eight bars of the desk: claimed = matched + differing + missing + doubtful; payable =
 * province + city.
 */
export function deskSteps(desk: Desk): WaterfallStep[] {
  return [
    { label: '申报', amountFen: desk.claimedFen, tone: 'own', kind: 'total' },
    { label: '自动相符', amountFen: desk.matchedFen, tone: 'ok', kind: 'part' },
    { label: '金额不符', amountFen: desk.differingFen, tone: 'warn', kind: 'part' },
    { label: '缺材料', amountFen: desk.missingFen, tone: 'warn', kind: 'part' },
    { label: '疑似', amountFen: desk.doubtfulFen, tone: 'bad', kind: 'part' },
    { label: '拟兑付', amountFen: desk.payableFen, tone: 'own', kind: 'total' },
    { label: '省级', amountFen: desk.provinceFen, tone: 'info', kind: 'part' },
    { label: '市级', amountFen: desk.cityFen, tone: 'quiet', kind: 'part' },
  ]
}

/**
 * Whether the waterfall adds up: every claimed fen is in exactly one column, every payable one has
 * a payer.
 */
export function deskAddsUp(desk: Desk): boolean {
  const columns = desk.matchedFen + desk.differingFen + desk.missingFen + desk.doubtfulFen
  return columns === desk.claimedFen && desk.provinceFen + desk.cityFen === desk.payableFen
}

/** Why a batch may not be reconciled yet, in words; null when it may. */
export function whyNotReconcile(batch: Pick<BatchCard, 'state' | 'differenceFen'>): string | null {
  if (batch.state === 'reconciled') return '已经对平'
  if (batch.state !== 'returned' || batch.differenceFen === null) return '先导入银行回单'
  if (batch.differenceFen === 0) return null
  return `还有差额 ${yuan(batch.differenceFen)} 未说明`
}

/** Why a batch may not be approved yet: a refusal code, or null. */
export function whyNotApproveNow(
  batch: Pick<BatchCard, 'state' | 'publicUntil'>,
  publicityDays: number,
  today: string,
) {
  const { state, publicUntil } = batch
  return whyNotApprove({ state, publicUntil, publicityDays }, today)
}

/** The refusal that this person would meet on an act whose time has come; null: none is known. */
export function obstacleOf(batch: Pick<Batch, 'obstacles'>, action: BatchAction): string | null {
  return batch.obstacles.find((one) => one.action === action)?.code ?? null
}

/** Who did what to a batch, in its order; '' while nobody is known. */
export function approvalWords(
  batch: Pick<Batch, 'openedBy' | 'approvals' | 'instructedBy' | 'reconciledBy'>,
): string {
  const approvers = batch.approvals.map(({ name }) => name).join('、')
  const steps = [
    ['编制', batch.openedBy],
    ['批准', approvers],
    ['拨付', batch.instructedBy],
    ['对账', batch.reconciledBy],
  ] as const
  return steps
    .filter(([, who]) => who !== null && who !== '')
    .map(([step, who]) => `${step} ${who}`)
    .join(' · ')
}

/** The stages of a batch; one without publicity skips that stage. */
export function batchStages(
  batch: Pick<BatchCard, 'state' | 'publicUntil'>,
  publicityDays: number,
): { state: BatchState; label: string; done: boolean; now: boolean }[] {
  const all: BatchState[] = [
    'open',
    'publicised',
    'approved',
    'instructed',
    'returned',
    'reconciled',
  ]
  const stages = all.filter((state) => state !== 'publicised' || publicityDays > 0)
  const at = stages.indexOf(batch.state)
  return stages.map((state, index) => ({
    state,
    label: batchStateLabels[state],
    done: index < at || batch.state === 'reconciled',
    now: index === at && batch.state !== 'reconciled',
  }))
}

/** How many batches stand where, and how much is still unexplained in all of them. */
export function batchCounts(batches: readonly Pick<BatchCard, 'state' | 'differenceFen'>[]) {
  const count = (...states: BatchState[]) =>
    batches.filter((batch) => states.includes(batch.state)).length
  const open = batches.filter(
    (batch) => batch.state === 'returned' && (batch.differenceFen ?? 0) !== 0,
  )
  return {
    preparing: count('open', 'publicised', 'approved'),
    atBank: count('instructed', 'returned'),
    reconciled: count('reconciled'),
    withDifference: open.length,
    differenceFen: open.reduce((sum, batch) => sum + (batch.differenceFen ?? 0), 0),
  }
}

/** Where in the bank's file something is wrong: `row 3` becomes 第 3 行. */
export function rowWords(path: string): string {
  const row = /^row (\d+)$/.exec(path)?.[1]
  return row === undefined ? '' : `第 ${row} 行：`
}

const SHORT_FEN = 2_000

/**
 * A bank return for the tour, made from the payments: all arrived, but the last one short by
 * ¥20.00, so that there is a difference to explain. No bank wrote it; it is offered in
 * demonstrations only.
 */
export function demoBankReturn(
  payments: readonly Pick<Batch['payments'][number], 'reference' | 'instructedFen'>[],
): string {
  const lines = payments.map((payment, index) => {
    const short = index === payments.length - 1 ? Math.min(SHORT_FEN, payment.instructedFen) : 0
    const number = `DEMO${String(index + 1).padStart(6, '0')}`
    return `${payment.reference},${yuanPlain(payment.instructedFen - short)},成功,${number}`
  })
  return `${['付款编号,金额(元),状态,银行流水号', ...lines].join('\r\n')}\r\n`
}
