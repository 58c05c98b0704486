import { randomInt } from 'node:crypto'
import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { isRefusalCode } from '@yiqi/shared/kernel/refusals.ts'
import { addMinutes } from '@yiqi/shared/kernel/time.ts'
import { type Ctx, iso, refuse } from '../kernel/ctx.ts'
import type { DeliverCode } from './deliver-code.ts'

export const CODE_MINUTES = 5
const CODES = 1_000_000
const CODE_DIGITS = 6
/** What a text message costs is bounded: per number, per address, and for all together. */
const limits = { hourMax: 5, dayMax: 10, addressHourMax: 20, allDayMax: 20_000 } as const

/**
 * Sends a one-time code of six digits, good for five minutes and one log-in; it replaces an earlier
 * one. A number gets one a minute, five an hour and ten a day; an address asks for twenty an hour.
 * The answer is the same for any number: whoever proves to have it becomes a person. Refuses:
 * identity.code_too_soon, identity.code_limit.
 */
export function requestCode(
  ctx: Ctx,
  { phone }: InputOf<typeof identityEndpoints.requestCode>,
  { deliver }: { deliver: DeliverCode },
): Promise<OutputOf<typeof identityEndpoints.requestCode>> {
  return sendCode(ctx, phone, deliver)
}

/**
 * Keeps a keyed hash of the code: the database alone does not let anybody in. Refuses:
 * identity.code_too_soon, identity.code_limit.
 */
export async function sendCode(
  ctx: Ctx,
  phone: string,
  deliver: DeliverCode,
): Promise<{ codeId: string; expiresAt: string }> {
  const now = ctx.now()
  const expiresAt = addMinutes(now, CODE_MINUTES)
  const code = String(randomInt(CODES)).padStart(CODE_DIGITS, '0')
  const [fresh] = await ctx.sql<{ id: string }[]>`select new_id() as id`
  const { id } = must(fresh, 'an id')
  const [row] = await ctx.sql<{ refused: string | null }[]>`
    select keep_code(${id}, ${ctx.vault.indexOf('users.phone', phone)},
      ${codeHash(ctx, { codeId: id, phone, code })}, ${now}, ${expiresAt}, ${ctx.address},
      ${limits.hourMax}, ${limits.dayMax}, ${limits.addressHourMax}, ${limits.allDayMax})
      as refused`
  const refused = must(row, 'the verdict').refused
  if (refused !== null && isRefusalCode(refused)) refuse(refused)
  deliver(phone, code)
  return { codeId: id, expiresAt: iso(expiresAt) }
}

/** Bound to the request and the number: a code proves nothing elsewhere. */
export function codeHash(
  ctx: Ctx,
  { codeId, phone, code }: { codeId: string; phone: string; code: string },
): string {
  return ctx.vault.mac('one-time code', `${codeId} ${phone} ${code}`)
}
