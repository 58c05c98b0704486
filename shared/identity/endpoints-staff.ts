import { z } from 'zod/mini'
import { positions } from '../catalogue/terms.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { date, id, pageInput, pageOf, text } from '../kernel/schema.ts'
import { establishments, trainingKinds, trainingResults, validities } from './terms-staff.ts'

/** One person of one institution; without an entry in the register its facts are null. */
export const StaffRow = z.object({
  /** Of the entry; of the membership where there is none yet. */
  id,
  userId: id,
  name: z.string(),
  organisation: z.object({ id, name: z.string() }),
  registered: z.boolean(),
  post: z.nullable(z.string()),
  title: z.nullable(z.string()),
  establishment: z.nullable(z.enum(establishments)),
  establishmentLabel: z.nullable(z.string()),
  joinedOn: z.nullable(date),
  leftOn: z.nullable(date),
  atWork: z.boolean(),
  trainings: z.int(),
  /** In how many teams, and in how many of them with a licence. */
  instruments: z.int(),
  licences: z.int(),
  /** The next, or longest past, last day of a licence or training. */
  nextExpiry: z.nullable(date),
  validity: z.enum(validities),
})
export type StaffRow = z.output<typeof StaffRow>

export const Training = z.object({
  id,
  kind: z.enum(trainingKinds),
  kindLabel: z.string(),
  name: z.string(),
  hours: z.int(),
  heldOn: date,
  result: z.enum(trainingResults),
  resultLabel: z.string(),
  expiresOn: z.nullable(date),
  validity: z.enum(validities),
  recordedBy: z.nullable(z.string()),
})
export type Training = z.output<typeof Training>

export const Licence = z.object({
  instrument: z.object({ id, number: z.string(), name: z.string() }),
  position: z.enum(positions),
  positionLabel: z.string(),
  licenceNumber: z.nullable(z.string()),
  licensedOn: z.nullable(date),
  licenceExpiresOn: z.nullable(date),
  validity: z.enum(validities),
})
export type Licence = z.output<typeof Licence>

export const StaffRecord = z.extend(StaffRow, {
  trained: z.array(Training),
  /** One per team the person is in, licensed or not. */
  teams: z.array(Licence),
})
export type StaffRecord = z.output<typeof StaffRecord>

export const Expert = z.object({
  /** The person's. */
  id,
  name: z.string(),
  title: z.nullable(z.string()),
  unit: z.string(),
  /** GB/T 13745. */
  fields: z.array(z.object({ code: z.string(), name: z.string() })),
  /** National instrument classes. */
  classCodes: z.array(z.string()),
  termFrom: date,
  termTo: date,
  inTerm: z.boolean(),
})
export type Expert = z.output<typeof Expert>

const fieldCode = z.string().check(z.regex(/^\d{3}(\d{2}){0,2}$/))
const classCode = z.string().check(z.regex(/^\d{2}(\d{2}){0,2}$/))
const codes = (code: typeof fieldCode, min: number) =>
  z.array(code).check(z.minLength(min), z.maxLength(20))

export const staffEndpoints = {
  listStaff: endpoint({
    method: 'GET',
    path: '/staff',
    summary: 'The laboratory staff by name: the own entry, the own institution’s, or all.',
    input: z.strictObject({
      q: z.optional(text(40, 0)),
      organisationId: z.optional(id),
      ...pageInput,
    }),
    output: pageOf(StaffRow),
  }),
  getStaffRecord: endpoint({
    method: 'GET',
    path: '/staff/:userId',
    summary: 'One person of the register with trainings and licences.',
    input: z.strictObject({ userId: id, organisationId: z.optional(id) }),
    output: StaffRecord,
  }),
  putStaffRecord: endpoint({
    method: 'PUT',
    path: '/staff/:userId',
    summary: 'Enters a person of the own institution, or changes the entry.',
    input: z.strictObject({
      userId: id,
      post: text(40),
      title: z.nullable(text(40)),
      establishment: z.enum(establishments),
      joinedOn: z.nullable(date),
      leftOn: z.nullable(date),
    }),
    output: StaffRecord,
  }),
  recordTraining: endpoint({
    method: 'POST',
    path: '/staff/:userId/trainings',
    summary: 'Enters a training or examination that was held.',
    input: z.strictObject({
      userId: id,
      kind: z.enum(trainingKinds),
      name: text(100),
      hours: z.int().check(z.minimum(0), z.maximum(2000)),
      heldOn: date,
      result: z.enum(trainingResults),
      expiresOn: z.nullable(date),
    }),
    output: StaffRecord,
  }),
  removeTraining: endpoint({
    method: 'DELETE',
    path: '/trainings/:id',
    summary: 'Takes out a training that was entered by mistake.',
    input: z.strictObject({ id }),
    output: z.object({ id }),
  }),
  listExperts: endpoint({
    method: 'GET',
    path: '/experts',
    summary: 'Experts by name; an expert sees the own entry.',
    input: z.strictObject({ fieldCode: z.optional(fieldCode), ...pageInput }),
    output: pageOf(Expert),
  }),
  putExpert: endpoint({
    method: 'PUT',
    path: '/experts/:userId',
    summary: 'Enters an expert for a term, or changes the entry.',
    input: z.strictObject({
      userId: id,
      unit: text(100),
      fieldCodes: codes(fieldCode, 1),
      classCodes: codes(classCode, 0),
      termFrom: date,
      termTo: date,
    }),
    output: Expert,
  }),
}
