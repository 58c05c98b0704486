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
  return apiWith(url, await logIn(url, '/demo/log-ins', { personId }))
}

/** The same for anybody in the register, by phone and the code that the server prints. */
export async function apiByPhone(url: string, phone: string, printed: () => string): Promise<Api> {
  const before = printed().length
  const asked = await post(url, '/log-in-codes', { phone })
  const { codeId } = (await asked.json()) as { codeId: string } // the endpoint's output
  const code = await codeIn(() => printed().slice(before))
  return apiWith(url, await logIn(url, '/log-ins', { phone, codeId, code }))
}

/** The six digits that stand in place of a text message. */
export async function codeIn(printed: () => string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const code = /: (\d{6})\n/.exec(printed())?.[1]
    if (code !== undefined) return code
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the server printed no code')
}

async function logIn(url: string, path: string, body: unknown): Promise<string> {
  const { token } = (await (await post(url, path, body)).json()) as { token: string } // LogIn
  return token
}

function post(url: string, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

function apiWith(url: string, token: string): Api {
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
