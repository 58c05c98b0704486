import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { date, id, instant, pageInput, pageOf, text, uscc } from '../kernel/schema.ts'
import { Membership, Organisation } from './endpoints-log-in.ts'
import { departmentKinds, organisationKinds, userKinds, verificationStates } from './terms.ts'
import {
  credentialKinds,
  credentialStates,
  organisationSizes,
  verificationFindings,
} from './terms-organisations.ts'

const percent = z.number().check(z.minimum(0), z.maximum(100))
const Shareholder = z.strictObject({ name: text(60), percent })
const NewCredential = z.strictObject({
  kind: z.enum(credentialKinds),
  number: text(60),
  validFrom: date,
  validTo: date,
  fileId: z.optional(id),
})

export const Credential = z.object({
  id,
  organisation: z.object({ id, name: z.string() }),
  kind: z.enum(credentialKinds),
  label: z.string(),
  number: z.string(),
  validFrom: date,
  validTo: date,
  fileId: z.nullable(id),
  state: z.enum(credentialStates),
  submittedAt: instant,
  reason: z.nullable(z.string()),
  /** What stops working when it ends, from which day; null: nothing, or not soon. */
  stops: z.nullable(z.object({ what: z.string(), from: date, days: z.int() })),
})
export type Credential = z.output<typeof Credential>

const applicationStates = ['submitted', 'verified', 'refused'] as const

export const VerificationRow = z.object({
  id,
  organisation: Organisation,
  state: z.enum(applicationStates),
  findings: z.array(z.object({ code: z.enum(verificationFindings), sentence: z.string() })),
  submittedAt: instant,
  submittedBy: z.string(),
  /** Who asks has submitted it, and so may not decide it. */
  mine: z.boolean(),
  decidedAt: z.nullable(instant),
  reason: z.nullable(z.string()),
})
export type VerificationRow = z.output<typeof VerificationRow>

export const Verification = z.extend(VerificationRow, {
  legalRepresentative: z.nullable(z.string()),
  shareholders: z.array(z.object({ name: z.string(), percent: z.number() })),
  licenceFileId: z.nullable(id),
  address: z.nullable(z.string()),
  size: z.nullable(z.string()),
  decidedBy: z.nullable(z.string()),
  /** All that were submitted for the organisation. */
  credentials: z.array(Credential),
})
export type Verification = z.output<typeof Verification>

export const OrganisationDetail = z.extend(Organisation, {
  /** Null for whom it is not their own organisation nor their office. */
  inner: z.nullable(
    z.object({
      county: z.nullable(z.string()),
      address: z.nullable(z.string()),
      size: z.nullable(z.string()),
      departmentKind: z.nullable(z.enum(departmentKinds)),
      supervisingDepartment: z.nullable(z.string()),
      legalRepresentative: z.nullable(z.string()),
      shareholders: z.array(z.object({ name: z.string(), percent: z.number() })),
      registeredAt: z.nullable(instant),
      members: z.int(),
      /** The latest application. */
      verificationId: z.nullable(id),
    }),
  ),
})
export type OrganisationDetail = z.output<typeof OrganisationDetail>

const OrganisationRow = z.extend(Organisation, {
  departmentKind: z.nullable(z.enum(departmentKinds)),
  registeredAt: z.nullable(instant),
})
export type OrganisationRow = z.output<typeof OrganisationRow>

const reason = text(500, 0)

export const organisationEndpoints = {
  registerOrganisation: endpoint({
    method: 'POST',
    path: '/organisations',
    summary: 'Registers the own organisation, unverified; who registers becomes its administrator.',
    input: z.strictObject({
      name: text(60, 2),
      uscc,
      userKind: z.enum(userKinds),
      city: text(20),
      address: text(200),
      legalRepresentative: text(60),
      size: z.optional(z.enum(organisationSizes)),
    }),
    output: Membership,
  }),
  searchOrganisations: endpoint({
    method: 'GET',
    path: '/organisations',
    summary: 'Organisations by name or code, for administrators.',
    input: z.strictObject({
      q: z.optional(text(60, 0)),
      kind: z.optional(z.enum(organisationKinds)),
      verification: z.optional(z.enum(verificationStates)),
      ...pageInput,
    }),
    output: pageOf(OrganisationRow),
  }),
  getOrganisation: endpoint({
    method: 'GET',
    path: '/organisations/:id',
    summary: 'One organisation: the public part, and all of it for its own people and the officer.',
    input: z.strictObject({ id }),
    output: OrganisationDetail,
  }),
  submitVerification: endpoint({
    method: 'POST',
    path: '/organisations/:id/verifications',
    summary: 'Asks to be verified, or to have verified facts changed.',
    input: z.strictObject({
      id,
      legalRepresentative: text(60),
      shareholders: z.array(Shareholder).check(z.maxLength(50)),
      licenceFileId: z.optional(id),
      credentials: z.array(NewCredential).check(z.maxLength(10)),
    }),
    output: Verification,
  }),
  listVerifications: endpoint({
    method: 'GET',
    path: '/verifications',
    summary: 'Applications, for the officer; those that wait come oldest first.',
    input: z.strictObject({ state: z.optional(z.enum(applicationStates)), ...pageInput }),
    output: pageOf(VerificationRow),
  }),
  getVerification: endpoint({
    method: 'GET',
    path: '/verifications/:id',
    summary: 'One application with its warnings, for the organisation and the officer.',
    input: z.strictObject({ id }),
    output: Verification,
  }),
  decideVerification: endpoint({
    method: 'PUT',
    path: '/verifications/:id/decision',
    summary: 'Verifies the organisation, or refuses with a reason; never by who submitted.',
    input: z.strictObject({
      id,
      decision: z.enum(['verified', 'refused']),
      reason,
      /** The warnings that were looked at: all of them, to verify. */
      acknowledged: z.array(z.enum(verificationFindings)).check(z.maxLength(20)),
    }),
    output: Verification,
  }),
  submitCredential: endpoint({
    method: 'POST',
    path: '/organisations/:id/credentials',
    summary: 'Adds a credential, for example the register number of a new year.',
    input: z.extend(NewCredential, { id }),
    output: Credential,
  }),
  listCredentials: endpoint({
    method: 'GET',
    path: '/credentials',
    summary: 'Credentials of the own organisation, or of all for the officer, with what ends when.',
    input: z.strictObject({
      organisationId: z.optional(id),
      state: z.optional(z.enum(credentialStates)),
      ...pageInput,
    }),
    output: pageOf(Credential),
  }),
  decideCredential: endpoint({
    method: 'PUT',
    path: '/credentials/:id/decision',
    summary: 'Accepts or refuses a credential; never by who submitted.',
    input: z.strictObject({ id, decision: z.enum(['accepted', 'refused']), reason }),
    output: Credential,
  }),
}
