import type { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import { cities } from '@yiqi/shared/identity/terms.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { pageLimit, readCursor } from '../kernel/page.ts'
import { cardsOf } from './queries.ts'
import { type Term, tsqueryOf, type Understood, understand } from './understand.ts'

type Input = InputOf<typeof catalogueEndpoints.listInstruments>
type Output = OutputOf<typeof catalogueEndpoints.listInstruments>
type Facet = Output['cities'][number]

const CLASS_FACETS_MAX = 60
const OFFSET_MAX = 100_000

/**
 * Instruments by words, best first: those of a kind the words name, then those with the words in
 * name or model, then those that have them anywhere. Words that find nothing together are tried
 * singly. The counts by city leave the chosen city out of account, those by class the chosen class.
 */
export async function listInstruments(ctx: Ctx, input: Input): Promise<Output> {
  const limit = pageLimit(input.limit)
  const offset = offsetOf(input.cursor)
  const query = (input.q ?? '').trim()
  const meaning = understand(query, query === '' ? [] : await knownTerms(ctx, query))
  let found = await find(ctx, input, meaning, strictly(meaning), { limit, offset })
  if (found.anywhere === 0 && meaning.words.length > 0) {
    found = await find(ctx, input, meaning, loosely(meaning), { limit, offset })
  }
  const more = offset + found.ids.length < found.total
  return {
    rows: await cardsOf(ctx, found.ids),
    nextCursor: more ? cursorOf(offset + found.ids.length) : null,
    total: found.total,
    understood: meaning.terms,
    cities: found.cities.map((facet) => ({ ...facet, label: cityName(facet.value) })),
    classes: found.classes,
  }
}

/** How hits are chosen: of a kind or with these words, and in any case with those. */
type Choice = { kindOr: string | null; always: string | null }

function strictly(meaning: Understood): Choice {
  const always = meaning.rest.length > 0 ? tsqueryOf(meaning.rest, '&') : null
  if (meaning.kinds.length > 0) return { kindOr: tsqueryOf(meaning.words, '&'), always }
  return { kindOr: null, always }
}

function loosely(meaning: Understood): Choice {
  return { kindOr: tsqueryOf(meaning.words, '|'), always: null }
}

type Found = {
  ids: string[]
  total: number
  /** Hits before the filters by city and class. */
  anywhere: number
  cities: Omit<Facet, 'label'>[]
  classes: Facet[]
}

async function find(
  ctx: Ctx,
  input: Input,
  { kinds, words }: Understood,
  { kindOr, always }: Choice,
  { limit, offset }: { limit: number; offset: number },
): Promise<Found> {
  const prefix = input.classCode === undefined ? '' : prefixOf(input.classCode)
  const cityCode = input.cityCode ?? null
  const [row] = await ctx.sql<Found[]>`
    with hits as materialized (
      select i.id, i.number, i.class_code, o.city_code,
        i.class_code like ${`${prefix}%`} as in_class,
        coalesce(o.city_code = ${cityCode}, ${cityCode === null}::boolean) as in_city,
        ${score(ctx, kinds, words)} as score
      from instruments i join organisations o on o.id = i.institution_id
      join instrument_search s on s.instrument_id = i.id
      where (${input.kind ?? null}::text is null or i.kind = ${input.kind ?? null})
        and (${input.institutionId ?? null}::uuid is null
          or i.institution_id = ${input.institutionId ?? null})
        and (${always}::text is null or s.words @@ ${always}::tsquery)
        and (${kindOr}::text is null or i.kind = any(${kinds}::text[])
          or s.words @@ ${kindOr}::tsquery)),
    chosen as (select * from hits where in_class and in_city)
    select
      array(select id from chosen order by score desc, length(number), number
        limit ${limit} offset ${offset}) as ids,
      (select count(*) from chosen) as total,
      (select count(*) from hits) as anywhere,
      ${cityFacets(ctx)} as cities,
      ${classFacets(ctx)} as classes`
  return must(row, 'the search')
}

/** Kind before name and model before the rest; a whole name before a part of one. */
function score(ctx: Ctx, kinds: readonly string[], words: readonly string[]) {
  return ctx.sql`(
    case when i.kind = any(${[...kinds]}::text[])
      then 1000 - 10 * array_position(${[...kinds]}::text[], i.kind) else 0 end
    + 10 * (select count(*) from unnest(${[...words]}::text[]) w
      where position(w in lower(concat_ws(' ', i.name, i.model, i.english_name))) > 0)
    + (select count(*) from unnest(${[...words]}::text[]) w
      where s.words @@ quote_literal(w)::tsquery))`
}

function cityFacets(ctx: Ctx) {
  return ctx.sql`(
    select coalesce(jsonb_agg(jsonb_build_object('value', city_code, 'count', n) order by n desc,
      city_code), '[]')
    from (select city_code, count(*) as n from hits
      where in_class and city_code is not null group by city_code) f)`
}

/** Top classes as two digits, leaves as six. */
function classFacets(ctx: Ctx) {
  return ctx.sql`(
    select coalesce(jsonb_agg(jsonb_build_object('value', value, 'label', label, 'count', n)
      order by length(value), n desc, value), '[]')
    from (
      select f.value, c.name as label, f.n from (
        select left(class_code, 2) as value, rpad(left(class_code, 2), 6, '0') as code,
          count(*) as n
        from hits where in_city group by left(class_code, 2)
        union all
        (select class_code, class_code, count(*) as n from hits where in_city
        group by class_code order by n desc, class_code limit ${CLASS_FACETS_MAX})) f
      join instrument_classes c on c.code = f.code) g)`
}

/** Synonyms and kind names that occur in the query, in any case and width. */
async function knownTerms(ctx: Ctx, query: string): Promise<Term[]> {
  const text = query.normalize('NFKC').toLowerCase()
  return ctx.sql<Term[]>`
    select term, kind, kind_name from (
      select s.term, s.kind, k.name as kind_name
      from synonyms s join instrument_kinds k on k.kind = s.kind
      union select k.name, k.kind, k.name from instrument_kinds k
      union select k.english_name, k.kind, k.name from instrument_kinds k
      union select unnest(string_to_array(k.other_names, '；')), k.kind, k.name
      from instrument_kinds k) known
    where term <> '' and position(lower(normalize(term, NFKC)) in ${text}) > 0
    order by length(term) desc, term, length(kind_name), kind`
}

/** `01`, `0101` or `010102`; a class of two levels may also be written with its zeros. */
export function prefixOf(classCode: string): string {
  return classCode.replace(/(00)+$/, '')
}

function cityName(code: string): string {
  const known: Record<string, string> = cities
  return known[code] ?? code
}

function cursorOf(offset: number): string {
  return Buffer.from(JSON.stringify([String(offset)])).toString('base64url')
}

function offsetOf(cursor: string | undefined): number {
  const parts = readCursor(cursor)
  if (parts === null) return 0
  const offset = Number(parts[0])
  if (!Number.isInteger(offset) || offset < 0 || offset > OFFSET_MAX) {
    throw new Refusal('kernel.cursor_malformed')
  }
  return offset
}
