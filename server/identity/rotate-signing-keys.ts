import type { Ctx } from '../kernel/ctx.ts'
import type { Keyring } from './keyring.ts'

const KEY_DAYS = 90
const DAY_MS = 24 * 3_600_000

/** A key signs for ninety days; the next one was there long before, so nobody is logged out. */
export async function rotateSigningKeys(ctx: Ctx, keyring: Keyring): Promise<boolean> {
  if (keyring.ageMs() < KEY_DAYS * DAY_MS) return false
  keyring.rotate()
  ctx.log('info', 'signing_key_rotated', { kid: keyring.signing().kid })
  return true
}
