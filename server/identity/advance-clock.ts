import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, iso, refuse } from '../kernel/ctx.ts'
import { recordAlone } from '../kernel/imports.ts'

/**
 * Moves the demonstration's clock forward to an instant; never back, so that what has happened
 * stays past. Two people who ask for the same instant get it once. Every process follows within a
 * second. `offsetMs` is what `ctx.now` is ahead of real time. Refuses: identity.demo_off,
 * identity.clock_backwards.
 */
export async function advanceClock(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.advanceClock>,
  { offsetMs }: { offsetMs: number },
): Promise<OutputOf<typeof identityEndpoints.advanceClock>> {
  allow(ctx, 'identity.advanceClock')
  if (!ctx.demo) refuse('identity.demo_off')
  const to = new Date(input.to)
  const wanted = offsetMs + to.getTime() - ctx.now().getTime()
  const moved = await ctx.sql`
    update clock set offset_ms = ${wanted}::bigint
      where offset_ms <= ${wanted}::bigint returning one`
  if (moved.length === 0) refuse('identity.clock_backwards')
  const offsetMinutes = Math.round(wanted / 60_000)
  await recordAlone(ctx, 'identity.clock_advanced', offsetMinutes)
  return { now: iso(to), demo: true, offsetMinutes }
}
