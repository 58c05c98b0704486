import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { id, pageInput, text } from '../kernel/schema.ts'
import { teamEndpoints } from './endpoints-team.ts'

const Institution = z.object({
  id,
  name: z.string(),
  city: z.string(),
  cityCode: z.nullable(z.string()),
  county: z.nullable(z.string()),
  latitude: z.nullable(z.number()),
  longitude: z.nullable(z.number()),
})

export const InstrumentCard = z.object({
  id,
  /** The platform's own number, read aloud: `SX-0001`. */
  number: z.string(),
  name: z.string(),
  englishName: z.nullable(z.string()),
  model: z.nullable(z.string()),
  kind: z.nullable(z.string()),
  kindName: z.nullable(z.string()),
  classCode: z.string(),
  className: z.string(),
  institution: Institution,
})
export type InstrumentCard = z.output<typeof InstrumentCard>

export const Instrument = z.extend(InstrumentCard, {
  innerId: z.string(),
  /** The six characters under the QR code. */
  shortCode: z.string(),
  classPath: z.string(),
  department: z.nullable(z.string()),
  source: z.nullable(z.string()),
  worthFen: z.nullable(z.int()),
  nation: z.nullable(z.string()),
  manufacturer: z.nullable(z.string()),
  accountedOn: z.nullable(z.string()),
  nature: z.nullable(z.string()),
  technical: z.nullable(z.string()),
  functions: z.nullable(z.string()),
  disciplines: z.array(z.string()),
  serviceContent: z.nullable(z.string()),
  runningHours: z.nullable(z.number()),
  externalHours: z.nullable(z.number()),
  userNotice: z.nullable(z.string()),
  feeText: z.nullable(z.string()),
  address: z.string(),
  customsSupervised: z.boolean(),
  technicians: z.array(z.object({ id, name: z.string(), title: z.nullable(z.string()) })),
})
export type Instrument = z.output<typeof Instrument>

const Facet = z.object({ value: z.string(), label: z.string(), count: z.int() })

export const catalogueEndpoints = {
  ...teamEndpoints,
  listInstruments: endpoint({
    method: 'GET',
    path: '/instruments',
    summary: 'Instruments by words (Chinese, English, synonym, model), class and city, best first.',
    input: z.strictObject({
      q: z.optional(text(100, 0)),
      classCode: z.optional(z.string().check(z.regex(/^\d{2}(\d{2}){0,2}$/))),
      cityCode: z.optional(z.string().check(z.regex(/^14\d{4}$/))),
      kind: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,40}$/))),
      institutionId: z.optional(id),
      ...pageInput,
    }),
    output: z.object({
      rows: z.array(InstrumentCard),
      nextCursor: z.nullable(z.string()),
      total: z.int(),
      /** Synonyms that were recognised: `SEM → 扫描电子显微镜`. */
      understood: z.array(z.object({ term: z.string(), kind: z.string(), kindName: z.string() })),
      cities: z.array(Facet),
      classes: z.array(Facet),
    }),
  }),
  getInstrument: endpoint({
    method: 'GET',
    path: '/instruments/:id',
    summary: 'One instrument.',
    input: z.strictObject({ id }),
    output: Instrument,
  }),
  findInstrumentByCode: endpoint({
    method: 'GET',
    path: '/instrument-codes/:code',
    summary: 'The instrument behind a QR sticker or its six-character short code.',
    input: z.strictObject({
      code: z.string().check(z.trim(), z.toUpperCase(), z.regex(/^[0-9A-Z]{6}$/)),
    }),
    output: InstrumentCard,
  }),
}
