import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../support/random.ts'
import { type Answer, type Ask, codeOf, type Question, type Reply } from './ask.ts'

/** What an acknowledged write must have left behind: an event of a booking. */
export type Effect = { event: string; bookingOf: (answer: string) => string }

/** One thing that somebody wanted done, under one key, until they are told how it ended. */
export type Write = {
  question: Question & { key: string }
  userId: string
  effect: Effect
  state: 'open' | 'done' | 'refused'
  answer: string
  acknowledgedAt: number
}

/** Everything that was asked for, and what became of it. Counts are of tries. */
export type Book = {
  writes: Write[]
  retries: number
  twins: number
  abandoned: number
  hung: number
  unavailable: number
  /** Answers that may never come: a 5xx that is no 503. */
  bugs: string[]
  /** Answers that were not what the same key had got before. */
  changed: string[]
  /** Writes nobody could finish in time. */
  unfinished: string[]
  /** When the last acknowledged write was begun, by `performance.now`. */
  lastBegun: number
}

export type WriteOptions = { twin?: boolean; abandonAfterMs?: number }
export type Writer = {
  book: Book
  /** Does one thing until it is acknowledged; what was hung up on stays open. */
  write: (wanted: Wanted, options?: WriteOptions) => Promise<Write>
  /** Asks again until it is acknowledged or refused. */
  settle: (write: Write) => Promise<Write>
}
export type Wanted = {
  by: { userId: string; token: string }
  method: string
  path: string
  body: unknown
  effect: Effect
}

const FINISHED_WITHIN_MS = 60_000
const PAUSE_MS = 40

export function makeWriter(ask: Ask, random: Random, run: string): Writer {
  const book: Book = {
    writes: [],
    retries: 0,
    twins: 0,
    abandoned: 0,
    hung: 0,
    unavailable: 0,
    bugs: [],
    changed: [],
    unfinished: [],
    lastBegun: 0,
  }
  const settle = async (write: Write): Promise<Write> => {
    const giveUpAt = performance.now() + FINISHED_WITHIN_MS
    for (let tries = 1; ; tries++) {
      const begun = performance.now()
      const answer = lastWord(book, write, await ask(write.question))
      if (answer !== null) {
        acknowledge(book, write, answer, begun)
        return write
      }
      if (performance.now() > giveUpAt) {
        book.unfinished.push(nameOf(write))
        return write
      }
      book.retries += 1
      await sleep(PAUSE_MS + random.below(PAUSE_MS * Math.min(tries, 5)))
    }
  }
  const write = async (wanted: Wanted, options: WriteOptions = {}): Promise<Write> => {
    const { by, method, path, body, effect } = wanted
    const key = `${run}-${String(book.writes.length).padStart(6, '0')}`
    const question = { method, path, token: by.token, key, body: JSON.stringify(body) }
    const { userId } = by
    const made: Write = { question, userId, effect, state: 'open', answer: '', acknowledgedAt: 0 }
    book.writes.push(made)
    if (options.abandonAfterMs !== undefined) {
      book.abandoned += 1
      await ask(question, { abandonAfterMs: options.abandonAfterMs })
      return made
    }
    if (options.twin) book.twins += 1
    await Promise.all([settle(made), ...(options.twin ? [settle(made)] : [])])
    return made
  }
  return { book, write, settle }
}

/** The answer, or null when the same is to be asked again; what that says is counted. */
function lastWord(book: Book, write: Write, reply: Reply): Answer | null {
  if ('lost' in reply) {
    if (reply.lost === 'deadline') book.hung += 1
    return null
  }
  if (reply.status === 503) book.unavailable += 1
  else if (reply.status >= 500) book.bugs.push(`${nameOf(write)}: ${reply.status} ${reply.text}`)
  return reply.status >= 500 || codeOf(reply.text) === 'kernel.in_progress' ? null : reply
}

function acknowledge(book: Book, write: Write, reply: Answer, begun: number): void {
  const state = reply.status === 200 ? 'done' : 'refused'
  if (write.state === 'done' && (state !== 'done' || write.answer !== reply.text))
    book.changed.push(`${nameOf(write)}: a ${state} answer, ${reply.status} ${reply.text}`)
  if (write.state === 'done') return
  write.state = state
  write.answer = reply.text
  write.acknowledgedAt = performance.now()
  if (state === 'done') book.lastBegun = Math.max(book.lastBegun, begun)
}

export const nameOf = ({ question }: Write): string =>
  `${question.key} ${question.method} ${question.path}`
