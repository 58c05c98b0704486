import type {
  catalogueEndpoints,
  Instrument,
  InstrumentCard,
} from '@yiqi/shared/catalogue/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { type Ctx, found } from '../kernel/ctx.ts'
import { techniciansOf } from './facts.ts'

/** One instrument with everything a visitor may see; contacts' numbers stay inside. */
export async function getInstrument(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.getInstrument>,
): Promise<OutputOf<typeof catalogueEndpoints.getInstrument>> {
  const [row] = await ctx.sql<(CardRow & DetailRow)[]>`
    select ${cardColumns(ctx)}, i.inner_id, i.short_code, coalesce(c.path, '') as class_path,
      i.department, i.source, i.worth_fen, i.nation, i.manufacturer, i.accounted_on, i.nature,
      i.technical, i.functions, i.disciplines, i.service_content, i.running_hours,
      i.external_hours, i.user_notice, i.fee_text, i.address, i.customs_supervised
    from ${cardTables(ctx)} where i.id = ${input.id}`
  const { institutionId, institutionName, city, cityCode, county, latitude, longitude, ...rest } =
    found(row, 'catalogue.no_such_instrument')
  const institution = {
    id: institutionId,
    name: institutionName,
    city,
    cityCode,
    county,
    latitude,
    longitude,
  }
  return { ...rest, institution, technicians: await techniciansOf(ctx, rest.id) }
}

/**
 * The instrument behind a sticker. Letters and digits are as printed; refuses
 * catalogue.code_unknown.
 */
export async function findInstrumentByCode(
  ctx: Ctx,
  input: InputOf<typeof catalogueEndpoints.findInstrumentByCode>,
): Promise<InstrumentCard> {
  const [row] = await ctx.sql<CardRow[]>`
    select ${cardColumns(ctx)} from ${cardTables(ctx)} where i.short_code = ${input.code}`
  return toCard(found(row, 'catalogue.code_unknown'))
}

/** The cards of these instruments, in this order. */
export async function cardsOf(ctx: Ctx, ids: readonly string[]): Promise<InstrumentCard[]> {
  const rows = await ctx.sql<CardRow[]>`
    select ${cardColumns(ctx)} from ${cardTables(ctx)} where i.id = any(${[...ids]}::uuid[])`
  const cardById = new Map(rows.map((row) => [row.id, toCard(row)]))
  return ids.flatMap((id) => cardById.get(id) ?? [])
}

type CardRow = Omit<InstrumentCard, 'institution'> & {
  institutionId: string
  institutionName: string
  city: string
  cityCode: string | null
  county: string | null
  latitude: number | null
  longitude: number | null
}

type DetailRow = Omit<Instrument, keyof InstrumentCard | 'technicians'>

function toCard(row: CardRow): InstrumentCard {
  const { institutionId: id, institutionName: name, ...rest } = row
  const { city, cityCode, county, latitude, longitude, ...card } = rest
  return { ...card, institution: { id, name, city, cityCode, county, latitude, longitude } }
}

const cardColumns = (ctx: Ctx) => ctx.sql`
  i.id, i.number, i.name, i.english_name, i.model, i.kind, k.name as kind_name, i.class_code,
  coalesce(c.name, '') as class_name, o.id as institution_id, o.name as institution_name, o.city,
  o.city_code, o.county, o.latitude, o.longitude`

const cardTables = (ctx: Ctx) => ctx.sql`
  instruments i join organisations o on o.id = i.institution_id
  left join instrument_kinds k on k.kind = i.kind
  left join instrument_classes c on c.code = i.class_code`
