const CHARSET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/**
 * The check character of a unified social credit code (GB 32100-2015).
 * A failed check is a finding for a person to look at, never a refusal: some genuine early codes
 * fail it.
 */
export function usccCheckPasses(uscc: string): boolean {
  if (!/^[0-9A-HJ-NP-RTUWXY]{18}$/.test(uscc)) return false
  const sum = WEIGHTS.reduce((acc, weight, i) => acc + weight * CHARSET.indexOf(uscc.charAt(i)), 0)
  return CHARSET.charAt((31 - (sum % 31)) % 31) === uscc.charAt(17)
}

const BODY_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/**
 * The check character of the organisation's own number within the code, characters 9 to 17 (GB
 * 11714-1997). Like the other a finding, never a refusal.
 */
export function usccBodyPasses(uscc: string): boolean {
  const body = uscc.slice(8, 17)
  if (!/^[0-9A-Z]{8}[0-9X]$/.test(body)) return false
  const sum = BODY_WEIGHTS.reduce((acc, w, i) => acc + w * Number.parseInt(body.charAt(i), 36), 0)
  const rest = (11 - (sum % 11)) % 11
  return body.charAt(8) === (rest === 10 ? 'X' : String(rest))
}
