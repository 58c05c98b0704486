import type { Ctx } from '../kernel/ctx.ts'

export type InnerKey = { uscc: string; innerId: string }

export function innerKey({ uscc, innerId }: InnerKey): string {
  return `${uscc} ${innerId}`
}

/** The instruments that a file names by its institution's USCC and inner id, by `innerKey`. */
export async function instrumentIdsByKey(
  ctx: Ctx,
  keys: readonly InnerKey[],
): Promise<Map<string, string>> {
  const usccs = [...new Set(keys.map((key) => key.uscc))]
  const rows = await ctx.sql<(InnerKey & { id: string })[]>`
    select i.id, i.inner_id, o.uscc
    from instruments i join organisations o on o.id = i.institution_id
    where o.uscc = any(${usccs}::text[])`
  return new Map(rows.map((row) => [innerKey(row), row.id]))
}
