import { createServer, type Server } from 'node:net'

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = await listening(createServer())
  const port = portOf(server)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

/** The server, on loopback and a port of the system's choice. */
export function listening(server: Server): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
