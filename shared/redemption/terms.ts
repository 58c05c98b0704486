import type { Step } from '../kernel/can.ts'

export const claimStates = [
  'draft',
  'submitted',
  'bound',
  'city_reviewed',
  'province_reviewed',
  'publicised',
  'approved',
  'paid',
  'reconciled',
  'returned',
  'rejected',
  'withdrawn',
  'frozen',
  'clawed_back',
] as const
export type ClaimState = (typeof claimStates)[number]

export const claimStateLabels: Record<ClaimState, string> = {
  draft: '草稿',
  submitted: '已提交',
  bound: '机构已绑定',
  city_reviewed: '市级已审',
  province_reviewed: '省级已审',
  publicised: '公示中',
  approved: '已批准',
  paid: '已拨付',
  reconciled: '已对账',
  returned: '退回补正',
  rejected: '不予兑付',
  withdrawn: '已撤回',
  frozen: '已冻结',
  clawed_back: '已追回',
}

/** Reviews a programme may ask for, in order. A skipped one leaves no state. */
export const reviews = ['binding', 'city', 'province'] as const
export type Review = (typeof reviews)[number]

export const reviewedStates = {
  binding: 'bound',
  city: 'city_reviewed',
  province: 'province_reviewed',
} as const satisfies Record<Review, ClaimState>

export const claimCan = {
  submit: { states: ['draft', 'returned'], to: 'submitted' },
  withdraw: { states: ['draft', 'submitted', 'returned'], to: 'withdrawn' },
  // Into a batch from the last review that the programme asks for, whichever that is.
  publicise: {
    states: ['submitted', 'bound', 'city_reviewed', 'province_reviewed'],
    to: 'publicised',
  },
  approve: {
    states: ['submitted', 'bound', 'city_reviewed', 'province_reviewed', 'publicised'],
    to: 'approved',
  },
  pay: { states: ['approved'], to: 'paid' },
  reconcile: { states: ['paid'], to: 'reconciled' },
} as const satisfies Record<string, Step<ClaimState>>

export const returnReasons = {
  evidence_missing: '证据材料不齐',
  amount_mismatch: '金额与账单或发票不一致',
  session_doubtful: '服务记录需说明',
  eligibility: '企业资格需补充证明',
  other: '其他',
} as const
export type ReturnReason = keyof typeof returnReasons

/** What supports a claim; the platform fills each by itself. */
export const evidences = [
  'agreement',
  'session',
  'hours',
  'handover',
  'bill',
  'payment',
  'eligibility',
] as const
export type Evidence = (typeof evidences)[number]

export const evidenceLabels: Record<Evidence, string> = {
  agreement: '服务协议（双方签收）',
  session: '上机记录（扫码签到）',
  hours: '双方确认机时',
  handover: '成果移交与样品处置',
  bill: '账单与冻结的收费标准',
  payment: '企业付款到账',
  eligibility: '企业入库登记（服务日有效）',
}

/** A claim that still waits for reviews or for a batch. */
export const underReviewStates = [
  'submitted',
  'bound',
  'city_reviewed',
  'province_reviewed',
] as const satisfies readonly ClaimState[]

/** What a list of open claims leaves out. */
export const closedClaimStates = [
  'reconciled',
  'rejected',
  'withdrawn',
  'clawed_back',
] as const satisfies readonly ClaimState[]

/** What the history of a claim says for its events. */
export const claimEventLabels: Record<string, string> = {
  'claim.opened': '开始申报',
  'claim.submitted': '提交申请',
  'claim.withdrawn': '撤回申请',
  'claim.bound': '机构绑定确认',
  'claim.reviewed': '审核通过',
  'claim.returned': '退回补正',
  'claim.publicised': '开始公示',
  'claim.approved': '批准兑付',
  'claim.paid': '已发付款指令',
  'claim.reconciled': '对账完成',
}

export const batchStates = [
  'open',
  'publicised',
  'approved',
  'instructed',
  'returned',
  'reconciled',
] as const
export type BatchState = (typeof batchStates)[number]

export const batchStateLabels: Record<BatchState, string> = {
  open: '编制中',
  publicised: '公示中',
  approved: '已批准',
  instructed: '已发付款文件',
  returned: '回单已导入',
  reconciled: '已对平',
}

export const batchCan = {
  publicise: { states: ['open'], to: 'publicised' },
  approve: { states: ['open', 'publicised'], to: 'approved' },
  instruct: { states: ['approved'], to: 'instructed' },
  importReturn: { states: ['instructed', 'returned'], to: 'returned' },
  explain: { states: ['returned'], to: 'returned' },
  reconcile: { states: ['returned'], to: 'reconciled' },
} as const satisfies Record<string, Step<BatchState>>

export const batchActions = [
  'publicise',
  'approve',
  'instruct',
  'importReturn',
  'reconcile',
] as const
export type BatchAction = (typeof batchActions)[number]

export const funders = ['province', 'city'] as const
export type Funder = (typeof funders)[number]
export const funderLabels: Record<Funder, string> = { province: '省级', city: '市级' }

export const findingLevels = ['stop', 'flag'] as const
