import { Agent, request } from 'node:http'

export type Answer = { status: number; text: string }
/** What one try of one request brought. `lost`: no answer came, for this reason. */
export type Reply = Answer | { lost: 'cut' | 'deadline' | 'abandoned' }

export type Question = {
  method: string
  path: string
  token?: string
  key?: string
  body?: string
}

export type Ask = (question: Question, options?: { abandonAfterMs?: number }) => Promise<Reply>

/** The server's own deadline and wait, and some: who waits longer hangs. */
export const DEADLINE_MS = 10_000

/** Asks the server at `port`; with `abandonAfterMs` it hangs up so long after all was sent. */
export function makeAsk(port: number): Ask {
  const agent = new Agent({ keepAlive: true })
  return ({ method, path, token, key, body }, { abandonAfterMs } = {}) =>
    new Promise((resolve) => {
      const headers: Record<string, string> = { 'content-type': 'application/json' }
      if (token !== undefined) headers.authorization = `Bearer ${token}`
      if (key !== undefined) headers['idempotency-key'] = key
      if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
      const to = { host: '127.0.0.1', port, agent, method, path: `/api${path}`, headers }
      const sent = request(to, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('aborted', () => end({ lost: 'cut' }))
        answer.on('end', () =>
          end({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
        )
      })
      const end = (reply: Reply) => {
        clearTimeout(late)
        resolve(reply)
        if ('lost' in reply) sent.destroy()
      }
      const late = setTimeout(() => end({ lost: 'deadline' }), DEADLINE_MS)
      sent.on('error', () => end({ lost: 'cut' }))
      sent.on('finish', () => {
        if (abandonAfterMs !== undefined)
          setTimeout(() => end({ lost: 'abandoned' }), abandonAfterMs)
      })
      sent.end(body)
    })
}

/** The code of a refused answer; '' when there is none. */
export function codeOf(text: string): string {
  return /^\{"code":"([a-z_.]+)"/.exec(text)?.[1] ?? ''
}
