import { searchTokens } from '@yiqi/shared/catalogue/terms.ts'

/** A term of the synonym list or a kind's own name. */
export type Term = { term: string; kind: string; kindName: string }

export type Understood = {
  /** Recognised terms, one entry per kind. */
  terms: Term[]
  kinds: string[]
  /** Words that every hit must have; those of recognised terms are not among them. */
  rest: string[]
  /** Words of the whole query, for hits by name. */
  words: string[]
}

const LATIN = /[\p{L}\p{N}]/u
const HAN = /\p{Script=Han}/u

/**
 * What a query means: the longest known terms in it, each character used once, and the words that
 * are left. A latin term counts only as a whole word, so that no TEM is found in `system`.
 */
export function understand(query: string, known: readonly Term[]): Understood {
  const text = fold(query)
  const byLength = known
    .map((each) => ({ ...each, folded: fold(each.term) }))
    .filter((each) => each.folded !== '')
    .sort((a, b) => b.folded.length - a.folded.length)
  const used = new Array<string | undefined>(text.length)
  const terms: Term[] = []
  for (const { folded, ...term } of byLength) {
    for (let at = text.indexOf(folded); at >= 0; at = text.indexOf(folded, at + 1)) {
      const end = at + folded.length
      const taken = used.slice(at, end)
      const free = taken.every((mark) => mark === undefined)
      const same = taken.every((mark) => mark === folded)
      if (!(free || same) || !isWhole(text, at, end)) continue
      used.fill(folded, at, end)
      if (!terms.some((each) => each.kind === term.kind)) terms.push(term)
      break
    }
  }
  const rest = Array.from({ length: text.length }, (_, i) => (used[i] ? ' ' : text.charAt(i)))
  const kinds = terms.map((each) => each.kind)
  return { terms, kinds, rest: searchTokens(rest.join('')), words: searchTokens(text) }
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}

function isWhole(text: string, from: number, to: number): boolean {
  return !splitsWord(text, from) && !splitsWord(text, to)
}

/** Whether a latin word runs across this place. */
function splitsWord(text: string, at: number): boolean {
  const [before, after] = [text.charAt(at - 1), text.charAt(at)]
  if (at <= 0 || at >= text.length) return false
  return isLatin(before) && isLatin(after)
}

function isLatin(character: string): boolean {
  return LATIN.test(character) && !HAN.test(character)
}

/**
 * The tsquery that finds words: a latin word also by its beginning (`Regul` finds Regulus), a
 * single Chinese character by any pair that begins with it.
 */
export function tsqueryOf(words: readonly string[], operator: '&' | '|'): string {
  return words.map(lexeme).join(` ${operator} `)
}

function lexeme(word: string): string {
  const quoted = `'${word.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`
  const isPair = HAN.test(word) && Array.from(word).length > 1
  return isPair ? quoted : `${quoted}:*`
}
