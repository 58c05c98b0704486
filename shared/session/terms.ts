import type { Step } from '../kernel/can.ts'

export const sessionStates = ['running', 'finished', 'disputed', 'agreed'] as const
export type SessionState = (typeof sessionStates)[number]

export const sessionStateLabels: Record<SessionState, string> = {
  running: '进行中',
  finished: '待企业确认机时',
  disputed: '机时有异议',
  agreed: '双方已确认',
}

export const sessionCan = {
  advance: { states: ['running'], to: 'running' },
  finish: { states: ['running'], to: 'finished' },
  agree: { states: ['finished'], to: 'agreed' },
  dispute: { states: ['finished'], to: 'disputed' },
  adjust: { states: ['disputed'], to: 'finished' },
} as const satisfies Record<string, Step<SessionState>>

/** The counted segments, in order; their sum is the effective machine time. */
export const segments = ['preparation', 'testing', 'post_processing'] as const
export type Segment = (typeof segments)[number]

export const segmentLabels: Record<Segment, string> = {
  preparation: '准备',
  testing: '测试',
  post_processing: '后处理',
}

export const CHECK_IN_EARLY_MINUTES = 15

/** Hours that nobody answers count as agreed after this many working days. */
export const SILENT_AGREEMENT_WORKING_DAYS = 3
