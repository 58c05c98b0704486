import { assert } from './assert.ts'

// Money is integer fen everywhere; only these functions turn it into what a person reads.

/** ¥1,660.00; negative with U+2212. */
export function yuan(amountFen: number): string {
  assert(Number.isSafeInteger(amountFen), `not a whole number of fen: ${amountFen}`)
  const sign = amountFen < 0 ? '\u2212' : ''
  const digits = String(Math.abs(amountFen)).padStart(3, '0')
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}¥${whole}.${digits.slice(-2)}`
}

/** ¥60 where no fen are meant (a rate), ¥60.50 where they are. */
export function yuanShort(amountFen: number): string {
  return yuan(amountFen).replace(/\.00$/, '')
}

/** Plain decimal for files: 1660.00. */
export function yuanPlain(amountFen: number): string {
  return yuan(amountFen).replace(/[¥,]/g, '').replace('\u2212', '-')
}

/**
 * Reads 1,660.00 or 1660 or ¥1660.5 into fen; null when it is not an amount of at most two
 * decimals.
 */
export function fenFrom(text: string): number | null {
  const match = /^[¥￥]?(-?)(\d{1,3}(?:,\d{3})+|\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (!match) return null
  const [, sign, whole = '0', part = ''] = match
  const amount = Number(whole.replace(/,/g, '')) * 100 + Number(part.padEnd(2, '0'))
  return sign === '-' ? -amount : amount
}

/** rate × minutes ÷ 60, rounded half up to a whole fen. Big integers: products may exceed 2^53. */
export function ratePerHour(rateFen: number, minutes: number): number {
  return Number((BigInt(rateFen) * BigInt(minutes) * 2n + 60n) / 120n)
}

/** ⌊amount × permille ÷ 1000⌋. */
export function permilleOf(amountFen: number, permille: number): number {
  return Number((BigInt(amountFen) * BigInt(permille)) / 1000n)
}
