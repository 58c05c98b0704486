import { z } from 'zod/mini'
import { duties } from '../kernel/access.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { id, instant, instantIn, pageInput, pageOf, phone, text } from '../kernel/schema.ts'
import {
  factorKinds,
  logInChannels,
  organisationKinds,
  roles,
  userKinds,
  verificationStates,
} from './terms.ts'

export const Organisation = z.object({
  id,
  name: z.string(),
  uscc: z.string(),
  kind: z.enum(organisationKinds),
  userKind: z.nullable(z.enum(userKinds)),
  verification: z.enum(verificationStates),
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
  /** The role acted in; null: none yet. */
  membership: z.nullable(Membership),
  memberships: z.array(Membership),
  /** What the department delegated to the organisation acted for; null: it needs no delegation. */
  duties: z.nullable(z.array(z.enum(keysOf(duties)))),
  logInId: z.nullable(id),
  /** The second factor this person has; null: none yet, and staff roles wait for one. */
  secondFactor: z.nullable(z.enum(factorKinds)),
  /** When it was last given in this log-in. */
  strongAt: z.nullable(instant),
})
export type Me = z.output<typeof Me>

export const LogIn = z.object({
  token: z.string(),
  /** End of the access token; a refresh gives the next one. */
  expiresAt: instant,
  /** Null where the browser keeps it in a cookie that scripts cannot read. */
  refreshToken: z.nullable(z.string()),
  me: Me,
})
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

const LogInRow = z.object({
  id,
  device: z.string(),
  channel: z.enum(logInChannels),
  /** The address, shortened. */
  address: z.nullable(z.string()),
  createdAt: instant,
  seenAt: instant,
  /** The one this question came from. */
  current: z.boolean(),
})
export type LogInRow = z.output<typeof LogInRow>

const sixDigits = z.string().check(z.regex(/^\d{6}$/))
/** What the person calls this phone or computer by. */
const device = z.optional(text(80))
const channel = z.optional(z.enum(['h5', 'weapp']))

export const logInEndpoints = {
  listDemoRoles: endpoint({
    method: 'GET',
    path: '/demo/roles',
    summary: 'The people of the demonstration; only with DEMO=1.',
    input: z.strictObject({}),
    output: z.object({ rows: z.array(DemoRole) }),
  }),
  logInAsDemo: endpoint({
    method: 'POST',
    path: '/demo/log-ins',
    forgetful: true,
    summary: 'Logs in as one of the demonstration people; only with DEMO=1.',
    input: z.strictObject({ personId: text(20), device, channel }),
    output: LogIn,
  }),
  getDemoCode: endpoint({
    method: 'GET',
    path: '/demo/second-factor',
    summary: 'The code that the second factor of a demonstration person shows; only with DEMO=1.',
    input: z.strictObject({}),
    output: z.object({ code: z.nullable(z.string()) }),
  }),
  getClock: endpoint({
    method: 'GET',
    path: '/clock',
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
    summary: 'Sends a one-time code; the answer is the same for any number.',
    input: z.strictObject({ phone }),
    output: z.object({ codeId: id, expiresAt: instant }),
  }),
  logIn: endpoint({
    method: 'POST',
    path: '/log-ins',
    forgetful: true,
    summary: 'Logs in with phone and one-time code; a new number becomes a new person.',
    input: z.strictObject({ phone, codeId: id, code: sixDigits, device, channel }),
    output: LogIn,
  }),
  logInWithWechat: endpoint({
    method: 'POST',
    path: '/log-ins/wechat',
    forgetful: true,
    summary: 'Logs in with the codes of wx.login and, the first time, of the phone number button.',
    input: z.strictObject({ code: text(128), phoneCode: z.optional(text(128)), device }),
    output: LogIn,
  }),
  refreshLogIn: endpoint({
    method: 'POST',
    path: '/log-ins/refresh',
    forgetful: true,
    summary: 'A new access token for the current refresh token, which it replaces.',
    input: z.strictObject({ refreshToken: z.optional(text(300)) }),
    output: LogIn,
  }),
  logOut: endpoint({
    method: 'DELETE',
    path: '/me/log-in',
    forgetful: true,
    summary: 'Ends this log-in.',
    input: z.strictObject({}),
    output: z.object({}),
  }),
  listLogIns: endpoint({
    method: 'GET',
    path: '/me/log-ins',
    summary: 'My devices: log-ins that have not ended.',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(LogInRow),
  }),
  revokeLogIn: endpoint({
    method: 'DELETE',
    path: '/me/log-ins/:id',
    summary: 'Ends one of my log-ins; it stops working within five seconds.',
    input: z.strictObject({ id }),
    output: z.object({ id }),
  }),
  revokeOtherLogIns: endpoint({
    method: 'DELETE',
    path: '/me/log-ins',
    summary: 'Ends all my log-ins but this one.',
    input: z.strictObject({}),
    output: z.object({ revoked: z.int() }),
  }),
  enrolFactor: endpoint({
    method: 'POST',
    path: '/me/second-factor',
    forgetful: true,
    summary: 'Begins a second factor: the secret for a code generator (RFC 6238).',
    input: z.strictObject({}),
    output: z.object({ id, secret: z.string(), uri: z.string() }),
  }),
  confirmFactor: endpoint({
    method: 'PUT',
    path: '/me/second-factor',
    forgetful: true,
    summary: 'Takes the second factor into use with its first code.',
    input: z.strictObject({ id, code: sixDigits }),
    output: Me,
  }),
  requestStepUpCode: endpoint({
    method: 'POST',
    path: '/me/step-up-codes',
    forgetful: true,
    summary: "Sends a one-time code to the person's own phone.",
    input: z.strictObject({}),
    output: z.object({ codeId: id, expiresAt: instant }),
  }),
  stepUp: endpoint({
    method: 'PUT',
    path: '/me/step-up',
    forgetful: true,
    summary: 'Gives a second factor: the code generator, or a text message where none is in use.',
    input: z.strictObject({ code: sixDigits, codeId: z.optional(id) }),
    output: Me,
  }),
  switchMembership: endpoint({
    method: 'PUT',
    path: '/me/membership',
    summary: 'Acts in another role of the same person, in this log-in.',
    input: z.strictObject({ membershipId: id }),
    output: Me,
  }),
  getMe: endpoint({
    method: 'GET',
    path: '/me',
    summary: 'Who is logged in, in which role, for which organisation.',
    input: z.strictObject({}),
    output: Me,
  }),
}

/** The keys of a record of words, as a list that `z.enum` takes. */
function keysOf<K extends string>(words: Record<K, string>): K[] {
  return Object.keys(words) as K[] // an object literal has exactly the keys of its type
}
