import type { BatchCard, Claim, ClaimCard } from '@yiqi/shared/redemption/endpoints.ts'
import { type ClaimState, claimEventLabels, reviews } from '@yiqi/shared/redemption/terms.ts'
import type { Programme } from '@yiqi/shared/voucher/endpoints.ts'

// What the claim screens compute from what the server said; no screen computes anything else.

/** One step on the way of a claim to its money. */
export type ClaimStep = {
  state: ClaimState
  label: string
  progress: 'done' | 'now' | 'next'
  /** When it was done, where the history says so. */
  at: string | null
  /** Who did it, or who must do it. */
  actor: string
}

type Way = Pick<Programme, 'reviews' | 'publicityDays'>
type Past = Pick<Claim, 'mode' | 'state' | 'history'>

const reviewSteps = {
  binding: { state: 'bound', label: '机构绑定确认', actor: '单位财务' },
  city: { state: 'city_reviewed', label: '市级审核', actor: '市创新券管理员' },
  province: { state: 'province_reviewed', label: '省级审核', actor: '省创新券管理员' },
} as const satisfies Record<string, { state: ClaimState; label: string; actor: string }>

type PlainStep = { state: ClaimState; label: string; actor: string; event: string }

/** The steps that a programme has, in order; what it does not ask for is not among them. */
export function stepsOf(programme: Way, mode: Claim['mode']): PlainStep[] {
  const asked = reviews.filter((review) => programme.reviews.includes(review))
  const desk = '省创新券管理员'
  return [
    {
      state: 'submitted',
      label: '提交申报',
      actor: mode === 'deduct' ? '单位财务' : '企业',
      event: 'claim.submitted',
    },
    ...asked.map((review) => ({
      ...reviewSteps[review],
      event: review === 'binding' ? 'claim.bound' : 'claim.reviewed',
    })),
    ...(programme.publicityDays === 0
      ? []
      : [
          {
            state: 'publicised' as const,
            label: `公示 ${programme.publicityDays} 天`,
            actor: desk,
            event: 'claim.publicised',
          },
        ]),
    { state: 'approved', label: '批准兑付', actor: desk, event: 'claim.approved' },
    { state: 'paid', label: '发出付款', actor: desk, event: 'claim.paid' },
    { state: 'reconciled', label: '银行回单对平', actor: desk, event: 'claim.reconciled' },
  ]
}

const closedWays: readonly ClaimState[] = ['rejected', 'withdrawn', 'frozen', 'clawed_back']

/** Where a claim stands on its way. A closed one shows what was done and nothing to come. */
export function claimSteps(claim: Past, programme: Way): ClaimStep[] {
  const steps = stepsOf(programme, claim.mode)
  const reached = steps.findIndex((step) => step.state === claim.state)
  const closed = closedWays.includes(claim.state)
  const round = sinceSubmission(claim.history)
  const used = new Set<number>()
  const doneAt = (event: string) => {
    const index = round.findIndex(
      (entry, at) => !used.has(at) && entry.label === claimEventLabels[event],
    )
    used.add(index)
    return round[index] ?? null
  }
  return steps.flatMap((step, index) => {
    const entry = closed || index <= reached ? doneAt(step.event) : null
    if (closed && entry === null) return []
    const progress = closed || index <= reached ? 'done' : index === reached + 1 ? 'now' : 'next'
    return [
      {
        state: step.state,
        label: step.label,
        progress,
        at: entry?.at ?? null,
        actor: entry?.actor ?? step.actor,
      } as const,
    ]
  })
}

/** Reviews before a return do not count: the history since the last submission. */
function sinceSubmission(history: Claim['history']): Claim['history'] {
  const submitted = claimEventLabels['claim.submitted'] ?? ''
  return history.slice(Math.max(0, history.map((entry) => entry.label).lastIndexOf(submitted)))
}

/** Who must act next on a claim, in one sentence; null when nobody must. */
export function nextActor(claim: Past, programme: Way): string | null {
  const step = claimSteps(claim, programme).find((one) => one.progress === 'now')
  return step === undefined ? null : `下一步由${step.actor}办理：${step.label}`
}

/** The lights of the desk, said in one word each: the colour only repeats it. */
export const lightWords: Record<ClaimCard['light'], string> = {
  green: '相符',
  amber: '需核',
  red: '不符',
}

export type ClaimTone = 'ok' | 'warn' | 'bad' | 'info' | 'voucher' | 'quiet'

export function claimTone(state: ClaimState): ClaimTone {
  switch (state) {
    case 'paid':
    case 'reconciled':
      return 'ok'
    case 'returned':
    case 'frozen':
      return 'warn'
    case 'rejected':
    case 'clawed_back':
      return 'bad'
    case 'withdrawn':
      return 'quiet'
    case 'draft':
      return 'voucher'
    default:
      return 'info'
  }
}

/** The sums of the rows on screen, for the last line of the table. */
export function claimTotals(
  rows: readonly Pick<ClaimCard, 'totalFen' | 'billFen' | 'paidFen' | 'amountFen'>[],
) {
  const sum = (key: 'totalFen' | 'billFen' | 'paidFen' | 'amountFen') =>
    rows.reduce((total, row) => total + row[key], 0)
  return {
    totalFen: sum('totalFen'),
    billFen: sum('billFen'),
    paidFen: sum('paidFen'),
    amountFen: sum('amountFen'),
  }
}

/** Claims, ledger and bank of a batch as one equation. */
export type Equation = {
  claimsFen: number
  /** What was closed by a transfer with a reason. */
  explainedFen: number
  /** Null before the payments are in the ledger. */
  ledgerFen: number | null
  bankFen: number | null
  differenceFen: number | null
  /** All three agree, nothing is left open. */
  zero: boolean
}

const paidOut: readonly BatchCard['state'][] = ['instructed', 'returned', 'reconciled']

export function batchEquation(
  batch: Pick<BatchCard, 'state' | 'claimsFen' | 'ledgerFen' | 'bankFen' | 'differenceFen'>,
): Equation {
  const { claimsFen, bankFen, differenceFen } = batch
  const ledgerFen = paidOut.includes(batch.state) ? batch.ledgerFen : null
  return {
    claimsFen,
    explainedFen: ledgerFen === null ? 0 : claimsFen - ledgerFen,
    ledgerFen,
    bankFen,
    differenceFen,
    zero: ledgerFen !== null && bankFen !== null && differenceFen === 0 && ledgerFen === bankFen,
  }
}
