import { randomInt } from 'node:crypto'
import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { type Ctx, iso, refuse } from '../kernel/ctx.ts'
import type { DeliverCode } from './deliver-code.ts'
import type { Tokens } from './tokens.ts'

export const CODE_MINUTES = 5
const CODE_APART_SECONDS = 60
const CODES = 1_000_000
const CODE_DIGITS = 6

/**
 * Sends a one-time code of six digits, good for five minutes; it replaces an earlier one. The
 * answer is the same for a number nobody has, to which nothing is sent. Refuses:
 * identity.code_too_soon.
 */
export async function requestCode(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.requestCode>,
  { tokens, deliver }: { tokens: Tokens; deliver: DeliverCode },
): Promise<OutputOf<typeof identityEndpoints.requestCode>> {
  const { phone } = input
  const now = ctx.now()
  const expiresAt = addMinutes(now, CODE_MINUTES)
  const code = String(randomInt(CODES)).padStart(CODE_DIGITS, '0')
  await ctx.sql`select pg_advisory_xact_lock(hashtextextended(${phone}, 11))`
  const [recent] = await ctx.sql`
    select from log_in_codes where phone = ${phone}
      and created_at > ${addMinutes(now, -CODE_APART_SECONDS / 60)} limit 1`
  if (recent) refuse('identity.code_too_soon')
  await ctx.sql`delete from log_in_codes where phone = ${phone} or expires_at < ${now}`
  await ctx.sql`
    insert into log_in_codes (phone, code_hash, expires_at, created_at)
    values (${phone}, ${tokens.seal(`${phone} ${code}`)}, ${expiresAt}, ${now})`
  const [user] = await ctx.sql`select from users where phone = ${phone}`
  if (user) deliver(phone, code)
  return { expiresAt: iso(expiresAt) }
}
