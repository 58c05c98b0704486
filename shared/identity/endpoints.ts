import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { date, id, pageInput, pageOf, text } from '../kernel/schema.ts'
import { auditEndpoints } from './endpoints-audit.ts'
import { bankEndpoints } from './endpoints-bank.ts'
import { logInEndpoints } from './endpoints-log-in.ts'
import { memberEndpoints } from './endpoints-members.ts'
import { organisationEndpoints } from './endpoints-organisations.ts'
import { privacyEndpoints } from './endpoints-privacy.ts'
import { staffEndpoints } from './endpoints-staff.ts'

const Enterprise = z.object({
  id,
  name: z.string(),
  uscc: z.string(),
  city: z.string(),
  size: z.nullable(z.string()),
  /** The register entry that vouchers ask for: today's, else the latest. */
  credential: z.nullable(z.object({ number: z.string(), validTo: date })),
})

export const identityEndpoints = {
  ...logInEndpoints,
  ...auditEndpoints,
  ...bankEndpoints,
  ...organisationEndpoints,
  ...memberEndpoints,
  ...privacyEndpoints,
  ...staffEndpoints,
  listEnterprises: endpoint({
    method: 'GET',
    path: '/enterprises',
    summary: 'Enterprises, for voucher administrators.',
    input: z.strictObject({ q: z.optional(text(60, 0)), ...pageInput }),
    output: pageOf(Enterprise),
  }),
}
