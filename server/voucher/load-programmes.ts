import type { DateText } from '@yiqi/shared/kernel/time.ts'
import type { ProgrammeMode } from '@yiqi/shared/voucher/terms.ts'
import type { Ctx } from '../kernel/ctx.ts'

export type ProgrammeFile = {
  code: string
  name: string
  mode: ProgrammeMode
  ratioPermille: number
  bookingCapFen: number | null
  enterpriseCapFen: number
  provincePermille: number
  publicityDays: number
  serviceModes: string[]
  reviews: string[]
  budgetFen: number
}

/**
 * Puts programmes in force for a time and moves each its budget; one that is there stays as it is.
 */
export async function loadProgrammes(
  ctx: Ctx,
  valid: { year: number; from: DateText; to: DateText },
  programmes: ProgrammeFile[],
): Promise<void> {
  const { year } = valid
  for (const { budgetFen, ...programme } of programmes) {
    const row = {
      ...programme,
      code: `${year}-${programme.code}`,
      name: `${year} 年${programme.name}`,
      year,
      state: 'in_force',
      validFrom: valid.from,
      validTo: valid.to,
    }
    const [added] = await ctx.sql<{ id: string }[]>`
      insert into programmes ${ctx.sql(row)} on conflict (code) do nothing returning id`
    if (added)
      await ctx.sql`
        select appropriate(${added.id}, 'province', ${budgetFen}, ${ctx.now()}, null, '年度预算')`
  }
}
