/** The three cost kinds that the policy allows an institution to charge. */
export const components = ['material', 'utilities', 'labour'] as const
export type Component = (typeof components)[number]

export const componentLabels: Record<Component, string> = {
  material: '材料消耗费',
  utilities: '运行费（水、电等）',
  labour: '服务费（人力）',
}

export const tiers = ['external', 'internal'] as const
export type Tier = (typeof tiers)[number]

export const billStates = ['issued', 'partly_paid', 'paid', 'voided'] as const
export type BillState = (typeof billStates)[number]

export const billStateLabels: Record<BillState, string> = {
  issued: '待付款',
  partly_paid: '部分到账',
  paid: '已到账',
  voided: '已作废',
}

export const billCan = {
  noteTransfer: { states: ['issued', 'partly_paid'] },
  confirmReceipt: { states: ['issued', 'partly_paid'] },
} as const satisfies Record<string, { states: readonly BillState[] }>
