import type { Ctx } from './ctx.ts'

// What every module gives of one person, for the person. `server/about-person.ts` puts it together.

/** Rows of one kind; `note` says where some were left out. */
export type Section = {
  title: string
  rows: Record<string, unknown>[]
  note: string | null
}

export type PersonalData = Record<string, Section>

/** How many rows of one section an export holds: the latest. */
export const SECTION_ROWS_MAX = 5_000

/** How many to ask the database for: one more, to know whether some are left out. */
export const sectionLimit = SECTION_ROWS_MAX + 1

/** A section of rows that were asked for with `sectionLimit`. */
export function sectionOf(title: string, rows: readonly Record<string, unknown>[]): Section {
  const cut = rows.length > SECTION_ROWS_MAX
  return {
    title,
    rows: rows.slice(0, SECTION_ROWS_MAX),
    note: cut ? `只列出最近 ${SECTION_ROWS_MAX} 条，其余可向平台索取` : null,
  }
}

/** What the person did, by the record of events, and the files they brought. */
export async function personalDataOf(ctx: Ctx, userId: string): Promise<PersonalData> {
  const acts = await ctx.sql<Record<string, unknown>[]>`
    select id, at, name, subject_id, booking_id, detail from events
    where actor_id = ${userId} order by seq desc limit ${sectionLimit}`
  const files = await ctx.sql<{ id: string; name: string }[]>`
    select id, name, purpose, type, bytes, created_at, deleted_at from files
    where owner_id = ${userId} order by created_at desc limit ${sectionLimit}`
  const named = await Promise.all(
    files.map(async (file) => ({
      ...file,
      name: await ctx.vault.unseal(ctx.sql, { column: 'files.name', rowId: file.id }, file.name),
    })),
  )
  return {
    acts: sectionOf('办理过的操作', acts),
    files: sectionOf('上传的文件', named),
  }
}
