/**
 * Asks the running server as a person of the demonstration: for what a test must know or a
 * presenter does.
 */
export type Api = {
  get: <T>(path: string) => Promise<T>
  send: <T>(method: 'POST' | 'PUT', path: string, body: unknown) => Promise<T>
  /** Moves the demonstration clock forward, as the presenter does. */
  moveClock: (to: Date) => Promise<void>
}

export async function apiAs(url: string, personId: string): Promise<Api> {
  const logIn = await fetch(`${url}/api/demo/log-ins`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ personId }),
  })
  const { token } = (await logIn.json()) as { token: string } // the log-in contract
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const ask = async <T>(method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return (await answer.json()) as T // the endpoint's output, named by the caller
  }
  return {
    get: (path) => ask('GET', path),
    send: ask,
    moveClock: async (to) => void (await ask('PUT', '/demo/clock', { to: to.toISOString() })),
  }
}
