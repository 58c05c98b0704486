import { must } from '@yiqi/shared/kernel/assert.ts'

/** A statement of the driver, before it is sent; settled by `resolve` or `reject`, once. */
export type Query = Promise<unknown> & {
  handler: (query: Query) => void
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** One connection of the driver. It is never opened twice: what was lost with it stays lost. */
export type Wire = { send: (query: Query) => void; close: () => void }

/** Opens a wire; `onLost` is called at once when it closes, for whatever reason. */
export type OpenWire = (onLost: () => void) => Wire

export type PoolOptions = {
  open: OpenWire
  /** The driver's error in our terms, and whether the wire is as good after it as before. */
  read: (error: unknown) => { error: unknown; harmless: boolean }
  max: number
  /** How long an answer may take; then the line is closed. 0: for ever. */
  deadlineMs: number
  /** How long to wait for a free line. 0: for ever. */
  waitMs: number
}

export type Line = {
  /** Queues a query; it settles in any case: answered, lost with the line, or out of time. */
  send: (query: Query) => void
  isLost: () => boolean
  close: () => void
}

export type Pool = {
  /** A line for one use; rejects with `tooBusy` when none comes free in time. */
  take: () => Promise<Line>
  give: (line: Line) => void
  /** Waits for the lines in use, at most `timeoutMs`, and closes all. */
  end: (timeoutMs: number) => Promise<void>
}

export const lineErrors = {
  lost: 'line_lost',
  outOfTime: 'line_out_of_time',
  unreachable: 'line_unreachable',
  busy: 'lines_busy',
  ended: 'lines_ended',
} as const

/** At most `max` lines, opened when needed; one that was lost is replaced by the next that asks. */
export function makePool(options: PoolOptions): Pool {
  const idle: Line[] = []
  const used = new Set<Line>()
  const waiting: ((line: Line | Error) => void)[] = []
  let ended = false
  let onIdle: () => void = () => {}

  const open = (): Line => {
    const line = openLine(options)
    used.add(line)
    return line
  }
  const next = (): Line | null => {
    for (let line = idle.pop(); line; line = idle.pop()) {
      if (line.isLost()) continue
      used.add(line)
      return line
    }
    return used.size < options.max ? open() : null
  }
  const wait = (): Promise<Line> =>
    new Promise((resolve, reject) => {
      const settle = (line: Line | Error) => {
        clearTimeout(timer)
        if (line instanceof Error) reject(line)
        else resolve(line)
      }
      const giveUp = () => {
        waiting.splice(waiting.indexOf(settle), 1)
        settle(lineError(lineErrors.busy, 'no connection came free in time'))
      }
      const timer = options.waitMs === 0 ? undefined : setTimeout(giveUp, options.waitMs)
      waiting.push(settle)
    })
  return {
    take: async () => {
      if (ended) throw lineError(lineErrors.ended, 'the pool is closed')
      return next() ?? wait()
    },
    give: (line) => {
      used.delete(line)
      if (ended) line.close()
      else if (!line.isLost()) idle.push(line)
      const first = waiting.shift()
      if (first) first(must(next(), 'a line for who waits'))
      if (used.size === 0) onIdle()
    },
    end: async (timeoutMs) => {
      ended = true
      for (const line of idle.splice(0)) line.close()
      for (const first of waiting.splice(0))
        first(lineError(lineErrors.ended, 'the pool is closed'))
      if (used.size > 0) await within(timeoutMs, (done) => (onIdle = done))
      for (const line of used) line.close()
    },
  }
}

/**
 * A line sends one query at a time, so that nothing stands in the driver's own queue when the wire
 * is cut: the driver would send it again on another one, outside its transaction.
 */
function openLine({ open, read, deadlineMs }: PoolOptions): Line {
  const queue: Query[] = []
  let current: { query: Query; timer: NodeJS.Timeout | undefined } | null = null
  let lost = false

  const lose = (error: Error) => {
    if (lost) return
    lost = true
    wire.close()
    current?.query.reject(error)
    for (const query of queue.splice(0)) query.reject(error)
  }
  const wire = open(() => lose(lineError(lineErrors.lost, 'the connection was lost')))
  const advance = () => {
    const query = queue.shift()
    if (query === undefined) return
    const late = () => lose(lineError(lineErrors.outOfTime, 'no answer came in time'))
    current = { query, timer: deadlineMs === 0 ? undefined : setTimeout(late, deadlineMs) }
    wire.send(query)
  }
  const settled = (query: Query) => {
    if (current?.query !== query) return
    clearTimeout(current.timer)
    current = null
    if (!lost) advance()
  }
  return {
    isLost: () => lost,
    close: () => lose(lineError(lineErrors.lost, 'the connection was closed')),
    send: (query) => {
      const { resolve, reject } = query
      query.resolve = (value) => {
        resolve(value)
        settled(query)
      }
      query.reject = (raw) => {
        const { error, harmless } = read(raw)
        reject(error)
        // What the driver is in the middle of after such an error, nobody knows.
        if (!harmless) lose(lineError(lineErrors.lost, 'the connection was lost', error))
        settled(query)
      }
      if (lost) return query.reject(lineError(lineErrors.lost, 'the connection was lost'))
      queue.push(query)
      if (current === null) advance()
    },
  }
}

export function lineError(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code })
}

/** Waits until `start` calls back, at most so long. */
function within(ms: number, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    start(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
