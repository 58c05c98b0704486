import { type ErrorBody, refusals } from '@yiqi/shared/kernel/refusals.ts'
import { isUnknownOutcome } from './connect.ts'
import { refusalOf } from './constraints.ts'
import type { Log } from './log.ts'

export type ErrorAnswer = { status: number; body: ErrorBody }

/**
 * Turns whatever was thrown into an answer: a refusal by its table, anything else a bug with its
 * id.
 */
export function answerError(error: unknown, requestId: string, log: Log): ErrorAnswer {
  const refusal = refusalOf(error)
  if (refusal) {
    const { status, zh } = refusals[refusal.code]
    log('debug', 'refused', { code: refusal.code, requestId })
    return {
      status,
      body: {
        code: refusal.code,
        message: zh,
        requestId,
        ...(refusal.issues.length > 0 ? { issues: refusal.issues } : {}),
      },
    }
  }
  if (isUnknownOutcome(error)) {
    log('error', 'outcome_unknown', { requestId })
    return {
      status: 503,
      body: {
        code: 'kernel.outcome_unknown',
        message: refusals['kernel.outcome_unknown'].zh,
        requestId,
      },
    }
  }
  log('error', 'bug', {
    requestId,
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  return {
    status: 500,
    body: {
      code: 'bug',
      message: `系统出错，编号 ${requestId}。没有扣款，操作未生效。`,
      requestId,
    },
  }
}
