/** What the inbox says for each event; events without an entry here make no message. */
export type InboxAudience =
  | 'enterprise'
  | 'administrators'
  | 'technicians'
  | 'finance'
  /** Of the institution, told of an instrument: the event's subject. */
  | 'managers'

export const inboxTexts: Record<
  string,
  { audience: InboxAudience; title: string; tone: 'info' | 'ok' | 'warn' | 'bad' }
> = {
  'booking.approval_asked': {
    audience: 'administrators',
    title: '超出限额的预约，等您批准',
    tone: 'warn',
  },
  'booking.spending_approved': {
    audience: 'enterprise',
    title: '支出已批准，已提交机构',
    tone: 'ok',
  },
  'booking.spending_refused': {
    audience: 'enterprise',
    title: '支出未获批准，预约已取消',
    tone: 'bad',
  },
  'booking.requested': { audience: 'technicians', title: '新的预约申请，等待答复', tone: 'warn' },
  'booking.confirmed': { audience: 'enterprise', title: '预约已确认', tone: 'ok' },
  'booking.declined': { audience: 'enterprise', title: '预约被谢绝，已附替代时段', tone: 'bad' },
  'booking.cancelled': { audience: 'technicians', title: '预约已取消', tone: 'info' },
  'booking.displaced': { audience: 'enterprise', title: '因停机需改约', tone: 'bad' },
  'message.sent': { audience: 'enterprise', title: '收到新消息', tone: 'info' },
  'session.started': { audience: 'enterprise', title: '服务已开始', tone: 'info' },
  'session.finished': { audience: 'enterprise', title: '服务完成，请核对机时', tone: 'warn' },
  'session.agreed': { audience: 'technicians', title: '企业已确认机时', tone: 'ok' },
  'session.disputed': { audience: 'technicians', title: '企业对机时有异议', tone: 'bad' },
  'session.adjusted': { audience: 'enterprise', title: '机时已更正，请再次核对', tone: 'warn' },
  'bill.issued': { audience: 'enterprise', title: '账单已生成，请付款', tone: 'warn' },
  'bill.transfer_noted': { audience: 'finance', title: '企业已登记转账，请核对到账', tone: 'warn' },
  'bill.receipt_confirmed': { audience: 'enterprise', title: '单位财务已确认到账', tone: 'ok' },
  'claim.submitted': { audience: 'finance', title: '有兑付申请待确认', tone: 'info' },
  'claim.returned': { audience: 'enterprise', title: '兑付申请被退回，请补正', tone: 'bad' },
  'claim.paid': { audience: 'enterprise', title: '兑付款已拨付', tone: 'ok' },
  'catalogue.team_below_minimum': { audience: 'managers', title: '机组人数不足', tone: 'bad' },
  'catalogue.duty_uncovered': { audience: 'managers', title: '开放时间无人值班', tone: 'warn' },
  'catalogue.licence_expired': { audience: 'managers', title: '上机资质已过期', tone: 'bad' },
  'catalogue.licence_expiring': {
    audience: 'managers',
    title: '上机资质 30 天内到期',
    tone: 'warn',
  },
}

/** What a thread or timeline says for an event, in the words of a bystander. */
export const eventLabels: Record<string, string> = {
  'booking.held': '保留时段',
  'booking.approval_asked': '超出限额，提请本单位批准',
  'booking.spending_approved': '本单位批准支出',
  'booking.spending_refused': '本单位未批准支出',
  'booking.requested': '提交预约',
  'booking.confirmed': '机组已确认',
  'booking.declined': '机组谢绝',
  'booking.cancelled': '预约取消',
  'booking.displaced': '因停机改约',
  'booking.lapsed': '保留已失效',
  'session.started': '扫码签到，服务开始',
  'session.advanced': '进入下一段',
  'session.finished': '服务完成，成果已移交',
  'session.agreed': '企业确认机时',
  'session.disputed': '企业对机时有异议',
  'session.adjusted': '机组更正机时',
  'bill.issued': '账单生成',
  'bill.transfer_noted': '企业登记转账',
  'bill.receipt_confirmed': '到账确认',
  'claim.opened': '开始申报兑付',
  'claim.submitted': '提交兑付申请',
  'claim.bound': '机构绑定确认',
  'claim.reviewed': '审核通过',
  'claim.returned': '退回补正',
  'claim.approved': '兑付批准',
  'claim.paid': '兑付拨付',
  'claim.reconciled': '对账完成',
  'claim.withdrawn': '申请撤回',
}
