import { once } from 'node:events'
import { createConnection } from 'node:net'

export type Question = {
  method: 'GET' | 'POST' | 'PUT'
  /** Below `/api`. */
  path: string
  token?: string
  key?: string
  body?: object
}
export type Answer = { status: number; text: string }

/** One kept connection: one question at a time. Rejects when the server hangs up. */
export type Connection = { ask: (question: Question) => Promise<Answer>; close: () => void }

const NOTHING = Buffer.alloc(0)

/**
 * HTTP/1.1 written by hand: who asks shares the processors with who answers, and a client library
 * costs as much as a small request.
 */
export async function openConnection(port: number): Promise<Connection> {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let asked: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null
  let received: Buffer = NOTHING
  socket.on('data', (part: Buffer) => {
    received = received.length === 0 ? part : Buffer.concat([received, part])
    const answer = answerIn(received)
    if (answer === null) return
    received = NOTHING
    const { resolve } = asked ?? {}
    asked = null
    resolve?.(answer)
  })
  const lose = () => asked?.reject(new Error('the server hung up'))
  socket.on('error', lose).on('close', lose)
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (asked !== null) throw new Error('one question at a time')
        if (socket.destroyed) throw new Error('the server hung up')
        asked = { resolve, reject }
        socket.write(bytesOf(question))
      }),
    close: () => socket.destroy(),
  }
}

/** So many connections; all are closed after `work`. */
export async function withConnections<T>(
  port: number,
  count: number,
  work: (connections: readonly Connection[]) => Promise<T>,
): Promise<T> {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)))
  try {
    return await work(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

/** The answer that has to be a success. */
export async function succeed(connection: Connection, question: Question): Promise<string> {
  const { status, text } = await connection.ask(question)
  if (status !== 200) throw new Error(`${question.method} ${question.path}: ${status} ${text}`)
  return text
}

function bytesOf({ method, path, token, key, body }: Question): string {
  const text = body === undefined ? '' : JSON.stringify(body)
  const head = [
    `${method} /api${path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...(key === undefined ? [] : [`idempotency-key: ${key}`]),
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`]),
  ]
  return `${head.join('\r\n')}\r\n\r\n${text}`
}

/** Null while it is not whole. */
function answerIn(received: Buffer): Answer | null {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = received.toString('latin1', 0, headEnd)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without its length:\n${head}`)
  const end = headEnd + 4 + Number(length)
  if (received.length < end) return null
  return { status: Number(head.slice(9, 12)), text: received.toString('utf8', headEnd + 4, end) }
}
