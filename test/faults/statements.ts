const NUL = 0

/**
 * Reads what a client of PostgreSQL says, in pieces as they come, and calls `onExecute` with the
 * text of every statement that is executed, simple or prepared.
 */
export function watchStatements(onExecute: (text: string) => void): (chunk: Buffer) => void {
  const prepared = new Map<string, string>()
  let rest = Buffer.alloc(0)
  let greeted = false
  let bound = ''

  const read = (type: string, body: Buffer) => {
    if (type === 'Q') return onExecute(textAt(body, 0))
    if (type === 'E') return onExecute(bound)
    const first = textAt(body, 0)
    const second = textAt(body, Buffer.byteLength(first) + 1)
    if (type === 'P') prepared.set(first, second)
    if (type === 'B') bound = prepared.get(second) ?? ''
  }
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      // The first message of a connection has no type.
      const at = greeted ? 1 : 0
      if (rest.length < at + 4) return
      const end = at + rest.readInt32BE(at)
      if (rest.length < end) return
      if (greeted) read(String.fromCharCode(rest[0] ?? NUL), rest.subarray(at + 4, end))
      greeted = true
      rest = rest.subarray(end)
    }
  }
}

function textAt(body: Buffer, from: number): string {
  const end = body.indexOf(NUL, from)
  return body.toString('utf8', from, end < 0 ? body.length : end)
}
