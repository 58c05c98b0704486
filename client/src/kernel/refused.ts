import type { ErrorBody, Issue, RefusalCode } from '@yiqi/shared/kernel/refusals.ts'

/** A code of the table, or one of the three things that only a client meets. */
export type RefusedCode = RefusalCode | 'kernel.offline' | 'kernel.timeout' | 'bug'

/** A call that was not granted, as a value to show: `message` is a Chinese sentence. */
export type Refused = {
  refused: true
  code: RefusedCode | (string & {})
  /** HTTP status; 0 when the server was not reached. */
  status: number
  message: string
  /** Which fields, by path in the input, and what is wrong with each. */
  issues: Issue[]
  requestId: string | null
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'refused' in value
}

export function offline(timedOut: boolean): Refused {
  return {
    refused: true,
    code: timedOut ? 'kernel.timeout' : 'kernel.offline',
    status: 0,
    message: timedOut ? '网络较慢，暂未收到答复，请重试' : '网络未连接，请检查后重试',
    issues: [],
    requestId: null,
  }
}

export function refusedFrom(status: number, body: unknown): Refused {
  const error = isErrorBody(body) ? body : null
  return {
    refused: true,
    code: error?.code ?? 'bug',
    status,
    message: error?.message ?? '系统出错，请稍后重试',
    issues: error?.issues ?? [],
    requestId: error?.requestId ?? null,
  }
}

/** The message for one field of a form, null when the server found nothing wrong with it. */
export function issueOf(refusal: Refused | null, path: string): string | null {
  return refusal?.issues.find((issue) => issue.path === path)?.message ?? null
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body
}
