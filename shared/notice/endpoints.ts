import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { date, id, instant } from '../kernel/schema.ts'
import { noticeStages, serviceModes, sixMatters } from './terms.ts'

export const Notice = z.object({
  id,
  serviceMode: z.enum(serviceModes),
  version: z.int(),
  title: z.string(),
  /** One sentence: whose the results are. */
  ownership: z.string(),
  clauses: z.array(z.object({ heading: z.string(), text: z.string() })),
  effectiveFrom: date,
  hash: z.string(),
})
export type Notice = z.output<typeof Notice>

export const Agreement = z.object({
  bookingId: id,
  noticeId: id,
  version: z.int(),
  matters: z.array(z.object({ matter: z.enum(sixMatters), text: z.string() })),
  hash: z.string(),
  acknowledgements: z.array(
    z.object({
      stage: z.enum(noticeStages),
      name: z.string(),
      organisationName: z.string(),
      at: instant,
      hash: z.string(),
    }),
  ),
})
export type Agreement = z.output<typeof Agreement>

export const noticeEndpoints = {
  getNotice: endpoint({
    method: 'GET',
    path: '/notices/:serviceMode',
    summary: 'The IP-protection notice now in force for a service mode.',
    input: z.strictObject({ serviceMode: z.enum(serviceModes) }),
    output: Notice,
  }),
}
