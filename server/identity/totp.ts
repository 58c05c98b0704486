import { createHmac } from 'node:crypto'
import { same } from './tokens.ts'

const STEP_SECONDS = 30
const DIGITS = 6
/** One step to each side: phones' clocks differ (RFC 6238 5.2). */
const STEPS_APART = 1
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BITS_PER_CHARACTER = 5

/** The code of a secret at one time step (RFC 6238, SHA-1, six digits). */
export function totpAt(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0x0f
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS
  return String(number).padStart(DIGITS, '0')
}

export function stepAt(ms: number): number {
  return Math.floor(ms / 1000 / STEP_SECONDS)
}

/** The step whose code this is, near the given time; null: of none. */
export function matchingStep(secret: Uint8Array, code: string, ms: number): number | null {
  const now = stepAt(ms)
  for (let step = now - STEPS_APART; step <= now + STEPS_APART; step++)
    if (same(totpAt(secret, step), code)) return step
  return null
}

/** RFC 4648 base32 without padding, as code generators take it. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(new RegExp(`.{1,${BITS_PER_CHARACTER}}`, 'g')) ?? []
  return groups
    .map((group) => ALPHABET.charAt(Number.parseInt(group.padEnd(BITS_PER_CHARACTER, '0'), 2)))
    .join('')
}
