import type { RefusalCode } from '../kernel/refusals.ts'
import { addDays, type DateText, daysBetween } from '../kernel/time.ts'
import { usccBodyPasses, usccCheckPasses } from '../kernel/uscc.ts'
import {
  adminRoles,
  type DepartmentKind,
  type OrganisationKind,
  type Role,
  type UserKind,
  type VerificationState,
} from './terms.ts'
import {
  type CredentialKind,
  credentialUses,
  type VerificationFinding,
} from './terms-organisations.ts'

// Who gives which role, what makes an organisation what it says it is, and for how long.

/**
 * Formal warnings about a unified social credit code (GB 32100-2015). Each is for a person to look
 * at beside the licence and none is a refusal: some genuine early codes fail their check character.
 */
export function usccFindings(uscc: string, userKind: UserKind): VerificationFinding[] {
  const findings: VerificationFinding[] = []
  if (/[IOSVZ]/.test(uscc)) findings.push('uscc-charset')
  if (!usccCheckPasses(uscc)) findings.push('uscc-check')
  if (!usccBodyPasses(uscc)) findings.push('uscc-body')
  if (!registrars[userKind].includes(uscc.charAt(0))) findings.push('uscc-registrar')
  if (!homeRegions.includes(uscc.slice(2, 4))) findings.push('uscc-region')
  return findings
}

/** Who registers such a body: 1 机构编制, 5 民政, 9 市场监管. */
const registrars: Record<UserKind, string> = {
  enterprise: '9',
  university: '15',
  institute: '159',
  'social-organisation': '59',
}

/** Shanxi, and the national registrar. */
const homeRegions = ['14', '10']

/** Warnings about the rest of an application; `claims`: others who claim the same code. */
export function applicationFindings(facts: {
  userKind: UserKind
  shareholders: readonly { percent: number }[]
  licenceFileId: string | null
  claims: number
  namesakes: number
}): VerificationFinding[] {
  const findings: VerificationFinding[] = []
  if (facts.claims > 0) findings.push('uscc-claimed')
  if (facts.namesakes > 0) findings.push('name-taken')
  if (facts.licenceFileId === null) findings.push('licence-missing')
  if (facts.userKind === 'enterprise' && facts.shareholders.length === 0)
    findings.push('shareholders-missing')
  const whole = facts.shareholders.reduce((sum, { percent }) => sum + percent, 0)
  if (whole > 100 + ROUNDING) findings.push('shares-over-whole')
  return findings
}

/** Percentages that were rounded one by one may add up to a little more than the whole. */
const ROUNDING = 0.05

/** The state after an application: who is verified stays so while a change is looked at. */
export function stateOnSubmission(state: VerificationState): VerificationState {
  return state === 'verified' ? 'verified' : 'submitted'
}

export type DecisionFacts = {
  submittedBy: string | null
  decidedBy: string
  passed: boolean
  reason: string
  findings: readonly string[]
  /** The findings that the officer says to have looked at. */
  acknowledged: readonly string[]
}

/**
 * Why an officer may not decide so, or null: not on what oneself submitted, no refusal without a
 * reason, and nothing passes with a warning that was not looked at.
 */
export function whyNotDecide(facts: DecisionFacts): RefusalCode | null {
  if (facts.submittedBy === facts.decidedBy) return 'identity.own_proposal'
  if (!facts.passed) return facts.reason === '' ? 'identity.reason_missing' : null
  const unseen = facts.findings.some((code) => !facts.acknowledged.includes(code))
  return unseen ? 'identity.findings_unseen' : null
}

/** First and last day, both included. */
export type Span = { validFrom: DateText; validTo: DateText }

/** The credential that covers a day, the one that lasts longest; null: none does. */
export function credentialOn<T extends Span>(credentials: readonly T[], on: DateText): T | null {
  const covering = credentials.filter((one) => one.validFrom <= on && on <= one.validTo)
  return covering.reduce<T | null>(
    (best, one) => (best === null || one.validTo > best.validTo ? one : best),
    null,
  )
}

/** How many days ahead the end of a credential is told. */
export const EXPIRY_NOTICE_DAYS = 60

/**
 * What stops working when a credential ends, from which day and in how many days (negative: it has
 * stopped). Null while the end is far, when nothing depends on it, and when another credential of
 * the kind goes on. `accepted`: all accepted credentials of the organisation.
 */
export function whatStops(
  credential: Span & { kind: CredentialKind },
  accepted: readonly (Span & { kind: CredentialKind })[],
  today: DateText,
): { what: string; from: DateText; days: number } | null {
  const what = credentialUses[credential.kind]
  const from = addDays(credential.validTo, 1)
  const days = daysBetween(today, from)
  if (what === null || days > EXPIRY_NOTICE_DAYS) return null
  const others = accepted.filter((one) => one.kind === credential.kind)
  const goesOn = credentialOn(others, days > 0 ? from : today) !== null
  return goesOn ? null : { what, from, days }
}

/** The role of the person who registers an organisation. */
export function firstRoleOf(userKind: UserKind): Role {
  return userKind === 'enterprise' ? 'enterprise-admin' : 'unit-admin'
}

/** Roles that an organisation is never left without, once somebody has it. */
export const keptRoles: readonly Role[] = [...adminRoles, 'security-administrator']

const givenBy: Partial<Record<Role, readonly Role[]>> = {
  'enterprise-admin': ['enterprise-member', 'enterprise-admin'],
  'unit-admin': ['unit-member', 'unit-admin'],
  'institution-manager': [
    'technician',
    'institution-finance',
    'institution-manager',
    'unit-member',
  ],
}

/** The roles that this one may give, limit and take in its own organisation. */
export function rolesGivenBy(by: Role): readonly Role[] {
  return givenBy[by] ?? []
}

/** Why `by` may not give or take `role` in their own organisation, or null. */
export function whyNotGive(role: Role, by: Role): RefusalCode | null {
  return rolesGivenBy(by).includes(role) ? null : 'identity.role_not_yours'
}

const departmentRoles: Record<DepartmentKind, readonly Role[]> = {
  'province-department': ['platform-administrator', 'security-administrator', 'auditor'],
  'province-office': ['platform-administrator', 'security-administrator', 'auditor'],
  'service-centre': ['platform-administrator'],
  'supervising-department': ['supervising-department'],
  'finance-department': ['finance-department'],
  'voucher-office-city': ['voucher-administrator-city'],
  'voucher-office-province': ['voucher-administrator-province'],
  'third-party-assessor': ['third-party-assessor'],
  audit: ['auditor'],
}

/** Also for the first person of an institution, who then invites the others. */
const institutionRolesGranted: readonly Role[] = ['institution-manager', 'hr', 'expert']

export type GrantFacts = {
  kind: OrganisationKind
  departmentKind: DepartmentKind | null
}

/** The roles that the security administrator may grant in such an organisation. */
export function rolesGrantedIn({ kind, departmentKind }: GrantFacts): readonly Role[] {
  if (kind === 'institution') return institutionRolesGranted
  if (kind === 'department')
    return [...(departmentKind === null ? [] : departmentRoles[departmentKind]), 'expert']
  return []
}

/** Why the security administrator may not grant this, or null. Never to oneself. */
export function whyNotGrant(
  role: Role,
  to: GrantFacts & { userId: string },
  by: { userId: string },
): RefusalCode | null {
  if (to.userId === by.userId) return 'identity.own_proposal'
  return rolesGrantedIn(to).includes(role) ? null : 'identity.role_not_here'
}

/** Whose security administrator leaves duties to other bodies. */
export function mayDelegate(departmentKind: DepartmentKind | null): boolean {
  return departmentKind === 'province-office' || departmentKind === 'province-department'
}

/** For how long an invitation may be accepted. */
export const INVITATION_DAYS = 7
/** How many organisations one person may have waiting for verification. */
export const WAITING_CLAIMS_MAX = 5
