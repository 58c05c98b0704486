import { Refusal } from '@yiqi/shared/kernel/refusals.ts'

const DEPTH_MAX = 20
const KEYS_MAX = 1_000
const VALUES_MAX = 5_000

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * JSON as it may come in: at most twenty levels deep, a thousand keys and five thousand values in
 * all, and no key twice in one object, because readers differ in which of the two they take (RFC
 * 8259 section 4). Looked at before anything is built of it. Refuses kernel.json_too_deep,
 * kernel.json_ambiguous, kernel.not_json.
 */
export function readJson(text: string): unknown {
  measure(text)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('kernel.not_json')
  }
}

/**
 * One pass over the text. A string before a colon is a key of the innermost bracket; what is no
 * JSON is found by the parser afterwards.
 */
function measure(text: string): void {
  const open: (Set<string> | null)[] = []
  let keys = 0
  let values = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === QUOTE) {
      const end = endOfString(text, i)
      if (isBeforeColon(text, end)) {
        const known = open.at(-1)
        const key = text.slice(i + 1, end)
        if (++keys > KEYS_MAX) throw new Refusal('kernel.json_too_deep')
        if (known && seenBefore(known, key)) throw new Refusal('kernel.json_ambiguous')
      }
      i = end
    } else if (c === COMMA) {
      if (++values > VALUES_MAX) throw new Refusal('kernel.json_too_deep')
    } else if (c === OPEN_OBJECT || c === OPEN_LIST) {
      open.push(c === OPEN_OBJECT ? new Set() : null)
      if (open.length > DEPTH_MAX) throw new Refusal('kernel.json_too_deep')
    } else if (c === CLOSE_OBJECT || c === CLOSE_LIST) open.pop()
  }
}

/** Where the string that begins at `start` has its other quote; the end of a text that has none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return end
  }
  return text.length
}

function isBeforeColon(text: string, end: number): boolean {
  let next = end + 1
  while (text.charCodeAt(next) <= 0x20) next++
  return text.charCodeAt(next) === COLON
}

/** Two spellings of one key are the same key. */
function seenBefore(known: Set<string>, written: string): boolean {
  const key = written.includes('\\') ? spelledOut(written) : written
  if (known.has(key)) return true
  known.add(key)
  return false
}

function spelledOut(written: string): string {
  try {
    return String(JSON.parse(`"${written}"`))
  } catch {
    throw new Refusal('kernel.not_json')
  }
}
