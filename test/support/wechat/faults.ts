import type { ServerResponse } from 'node:http'
import type { Answer, Fail } from './answers.ts'

/** Silence, a broken connection, -1, an HTML page with status 500, half an answer. */
export type Fault = 'timeout' | 'reset' | 'busy' | 'http500' | 'badJson'

export type FaultOptions = {
  /** Only for this path. Absent: for whatever is asked next. */
  path?: string
  times?: number
  /** The question has its effect; only the answer is lost. */
  carriedOut?: boolean
}

export type Faults = {
  /** Spoils the next answers; several plans are used up in the order they were made. */
  failNext: (kind: Fault, options?: FaultOptions) => void
  answer: (path: string, response: ServerResponse, truly: () => Answer) => void
}

/** What goes wrong on purpose: each plan spoils one answer. */
export function newFaults(fail: Fail): Faults {
  const planned: { kind: Fault; path: string | null; carriedOut: boolean }[] = []
  const take = (path: string) => {
    const at = planned.findIndex((plan) => plan.path === null || plan.path === path)
    return at === -1 ? undefined : planned.splice(at, 1)[0]
  }
  return {
    failNext: (kind, { path, times = 1, carriedOut = false } = {}) => {
      const plan = { kind, path: path ?? null, carriedOut }
      for (let i = 0; i < times; i++) planned.push(plan)
    },
    answer: (path, response, truly) => {
      const plan = take(path)
      if (plan === undefined) {
        response.end(JSON.stringify(truly()))
        return
      }
      const answer = plan.carriedOut ? truly() : fail(-1)
      spoil(plan.kind, response, answer, fail)
    },
  }
}

function spoil(kind: Fault, response: ServerResponse, answer: Answer, fail: Fail): void {
  switch (kind) {
    case 'timeout':
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'busy':
      response.end(JSON.stringify(fail(-1)))
      return
    case 'http500':
      response.writeHead(500, { 'content-type': 'text/html' })
      response.end('<html><body>Internal Server Error</body></html>')
      return
    case 'badJson':
      response.end(JSON.stringify(answer).slice(0, -1))
  }
}
