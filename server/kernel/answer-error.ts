import { type ErrorBody, Refusal, refusals } from '@yiqi/shared/kernel/refusals.ts'
import { isNotDone, isUnknownOutcome } from './connect.ts'
import { refusalOf } from './constraints.ts'
import { type Log, traceOf } from './log.ts'

export type ErrorAnswer = { status: number; body: ErrorBody }

/**
 * Turns whatever was thrown into an answer: a refusal by its table, anything else a bug with its
 * id.
 */
export function answerError(error: unknown, requestId: string, log: Log): ErrorAnswer {
  const refusal = refusalOf(error)
  if (refusal) {
    log('debug', 'refused', { code: refusal.code, requestId })
    return refused(refusal, requestId)
  }
  if (isUnknownOutcome(error)) {
    log('error', 'outcome_unknown', { requestId })
    return refused(new Refusal('kernel.outcome_unknown'), requestId)
  }
  if (isNotDone(error)) {
    log('error', 'not_done', { requestId, error: traceOf(error) })
    return refused(new Refusal('kernel.busy'), requestId)
  }
  log('error', 'bug', {
    requestId,
    stack: traceOf(error),
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

function refused({ code, issues }: Refusal, requestId: string): ErrorAnswer {
  const { status, zh } = refusals[code]
  const body = { code, message: zh, requestId, ...(issues.length > 0 ? { issues } : {}) }
  return { status, body }
}
