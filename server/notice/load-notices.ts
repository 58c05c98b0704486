import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { serviceModes } from '@yiqi/shared/notice/terms.ts'
import { repoRoot } from '../kernel/config.ts'
import type { Sql } from '../kernel/connect.ts'

type NoticeFile = {
  version: number
  effectiveFrom: string
  modes: Record<string, { title: string; ownership: string }>
  clauses: { heading: string; text: string }[]
  matters: Record<string, string>
}

/**
 * Loads the notice texts of every service mode, a version once; a version that is there never
 * changes.
 */
export async function loadNotices(sql: Sql): Promise<void> {
  const raw = await readFile(path.join(repoRoot, 'drizzle', 'reference', 'notices.json'), 'utf8')
  const file: NoticeFile = JSON.parse(raw)
  for (const serviceMode of serviceModes) {
    const mode = file.modes[serviceMode]
    if (!mode) continue
    const clauses = file.clauses.map((clause) => ({
      heading: clause.heading,
      text: clause.text.replace('{ownership}', mode.ownership),
    }))
    const hash = createHash('sha256')
      .update(JSON.stringify([serviceMode, mode, clauses, file.matters]))
      .digest('hex')
    await sql`
      insert into notices (service_mode, version, title, ownership, clauses, matters,
        effective_from, hash)
      values (${serviceMode}, ${file.version}, ${mode.title}, ${mode.ownership},
        ${sql.json(clauses)},
        ${sql.json(file.matters)}, ${file.effectiveFrom}, ${hash})
      on conflict (service_mode, version) do nothing`
  }
}
