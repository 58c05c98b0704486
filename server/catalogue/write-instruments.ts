import { searchTokens } from '@yiqi/shared/catalogue/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import { type TechnicianContact, techniciansOfOrganisations } from '../identity/queries.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { InstrumentRecord } from './check-instrument.ts'
import { shortCodeOf } from './short-code.ts'

/** `kind` null: found by name and class. */
export type OwnedRecord = InstrumentRecord & { institutionId: string; kind: string | null }

const BATCH = 500
const NUMBER_DIGITS = 4

/** Writes instruments by institution and inner id, with their search words and technicians. */
export async function writeInstruments(
  ctx: Ctx,
  records: readonly OwnedRecord[],
): Promise<{ created: number; updated: number }> {
  const kinds = await readKinds(ctx)
  const classNames = await readClassNames(ctx)
  const institutions = [...new Set(records.map((each) => each.institutionId))]
  const technicians = await techniciansOfOrganisations(ctx, institutions)
  const context = await readInstitutions(ctx, institutions)
  let created = 0
  for (let from = 0; from < records.length; from += BATCH) {
    const batch = records.slice(from, from + BATCH).map((each) => ({
      ...each,
      kind: each.kind ?? kindOf(each, kinds),
    }))
    const idByKey = await existing(ctx, batch)
    const fresh = batch.filter((each) => !idByKey.has(keyOf(each)))
    created += fresh.length
    for (const [key, id] of await insertNew(ctx, fresh)) idByKey.set(key, id)
    const rows = batch.map((each) => ({ ...each, id: must(idByKey.get(keyOf(each)), 'id') }))
    await updateAll(ctx, rows)
    await writeWords(
      ctx,
      rows.map((row) => ({
        id: row.id,
        words: searchTokens(wordsOf(row, kinds, classNames, context)),
      })),
    )
    await linkTechnicians(ctx, rows, technicians)
  }
  return { created, updated: records.length - created }
}

type Identified = OwnedRecord & { id: string }

function keyOf(record: { institutionId: string; innerId: string }): string {
  return `${record.institutionId} ${record.innerId}`
}

async function existing(
  ctx: Ctx,
  batch: readonly { institutionId: string; innerId: string }[],
): Promise<Map<string, string>> {
  const keys = batch.map(({ institutionId, innerId }) => ({ institutionId, innerId }))
  const rows = await ctx.sql<{ id: string; institutionId: string; innerId: string }[]>`
    select i.id, i.institution_id, i.inner_id
    from jsonb_to_recordset(${ctx.sql.json(keys)}) as k("institutionId" uuid, "innerId" text)
    join instruments i on i.institution_id = k."institutionId" and i.inner_id = k."innerId"`
  return new Map(rows.map((row) => [keyOf(row), row.id]))
}

/** The bare instruments with their numbers; what they are is filled in like an update. */
async function insertNew(
  ctx: Ctx,
  fresh: readonly OwnedRecord[],
): Promise<(readonly [string, string])[]> {
  if (fresh.length === 0) return []
  const drawn = await ctx.sql<{ n: number }[]>`
    select nextval('instrument_number_seq') as n from generate_series(1, ${fresh.length})`
  const rows = fresh.map((each, i) => {
    const n = must(drawn[i], 'number').n
    const number = `SX-${String(n).padStart(NUMBER_DIGITS, '0')}`
    const { institutionId, innerId, name, classCode } = each
    return { institutionId, innerId, name, classCode, number, shortCode: shortCodeOf(n) }
  })
  const inserted = await ctx.sql<{ id: string; institutionId: string; innerId: string }[]>`
    insert into instruments (number, short_code, institution_id, inner_id, name, class_code,
      imported_at)
    select number, "shortCode", "institutionId", "innerId", name, "classCode", ${ctx.now()}
    from jsonb_to_recordset(${ctx.sql.json(rows)})
      as r(number text, "shortCode" text, "institutionId" uuid, "innerId" text, name text,
        "classCode" text)
    returning id, institution_id, inner_id`
  return inserted.map((row) => [keyOf(row), row.id] as const)
}

async function updateAll(ctx: Ctx, rows: readonly Identified[]): Promise<void> {
  const named = rows.map((row) => snakeKeys(row))
  await ctx.sql`
    update instruments i set
      management_number = r.management_number, name = r.name, english_name = r.english_name,
      belongs_type = r.belongs_type, belongs_name = r.belongs_name, department = r.department,
      class_code = r.class_code, kind = r.kind, source = r.source,
      customs_supervised = r.customs_supervised, worth_fen = r.worth_fen, nation = r.nation,
      manufacturer = r.manufacturer, accounted_on = r.accounted_on, nature = r.nature,
      model = r.model, technical = r.technical, functions = r.functions,
      disciplines = r.disciplines, funds = r.funds, service_content = r.service_content,
      image = r.image, running_hours = r.running_hours, external_hours = r.external_hours,
      user_notice = r.user_notice, fee_text = r.fee_text, service_url = r.service_url,
      address = r.address, contact_name = r.contact_name, contact_phone = r.contact_phone,
      contact_email = r.contact_email, contact_address = r.contact_address,
      contact_postcode = r.contact_postcode, customs_declaration = r.customs_declaration,
      customs_item = r.customs_item, customs_released_on = r.customs_released_on,
      customs_name = r.customs_name, imported_at = ${ctx.now()}
    from jsonb_populate_recordset(null::instruments, ${ctx.sql.json(named)}) r
    where i.id = r.id`
}

type Plain = string | number | boolean | null | string[]

function snakeKeys(row: Readonly<Record<string, Plain>>): Record<string, Plain> {
  const entries = Object.entries(row).map(([name, value]) => {
    return [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value] as const
  })
  return Object.fromEntries(entries)
}

async function writeWords(
  ctx: Ctx,
  rows: readonly { id: string; words: string[] }[],
): Promise<void> {
  await ctx.sql`
    insert into instrument_search (instrument_id, words)
    select (r->>'id')::uuid, array_to_tsvector(array(select jsonb_array_elements_text(r->'words')))
    from jsonb_array_elements(${ctx.sql.json([...rows])}) r
    on conflict (instrument_id) do update set words = excluded.words`
}

/**
 * The contact, if a technician of the institution has that phone, else the only one of that name:
 * who leads the team, where nobody does yet.
 */
async function linkTechnicians(
  ctx: Ctx,
  rows: readonly Identified[],
  technicians: readonly TechnicianContact[],
): Promise<void> {
  const links = rows.flatMap((row) => {
    const colleagues = technicians.filter((each) => each.organisationId === row.institutionId)
    const byPhone = colleagues.find((each) => each.phone === row.contactPhone)
    const byName = colleagues.filter((each) => each.name === row.contactName)
    const technician = byPhone ?? (byName.length === 1 ? byName[0] : undefined)
    return technician ? [{ instrument: row.id, technician: technician.userId }] : []
  })
  await ctx.sql`
    insert into instrument_technicians (instrument_id, user_id, position)
    select instrument, technician, case when exists (select from instrument_technicians t
      where t.instrument_id = instrument and t.position = 'lead') then 'member' else 'lead' end
    from jsonb_to_recordset(${ctx.sql.json(links)}) as l(instrument uuid, technician uuid)
    on conflict do nothing`
}

type Kind = {
  kind: string
  name: string
  otherNames: string
  englishName: string
  classCode: string
  terms: string[]
}

async function readKinds(ctx: Ctx): Promise<Kind[]> {
  return ctx.sql<Kind[]>`
    select k.kind, k.name, k.other_names, k.english_name, k.class_code,
      coalesce(array_agg(s.term) filter (where s.term is not null), '{}') as terms
    from instrument_kinds k left join synonyms s on s.kind = k.kind
    group by k.kind order by k.kind`
}

/** By name within the class, then by a synonym, then because the class has no other kind. */
function kindOf(record: InstrumentRecord, kinds: readonly Kind[]): string | null {
  const peers = kinds.filter((kind) => kind.classCode === record.classCode)
  const named = peers.find(
    (kind) => kind.name === record.name || kind.otherNames.split('；').includes(record.name),
  )
  const known = named ?? peers.find((kind) => kind.terms.includes(record.name))
  return (known ?? (peers.length === 1 ? peers[0] : undefined))?.kind ?? null
}

async function readClassNames(ctx: Ctx): Promise<Map<string, string>> {
  const rows = await ctx.sql<
    { code: string; name: string }[]
  >`select code, name from instrument_classes`
  return new Map(rows.map((row) => [row.code, row.name]))
}

async function readInstitutions(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await ctx.sql<{ id: string; name: string; city: string }[]>`
    select id, name, city from organisations where id = any(${[...ids]}::uuid[])`
  return new Map(rows.map((row) => [row.id, `${row.name} ${row.city}`]))
}

function wordsOf(
  record: Identified,
  kinds: readonly Kind[],
  classNames: ReadonlyMap<string, string>,
  institutions: ReadonlyMap<string, string>,
): string {
  const kind = kinds.find((each) => each.kind === record.kind)
  return [
    record.name,
    record.englishName,
    record.model,
    record.manufacturer,
    kind?.name,
    kind?.otherNames,
    kind?.englishName,
    classNames.get(record.classCode),
    record.serviceContent,
    record.functions,
    institutions.get(record.institutionId),
  ].join(' ')
}
