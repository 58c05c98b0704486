import { asFields, clone, type Fields, isFn } from './types.ts'

/**
 * wx.request over the host's fetch, to a real server; `serverAt` takes the place of the address
 * built in.
 */
export function wxRequest(options: unknown, serverAt: string | null): { abort: () => void } {
  const asked = asFields(options)
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), Number(asked.timeout ?? 60_000))
  const answer = (name: 'success' | 'fail', value: Fields) => {
    if (isFn(asked[name])) asked[name](value)
    if (isFn(asked.complete)) asked.complete(value)
  }
  send(asked, controller.signal, serverAt)
    .then((value) => answer('success', value))
    .catch((error: unknown) => {
      const why = controller.signal.aborted ? 'timeout' : String(error)
      answer('fail', { errMsg: `request:fail ${why}` })
    })
    .finally(() => clearTimeout(timer))
  return { abort: () => controller.abort() }
}

async function send(asked: Fields, signal: AbortSignal, serverAt: string | null): Promise<Fields> {
  const method = String(asked.method ?? 'GET').toUpperCase()
  const headers = Object.fromEntries(
    Object.entries(asFields(asked.header)).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]),
  )
  let url = String(asked.url)
  if (serverAt !== null) url = url.replace(/^https?:\/\/[^/]+/, serverAt)
  const reads = method === 'GET' || method === 'HEAD'
  if (reads && typeof asked.data === 'object' && asked.data !== null) {
    const query = new URLSearchParams(clone(asked.data) as Record<string, string>).toString()
    if (query !== '') url += (url.includes('?') ? '&' : '?') + query
  }
  const body = reads || asked.data == null ? null : bodyOf(asked.data)
  if (body !== null) headers['content-type'] ??= 'application/json'
  const response = await fetch(url, { method, headers, body, signal })
  const text = await response.text()
  return {
    data: (asked.dataType ?? 'json') === 'json' ? parsed(text) : text,
    statusCode: response.status,
    header: Object.fromEntries(response.headers),
    cookies: [],
    errMsg: 'request:ok',
  }
}

function bodyOf(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data)
}

/** WeChat leaves text that is not JSON as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
