import { connect, type Socket } from 'node:net'
import type { ClamdAddress } from './config.ts'
import type { Pieces } from './file-cipher.ts'

/** `unanswered`: nobody knows; the file must wait, however long. */
export type Verdict =
  | { kind: 'clean' }
  | { kind: 'found'; virus: string }
  | { kind: 'unanswered'; why: string }

export type Scanner = (content: Pieces) => Promise<Verdict>

const SILENCE_MS = 60_000
const REPLY_MAX = 4_096
const PART_BYTES = 64 * 1024

/**
 * Asks a clamd (INSTREAM, clamd(8)) about a content, a connection each time. Never throws: whatever
 * goes wrong, a limit of its configuration as well, is `unanswered`.
 */
export function scannerAt(address: ClamdAddress, silenceMs = SILENCE_MS): Scanner {
  return async (content) => {
    const socket = connect(address)
    try {
      const reply = replyOf(socket, silenceMs)
      // A reply that comes early ends the sending: clamd has seen enough, or too much.
      await Promise.race([reply, sendAll(socket, content)])
      return verdictOf(await reply)
    } catch (error) {
      return { kind: 'unanswered', why: error instanceof Error ? error.message : String(error) }
    } finally {
      socket.destroy()
    }
  }
}

/** Its first line; what it said before the connection failed counts. */
function replyOf(socket: Socket, silenceMs: number): Promise<string> {
  const reply = new Promise<string>((resolve, reject) => {
    let said = ''
    const end = (why: Error) => (said === '' ? reject(why) : resolve(said))
    socket.setTimeout(silenceMs, () => end(new Error('the scanner does not answer')))
    socket.on('data', (part) => {
      said += part.toString('latin1')
      if (said.includes('\0') || said.length > REPLY_MAX) resolve(said)
    })
    socket.once('error', end).once('close', () => end(new Error('the scanner hung up')))
  })
  reply.catch(() => {}) // asked for later
  return reply
}

async function sendAll(socket: Socket, content: Pieces): Promise<void> {
  await written(socket, Buffer.from('zINSTREAM\0', 'latin1'))
  for await (const piece of content)
    for (let at = 0; at < piece.length; at += PART_BYTES) {
      const part = piece.subarray(at, at + PART_BYTES)
      await written(socket, sizeOf(part.length))
      await written(socket, part)
    }
  await written(socket, sizeOf(0))
}

function written(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}

function sizeOf(bytes: number): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(bytes)
  return size
}

/** `stream: OK` is the only word that lets a file pass. */
function verdictOf(reply: string): Verdict {
  const [line = '', whole] = reply.split('\0')
  if (whole === undefined) return { kind: 'unanswered', why: 'the scanner hung up' }
  if (line === 'stream: OK') return { kind: 'clean' }
  const virus = /^stream: (.+) FOUND$/.exec(line)?.[1]
  if (virus !== undefined) return { kind: 'found', virus }
  return { kind: 'unanswered', why: line.slice(0, 200) }
}
