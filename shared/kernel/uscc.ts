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
