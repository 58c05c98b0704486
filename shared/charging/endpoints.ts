import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { date, fen, id, instant, pageInput, pageOf, text } from '../kernel/schema.ts'
import { billStates, components, tiers } from './terms.ts'

export const PriceLine = z.object({
  component: z.enum(components),
  rateFen: fen,
  quantity: z.int(),
  amountFen: fen,
})
export const Price = z.object({
  billableMinutes: z.int(),
  lines: z.array(PriceLine),
  totalFen: fen,
})

export const Tariff = z.object({
  id,
  tier: z.enum(tiers),
  effectiveFrom: date,
  effectiveTo: z.nullable(date),
  materialFenPerSample: fen,
  utilitiesFenPerHour: fen,
  labourFenPerHour: fen,
  minimumMinutes: z.int(),
  basis: z.nullable(z.string()),
})
export type Tariff = z.output<typeof Tariff>

export const Bill = z.object({
  id,
  number: z.string(),
  bookingId: id,
  bookingNumber: z.string(),
  enterpriseName: z.string(),
  institutionName: z.string(),
  instrumentName: z.string(),
  state: z.enum(billStates),
  amountFen: fen,
  paidFen: fen,
  issuedAt: instant,
  /** What the enterprise noted of its bank transfer. */
  transferReference: z.nullable(z.string()),
  transferredOn: z.nullable(date),
  receipts: z.array(
    z.object({
      id,
      amountFen: fen,
      reference: z.string(),
      receivedOn: date,
      confirmedBy: z.string(),
      at: instant,
    }),
  ),
})
export type Bill = z.output<typeof Bill>

export const chargingEndpoints = {
  listTariffs: endpoint({
    method: 'GET',
    path: '/instruments/:instrumentId/tariffs',
    summary: 'All tariff versions of an instrument, newest first, with the basis of cost.',
    input: z.strictObject({ instrumentId: id }),
    output: z.object({ rows: z.array(Tariff) }),
  }),
  listBills: endpoint({
    method: 'GET',
    path: '/bills',
    summary:
      "The enterprise's own bills, or those of the institution's instruments for its finance.",
    input: z.strictObject({
      state: z.optional(z.enum([...billStates, 'open'])),
      bookingId: z.optional(id),
      ...pageInput,
    }),
    output: pageOf(Bill),
  }),
  noteTransfer: endpoint({
    method: 'PUT',
    path: '/bills/:id/transfer',
    summary: 'The enterprise notes the reference of its bank transfer.',
    input: z.strictObject({ id, reference: text(60, 4), transferredOn: date }),
    output: Bill,
  }),
  confirmReceipt: endpoint({
    method: 'POST',
    path: '/bills/:id/receipts',
    summary: "The institution's finance confirms that money arrived.",
    input: z.strictObject({
      id,
      amountFen: fen.check(z.minimum(1)),
      reference: text(60, 4),
      receivedOn: date,
    }),
    output: Bill,
  }),
}
