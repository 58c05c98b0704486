/**
 * deduct: the voucher pays its share and the institution redeems. refund: the enterprise pays all,
 * then claims.
 */
export const programmeModes = ['deduct', 'refund'] as const
export type ProgrammeMode = (typeof programmeModes)[number]

export const programmeModeLabels: Record<ProgrammeMode, string> = {
  deduct: '直接抵扣',
  refund: '先付后兑',
}

export const programmeStates = ['draft', 'in_force', 'closed'] as const

export const accountKinds = ['treasury', 'programme', 'quota', 'payable', 'paid', 'lapsed'] as const
export type AccountKind = (typeof accountKinds)[number]

export const transferKinds = [
  'appropriation',
  'issue',
  'earmark',
  'post',
  'release',
  'payment',
  'bank_difference',
  'lapse',
  'clawback',
] as const
export type TransferKind = (typeof transferKinds)[number]

export const transferKindLabels: Record<TransferKind, string> = {
  appropriation: '预算拨入',
  issue: '发放额度',
  earmark: '额度预占',
  post: '核销入账',
  release: '预占释放',
  payment: '兑付拨款',
  bank_difference: '银行差额更正',
  lapse: '到期失效',
  clawback: '追回',
}

export const quotaIssueStates = ['proposed', 'issued', 'refused'] as const
export type QuotaIssueState = (typeof quotaIssueStates)[number]

export const quotaIssueStateLabels: Record<QuotaIssueState, string> = {
  proposed: '待复核',
  issued: '已发放',
  refused: '已退回',
}

export const earmarkStates = ['pending', 'posted', 'released', 'lapsed'] as const
export type EarmarkState = (typeof earmarkStates)[number]

export const earmarkStateLabels: Record<EarmarkState, string> = {
  pending: '预占中',
  posted: '已核销',
  released: '已释放',
  lapsed: '已失效',
}

const SAMPLE = '（示例参数）'

/**
 * The name of a programme without the mark of one whose terms are samples, and whether it bears it.
 */
export function programmeTitle(name: string): { title: string; sample: boolean } {
  const sample = name.includes(SAMPLE)
  return { title: name.replace(SAMPLE, ''), sample }
}
