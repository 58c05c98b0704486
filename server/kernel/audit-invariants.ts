import type { Ctx } from './ctx.ts'

export type Broken = { invariant: string; subject: string; detail: string }

/** Longer than the pause between two audits, so that nothing falls between them. */
const RECENT_MINUTES = 30

/**
 * Asks the database what of its invariants is broken, the history only of what was touched in the
 * last half hour, and logs each as an error. Answers them.
 */
export async function auditInvariants(ctx: Ctx): Promise<Broken[]> {
  const found = await ctx.sql<Broken[]>`
    select * from broken_invariants(${ctx.now()}, ${`${RECENT_MINUTES} minutes`}::interval)`
  // A demonstration's clock jumps: what was held then is overdue until the holds are looked at.
  const broken = found.filter((one) => !(ctx.demo && one.invariant === 'I10'))
  for (const one of broken) ctx.log('error', 'invariant_broken', one)
  return broken
}
