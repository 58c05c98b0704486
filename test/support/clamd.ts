import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'

/** The test file of EICAR, in two parts: this file itself is none. */
export const EICAR = Buffer.from(
  `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'}`,
)

export type Clamd = {
  address: { host: string; port: number }
  /** How many contents it was asked about. */
  asked: () => number
  stop: () => Promise<void>
}

/**
 * A stand-in for clamd that speaks INSTREAM and finds EICAR's file wherever it stands. `word`
 * replaces every answer; `silent`: it reads and never answers; `maxBytes`: like StreamMaxLength.
 */
export async function startClamd(
  how: { word?: string; silent?: true; maxBytes?: number; port?: number } = {},
): Promise<Clamd> {
  const sockets = new Set<Socket>()
  let asked = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    let bytes = Buffer.alloc(0)
    let done = false
    socket.on('data', (part) => {
      if (done) return
      bytes = Buffer.concat([bytes, part])
      const read = contentIn(bytes, how.maxBytes ?? Number.POSITIVE_INFINITY)
      if (read === 'more') return
      done = true
      asked++
      if (how.silent) return
      socket.end(`${how.word ?? answerTo(read)}\0`)
    })
  })
  await new Promise<void>((resolve) => server.listen(how.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listens on a port
  const stop = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    })
  return { address: { host: '127.0.0.1', port }, asked: () => asked, stop }
}

function contentIn(bytes: Buffer, maxBytes: number): Buffer | 'more' | 'too much' | 'unknown' {
  const command = Buffer.from('zINSTREAM\0')
  if (bytes.length < command.length) return 'more'
  if (!bytes.subarray(0, command.length).equals(command)) return 'unknown'
  const chunks: Buffer[] = []
  let size = 0
  for (let at = command.length; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (length === 0) return Buffer.concat(chunks)
    size += length
    if (size > maxBytes) return 'too much'
    if (at + 4 + length > bytes.length) return 'more'
    chunks.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return 'more'
}

function answerTo(content: Buffer | 'too much' | 'unknown'): string {
  if (content === 'too much') return 'INSTREAM size limit exceeded. ERROR'
  if (content === 'unknown') return 'UNKNOWN COMMAND'
  return content.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK'
}
