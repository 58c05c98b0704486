import { Refusal } from '@yiqi/shared/kernel/refusals.ts'

const DEPTH_MAX = 20
const VALUES_MAX = 5_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

/**
 * JSON as it may come in: at most twenty levels deep and five thousand values wide, counted before
 * anything is built of it. Refuses kernel.json_too_deep, kernel.not_json.
 */
export function readJson(text: string): unknown {
  measure(text)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('kernel.not_json')
  }
}

/** One pass over the text: brackets and commas outside strings. What is no JSON is found later. */
function measure(text: string): void {
  let depth = 0
  let values = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inString) {
      if (c === BACKSLASH) i++
      else if (c === QUOTE) inString = false
    } else if (c === QUOTE) inString = true
    else if (c === COMMA) values++
    else if (c === 0x7b || c === 0x5b) depth++
    else if (c === 0x7d || c === 0x5d) depth--
    if (depth > DEPTH_MAX || values > VALUES_MAX) throw new Refusal('kernel.json_too_deep')
  }
}
