import type { Step } from '../kernel/can.ts'

export const bookingStates = [
  'held',
  'awaiting_approval',
  'requested',
  'confirmed',
  'running',
  'finished',
  'closed',
  'lapsed',
  'declined',
  'cancelled',
  'displaced',
  'no_show',
] as const
export type BookingState = (typeof bookingStates)[number]

/** Live bookings occupy their instrument: the exclusion constraint covers exactly these. */
export const liveStates = [
  'held',
  'awaiting_approval',
  'requested',
  'confirmed',
  'running',
] as const satisfies readonly BookingState[]

export const bookingCan = {
  request: { states: ['held'], to: 'requested' },
  /** A request above its member's limits waits for their administrator first. */
  askApproval: { states: ['held'], to: 'awaiting_approval' },
  approveSpending: { states: ['awaiting_approval'], to: 'requested' },
  refuseSpending: { states: ['awaiting_approval'], to: 'cancelled' },
  confirm: { states: ['requested'], to: 'confirmed' },
  decline: { states: ['requested'], to: 'declined' },
  cancel: { states: ['held', 'awaiting_approval', 'requested', 'confirmed'], to: 'cancelled' },
  displace: { states: ['awaiting_approval', 'requested', 'confirmed'], to: 'displaced' },
  lapse: { states: ['held', 'awaiting_approval', 'requested'], to: 'lapsed' },
  checkIn: { states: ['confirmed'], to: 'running' },
  finish: { states: ['running'], to: 'finished' },
  close: { states: ['finished'], to: 'closed' },
  missed: { states: ['confirmed'], to: 'no_show' },
} as const satisfies Record<string, Step<BookingState>>

export const bookingStateLabels: Record<BookingState, string> = {
  held: '保留中',
  awaiting_approval: '待单位批准',
  requested: '待机构确认',
  confirmed: '已确认',
  running: '进行中',
  finished: '待确认机时',
  closed: '已完成',
  lapsed: '已失效',
  declined: '已谢绝',
  cancelled: '已取消',
  displaced: '因故障改约',
  no_show: '爽约',
}

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'quiet'

export const bookingStateTones: Record<BookingState, Tone> = {
  held: 'warn',
  awaiting_approval: 'warn',
  requested: 'warn',
  confirmed: 'info',
  running: 'ok',
  finished: 'warn',
  closed: 'ok',
  lapsed: 'quiet',
  declined: 'bad',
  cancelled: 'quiet',
  displaced: 'bad',
  no_show: 'bad',
}

/** Who acts next, in one line under the state. */
export const nextActorLabels: Record<BookingState, string> = {
  held: '请在 10 分钟内提交',
  awaiting_approval: '等本单位管理员批准支出',
  requested: '机组人员将在工作时间内答复',
  confirmed: '到时扫仪器码签到',
  running: '服务进行中',
  finished: '请企业核对机时',
  closed: '已结束',
  lapsed: '无人需要操作',
  declined: '可改约其他时段',
  cancelled: '无人需要操作',
  displaced: '请改约其他时段',
  no_show: '无人需要操作',
}

/** What a viewer may do now; the server sends these, the client never guesses. */
export const bookingActions = [
  'request',
  'approveSpending',
  'refuseSpending',
  'confirm',
  'decline',
  'cancel',
  'checkIn',
  'run',
  'agree',
  'pay',
  'claim',
] as const
export type BookingAction = (typeof bookingActions)[number]

export const declineReasons = {
  sample_unsuitable: '样品不适合本仪器',
  method_unavailable: '无法开展该检测项目',
  instrument_down: '仪器状态不佳',
  time_conflict: '本单位科研教学占用',
  other: '其他原因',
} as const
export type DeclineReason = keyof typeof declineReasons

export const outageKinds = {
  calibration: '标定',
  cleaning: '清洁',
  preventive: '预防性维护',
  fault: '故障',
  repair: '维修',
} as const
export type OutageKind = keyof typeof outageKinds

/**
 * The declared purpose of the work (NRII serviceDirection); a customs-supervised instrument refuses
 * `138`.
 */
export const serviceDirections = {
  '135': '科学研究',
  '136': '科技开发',
  '137': '教学',
  '138': '其他',
} as const
export type ServiceDirection = keyof typeof serviceDirections

export const cellStates = [
  'free',
  'busy',
  'held',
  'mine',
  'outage',
  'closed',
  'past',
  'blocked',
] as const
export type CellState = (typeof cellStates)[number]

export const cellStateLabels: Record<CellState, string> = {
  free: '可约',
  busy: '已约',
  held: '他人保留',
  mine: '我的',
  outage: '维护',
  closed: '不开放',
  past: '已过',
  blocked: '不可约',
}

export const HOLD_MINUTES = 10
