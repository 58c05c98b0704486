import { z } from 'zod/mini'
import { duties } from '../kernel/access.ts'
import { endpoint } from '../kernel/endpoint.ts'
import { date, fen, id, instant, pageInput, pageOf, phone, text } from '../kernel/schema.ts'
import { Membership } from './endpoints-log-in.ts'
import { roles } from './terms.ts'
import { invitationStates } from './terms-organisations.ts'

const limit = z.nullable(fen)
const limits = { orderLimitFen: limit, monthLimitFen: limit }

export const Member = z.object({
  id,
  userId: id,
  name: z.string(),
  /** Masked. */
  phone: z.string(),
  role: z.enum(roles),
  roleLabel: z.string(),
  ...limits,
  grantedAt: z.nullable(instant),
  /** It is the membership of who asks. */
  mine: z.boolean(),
})
export type Member = z.output<typeof Member>

export const Invitation = z.object({
  id,
  role: z.enum(roles),
  roleLabel: z.string(),
  ...limits,
  state: z.enum(invitationStates),
  invitedBy: z.string(),
  acceptedBy: z.nullable(z.string()),
  createdAt: instant,
  expiresAt: instant,
})
export type Invitation = z.output<typeof Invitation>

/** 128 bits. */
const code = z.string().check(z.regex(/^[0-9a-f]{32}$/))

const keysOf = <K extends string>(words: Record<K, string>) => Object.keys(words) as K[] // its keys

export const Delegation = z.object({
  id,
  duty: z.enum(keysOf(duties)),
  dutyLabel: z.string(),
  from: z.object({ id, name: z.string() }),
  to: z.object({ id, name: z.string() }),
  document: z.string(),
  validFrom: date,
  validTo: z.nullable(date),
  grantedBy: z.string(),
  grantedAt: instant,
  revokedAt: z.nullable(instant),
  /** In force today. */
  inForce: z.boolean(),
})
export type Delegation = z.output<typeof Delegation>

export const memberEndpoints = {
  listMembers: endpoint({
    method: 'GET',
    path: '/memberships',
    summary: 'The people of the own organisation; of any, for the security administrator.',
    input: z.strictObject({ organisationId: z.optional(id), ...pageInput }),
    output: pageOf(Member),
  }),
  inviteMember: endpoint({
    method: 'POST',
    path: '/invitations',
    forgetful: true,
    summary: 'Invites by a link that works once within seven days; its code is shown only now.',
    input: z.strictObject({
      role: z.enum(roles),
      orderLimitFen: z.optional(limit),
      monthLimitFen: z.optional(limit),
    }),
    output: z.object({ id, code, path: z.string(), expiresAt: instant }),
  }),
  listInvitations: endpoint({
    method: 'GET',
    path: '/invitations',
    summary: 'Invitations of the own organisation, newest first.',
    input: z.strictObject({ state: z.optional(z.enum(invitationStates)), ...pageInput }),
    output: pageOf(Invitation),
  }),
  revokeInvitation: endpoint({
    method: 'PUT',
    path: '/invitations/:id/revocation',
    summary: 'Takes back an invitation that nobody accepted.',
    input: z.strictObject({ id }),
    output: z.object({ id }),
  }),
  getInvitation: endpoint({
    method: 'GET',
    path: '/invitations/:code',
    summary: 'What an invitation is for: no more than its reader must know.',
    input: z.strictObject({ code }),
    output: z.object({
      organisationName: z.string(),
      roleLabel: z.string(),
      invitedBy: z.string(),
    }),
  }),
  acceptInvitation: endpoint({
    method: 'PUT',
    path: '/invitations/:code/acceptance',
    summary: 'Takes the role; works once, and not for who invited.',
    input: z.strictObject({ code }),
    output: Membership,
  }),
  setMemberLimits: endpoint({
    method: 'PUT',
    path: '/memberships/:id/limits',
    summary: 'Above these amounts the administrator approves; null: no limit.',
    input: z.strictObject({ id, ...limits }),
    output: Member,
  }),
  removeMember: endpoint({
    method: 'DELETE',
    path: '/memberships/:id',
    summary: 'Takes a role of the own organisation from a person.',
    input: z.strictObject({ id }),
    output: z.object({ id }),
  }),
  leaveOrganisation: endpoint({
    method: 'DELETE',
    path: '/me/memberships/:id',
    summary: 'Gives up one of the own roles.',
    input: z.strictObject({ id }),
    output: z.object({ id }),
  }),
  grantRole: endpoint({
    method: 'POST',
    path: '/memberships',
    summary: 'Grants a staff role of a department or institution; never to oneself.',
    input: z.strictObject({
      phone: z.optional(phone),
      userId: z.optional(id),
      organisationId: id,
      role: z.enum(roles),
    }),
    output: Member,
  }),
  revokeRole: endpoint({
    method: 'PUT',
    path: '/memberships/:id/revocation',
    summary: 'Takes a staff role; never from oneself.',
    input: z.strictObject({ id }),
    output: z.object({ id }),
  }),
  grantDelegation: endpoint({
    method: 'POST',
    path: '/delegations',
    summary: 'Leaves a duty of the department to the operating service centre, by a document.',
    input: z.strictObject({
      duty: z.enum(keysOf(duties)),
      toId: id,
      document: text(200),
      validFrom: date,
      validTo: z.nullable(date),
    }),
    output: Delegation,
  }),
  revokeDelegation: endpoint({
    method: 'DELETE',
    path: '/delegations/:id',
    summary: 'Takes a duty back.',
    input: z.strictObject({ id }),
    output: Delegation,
  }),
  listDelegations: endpoint({
    method: 'GET',
    path: '/delegations',
    summary: 'Which duties are left to whom, newest first.',
    input: z.strictObject({ ...pageInput }),
    output: pageOf(Delegation),
  }),
}
