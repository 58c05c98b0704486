/** Without 0 O, 1 I L and U: read aloud and copied from a sticker without mistakes. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 6
const CODES = ALPHABET.length ** LENGTH
/** Shares no factor with 30, so that the mapping is one to one. */
const STRIDE = 448_507_613
const START = 271_828_183

/**
 * The six characters of the n-th instrument: scattered, so that one is not guessed from another.
 */
export function shortCodeOf(n: number): string {
  let rest = Number((BigInt(n) * BigInt(STRIDE) + BigInt(START)) % BigInt(CODES))
  let code = ''
  for (let i = 0; i < LENGTH; i++) {
    code = ALPHABET.charAt(rest % ALPHABET.length) + code
    rest = Math.floor(rest / ALPHABET.length)
  }
  return code
}
