// The words of the register of laboratory staff and of experts.

/** 编制: on what terms somebody works for the institution. */
export const establishments = ['establishment', 'contract', 'dispatched', 'part-time'] as const
export type Establishment = (typeof establishments)[number]

export const establishmentLabels: Record<Establishment, string> = {
  establishment: '事业编',
  contract: '合同',
  dispatched: '劳务派遣',
  'part-time': '兼职',
}

/** What the client offers to choose from; an institution may write its own. */
export const commonPosts = ['分析测试', '仪器操作', '仪器维护', '样品制备', '平台管理'] as const

/** 实验技术系列, highest first; what the client offers. */
export const commonTitles = [
  '正高级实验师',
  '高级实验师',
  '实验师',
  '助理实验师',
  '正高级工程师',
  '高级工程师',
  '工程师',
  '助理工程师',
] as const

export const trainingKinds = ['operation', 'safety', 'quality', 'regulations', 'other'] as const
export type TrainingKind = (typeof trainingKinds)[number]

export const trainingKindLabels: Record<TrainingKind, string> = {
  operation: '仪器操作',
  safety: '实验室安全',
  quality: '质量与计量',
  regulations: '政策法规',
  other: '其他',
}

export const trainingResults = ['passed', 'failed', 'attended'] as const
export type TrainingResult = (typeof trainingResults)[number]

export const trainingResultLabels: Record<TrainingResult, string> = {
  passed: '考核合格',
  failed: '考核不合格',
  attended: '参加',
}

/** How a paper with a last day stands. */
export const validities = ['none', 'valid', 'expiring', 'expired'] as const
export type Validity = (typeof validities)[number]

export const validityLabels: Record<Validity, string> = {
  none: '未登记',
  valid: '有效',
  expiring: '即将到期',
  expired: '已过期',
}
