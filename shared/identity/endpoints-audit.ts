import { z } from 'zod/mini'
import { auditKinds } from '../kernel/access.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { id, instant, instantIn, pageInput, pageOf, text } from '../kernel/schema.ts'

const AuditEntry = z.object({
  id,
  at: instant,
  kind: z.enum(auditKinds),
  /** The action of the access table, or of the command line. */
  action: z.string(),
  actorName: z.nullable(z.string()),
  /** The job or command, where no person acted. */
  job: z.nullable(z.string()),
  roleLabel: z.nullable(z.string()),
  organisationName: z.nullable(z.string()),
  subjectId: z.string(),
  /** Ids, amounts and words of state. */
  detail: z.record(z.string(), z.unknown()),
  address: z.nullable(z.string()),
  /** Its place in the chain. */
  shard: z.nullable(z.int()),
  seq: z.nullable(z.int()),
  hash: z.nullable(z.string()),
})
export type AuditEntry = z.output<typeof AuditEntry>

const span = { from: instantIn, to: instantIn }

export const auditEndpoints = {
  listAudit: endpoint({
    method: 'GET',
    path: '/audit-entries',
    summary: 'The audit record, newest first.',
    input: z.strictObject({
      ...span,
      kind: z.optional(z.enum(auditKinds)),
      action: z.optional(text(60)),
      subjectId: z.optional(text(60)),
      ...pageInput,
    }),
    output: pageOf(AuditEntry),
  }),
  checkAudit: endpoint({
    method: 'GET',
    path: '/audit-check',
    summary: 'Verifies the whole chain: links counted, and what does not hold.',
    input: z.strictObject({}),
    output: z.object({
      links: z.int(),
      seals: z.int(),
      findings: z.array(
        z.object({
          kind: z.string(),
          shard: z.nullable(z.int()),
          seq: z.nullable(z.int()),
          source: z.nullable(z.string()),
        }),
      ),
    }),
  }),
  exportAudit: endpoint({
    method: 'GET',
    path: '/audit-export',
    summary: 'Entries and transfers of some time with their links, one JSON object a line.',
    input: z.strictObject(span),
    output: z.object({ filename: z.string(), lines: z.string(), count: z.int() }),
  }),
}
