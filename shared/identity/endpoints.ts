import { z } from 'zod/mini'
import { endpoint } from '../kernel/endpoint.ts'
import { id, instant, instantIn, pageInput, pageOf, phone, text } from '../kernel/schema.ts'
import { organisationKinds, roles } from './terms.ts'

export const Organisation = z.object({
  id,
  name: z.string(),
  uscc: z.string(),
  kind: z.enum(organisationKinds),
  cityCode: z.nullable(z.string()),
  city: z.string(),
})
export type Organisation = z.output<typeof Organisation>

export const Membership = z.object({
  id,
  role: z.enum(roles),
  roleLabel: z.string(),
  organisation: Organisation,
})
export type Membership = z.output<typeof Membership>

export const Me = z.object({
  user: z.object({ id, name: z.string(), phone: z.string(), title: z.nullable(z.string()) }),
  membership: Membership,
  memberships: z.array(Membership),
})
export type Me = z.output<typeof Me>

export const LogIn = z.object({ token: z.string(), expiresAt: instant, me: Me })
export type LogIn = z.output<typeof LogIn>

const DemoRole = z.object({
  personId: z.string(),
  name: z.string(),
  role: z.enum(roles),
  roleLabel: z.string(),
  organisationName: z.string(),
  /** One sentence: what this person does in the tour. */
  task: z.string(),
})
export type DemoRole = z.output<typeof DemoRole>

const Enterprise = z.object({
  id,
  name: z.string(),
  uscc: z.string(),
  city: z.string(),
  size: z.nullable(z.string()),
  registryNumber: z.nullable(z.string()),
  registryValidTo: z.nullable(z.string()),
})

export const identityEndpoints = {
  listDemoRoles: endpoint({
    method: 'GET',
    path: '/demo/roles',
    access: 'public',
    summary: 'The people of the demonstration; only with DEMO=1.',
    input: z.strictObject({}),
    output: z.object({ rows: z.array(DemoRole) }),
  }),
  logInAsDemo: endpoint({
    method: 'POST',
    path: '/demo/log-ins',
    forgetful: true,
    access: 'public',
    summary: 'Logs in as one of the demonstration people; only with DEMO=1.',
    input: z.strictObject({ personId: text(20) }),
    output: LogIn,
  }),
  getClock: endpoint({
    method: 'GET',
    path: '/clock',
    access: 'public',
    summary: "The platform's clock, and whether it is a demonstration.",
    input: z.strictObject({}),
    output: z.object({ now: instant, demo: z.boolean(), offsetMinutes: z.int() }),
  }),
  advanceClock: endpoint({
    method: 'PUT',
    path: '/demo/clock',
    summary: 'Moves the demonstration clock forward; only with DEMO=1.',
    input: z.strictObject({ to: instantIn }),
    output: z.object({ now: instant, demo: z.boolean(), offsetMinutes: z.int() }),
  }),
  requestCode: endpoint({
    method: 'POST',
    path: '/log-in-codes',
    forgetful: true,
    access: 'public',
    summary: 'Sends a one-time code; the answer is the same whether or not the number is known.',
    input: z.strictObject({ phone }),
    output: z.object({ expiresAt: instant }),
  }),
  logIn: endpoint({
    method: 'POST',
    path: '/log-ins',
    forgetful: true,
    access: 'public',
    summary: 'Logs in with phone and one-time code.',
    input: z.strictObject({ phone, code: z.string().check(z.regex(/^\d{6}$/)) }),
    output: LogIn,
  }),
  switchMembership: endpoint({
    method: 'PUT',
    path: '/me/membership',
    forgetful: true,
    summary: 'Acts in another role of the same person.',
    input: z.strictObject({ membershipId: id }),
    output: LogIn,
  }),
  getMe: endpoint({
    method: 'GET',
    path: '/me',
    summary: 'Who is logged in, in which role, for which organisation.',
    input: z.strictObject({}),
    output: Me,
  }),
  listEnterprises: endpoint({
    method: 'GET',
    path: '/enterprises',
    summary: 'Enterprises, for voucher administrators.',
    input: z.strictObject({ q: z.optional(text(60, 0)), ...pageInput }),
    output: pageOf(Enterprise),
  }),
}
