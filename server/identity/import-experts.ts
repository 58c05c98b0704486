import { whyNotEnterExpert } from '@yiqi/shared/identity/rules-staff.ts'
import { refuseIf } from '@yiqi/shared/kernel/refusals.ts'
import { addDays, dateOf } from '@yiqi/shared/kernel/time.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { csvRecords, readTable } from '../kernel/read-table.ts'
import { subjects } from './subjects.ts'

const columns = ['person_id', 'role', 'field_codes', 'unit', 'note'] as const
type ExpertRow = Record<(typeof columns)[number], string>

/** How long somebody is an expert where the file does not say. */
const TERM_DAYS = 3 * 365

/**
 * What a file of people says of experts, who are users already: `field_codes` holds subjects (GB/T
 * 13745), then after a bar national instrument classes, each list with semicolons; `note` the term.
 * A file without these columns says nothing. Refuses identity.no_such_field,
 * identity.dates_reversed.
 */
export async function importExperts(ctx: Ctx, csv: Buffer): Promise<void> {
  const [header = []] = csvRecords(csv)
  if (!columns.every((name) => header.includes(name))) return
  const today = dateOf(ctx.now())
  const known = new Set(subjects().keys())
  const experts = readTable(csv, columns)
    .filter((row) => row.role === 'expert' && row.field_codes !== '')
    .map((row) => toExpert(row, today))
  for (const expert of experts) refuseIf(whyNotEnterExpert(expert, known))
  await ctx.sql`
    insert into experts (user_id, field_codes, class_codes, unit, term_from, term_to)
    select u.id, array(select jsonb_array_elements_text(x."fieldCodes")),
      array(select jsonb_array_elements_text(x."classCodes")), x.unit, x."termFrom", x."termTo"
    from jsonb_to_recordset(${ctx.sql.json(experts)}) as x("personId" text, "fieldCodes" jsonb,
        "classCodes" jsonb, unit text, "termFrom" date, "termTo" date)
      join users u on u.person_id = x."personId"
    on conflict (user_id) do update set field_codes = excluded.field_codes,
      class_codes = excluded.class_codes, unit = excluded.unit, term_from = excluded.term_from,
      term_to = excluded.term_to`
}

function toExpert(row: ExpertRow, today: string) {
  const [fields = '', classes = ''] = row.field_codes.split('|')
  const [termFrom, termTo] = row.note.match(/\d{4}-\d{2}-\d{2}/g) ?? []
  return {
    personId: row.person_id,
    fieldCodes: listOf(fields),
    classCodes: listOf(classes),
    unit: row.unit,
    termFrom: termFrom ?? today,
    termTo: termTo ?? addDays(termFrom ?? today, TERM_DAYS),
  }
}

function listOf(text: string): string[] {
  return text.split(';').filter((code) => code !== '')
}
