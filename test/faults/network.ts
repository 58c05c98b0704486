import { createConnection, createServer, type Socket } from 'node:net'
import { listening, portOf } from '../support/ports.ts'
import { watchStatements } from './statements.ts'

/** Stands between the server and its database, and can be as bad as a network. */
export type Network = {
  port: number
  /** Every connection is reset, and both ends are told so. */
  reset: () => void
  /** Nothing passes any more, and nobody is told; `false` lets through what waited. */
  hold: (held: boolean) => void
  /** Every answer comes this much later. */
  delay: (ms: number) => void
  /**
   * The next `count` statements that match lose their connection: once the database has answered
   * and before the answer is passed on, as soon as they are passed on, or instead of being passed
   * on. Settles when it has happened to all.
   */
  cut: (matches: Matches, moment: Moment, count: number) => Promise<void>
  stop: () => Promise<void>
}

/** Told a statement and the one before it on the same connection. */
export type Matches = (statement: string, before: string) => boolean
export type Moment = 'answered' | 'sent' | 'unsent'
type Pair = { client: Socket; database: Socket; cutAtAnswer: boolean }
type Cut = { matches: Matches; moment: Moment; left: number; finish: () => void }

export async function startNetwork(databasePort: number): Promise<Network> {
  const pairs = new Set<Pair>()
  let held = false
  let delayMs = 0
  let cut: Cut | null = null

  const drop = (pair: Pair) => {
    if (!pairs.delete(pair)) return
    pair.client.resetAndDestroy()
    pair.database.destroy()
  }
  const lose = (pair: Pair) => {
    drop(pair)
    if (cut === null) return
    cut.left -= 1
    if (cut.left <= 0) {
      cut.finish()
      cut = null
    }
  }
  const accept = (client: Socket) => {
    const database = createConnection(databasePort, '127.0.0.1')
    const pair: Pair = { client, database, cutAtAnswer: false }
    pairs.add(pair)
    let matched = false
    let before = ''
    const watch = watchStatements((statement) => {
      if (cut?.matches(statement, before)) matched = true
      before = statement
    })
    client.on('data', (chunk: Buffer) => {
      watch(chunk)
      const moment = matched ? cut?.moment : undefined
      matched = false
      if (moment !== 'unsent') database.write(chunk)
      if (moment === 'answered') pair.cutAtAnswer = true
      else if (moment !== undefined) lose(pair)
    })
    database.on('data', (chunk: Buffer) => {
      if (pair.cutAtAnswer) return lose(pair)
      if (delayMs === 0) return void client.write(chunk)
      setTimeout(() => client.write(chunk), delayMs)
    })
    for (const socket of [client, database]) {
      socket.setNoDelay().on('error', () => drop(pair))
      socket.on('close', () => drop(pair))
      if (held) socket.pause()
    }
  }
  const server = await listening(createServer(accept))
  return {
    port: portOf(server),
    reset: () => {
      for (const pair of pairs) drop(pair)
    },
    hold: (value) => {
      held = value
      for (const { client, database } of pairs)
        for (const socket of [client, database]) held ? socket.pause() : socket.resume()
    },
    delay: (ms) => {
      delayMs = ms
    },
    cut: (matches, moment, count) =>
      new Promise((finish) => {
        cut = { matches, moment, left: count, finish }
      }),
    stop: () => {
      for (const pair of pairs) drop(pair)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
