import type { Role } from '../identity/terms.ts'
import type { Endpoint } from './endpoint.ts'
import type { RefusalCode } from './refusals.ts'

// Who may do what with whose: the one table of it. The server asks it before every endpoint and in
// every verb, the client before it shows a button, and docs/access.md is printed from it.

/** How near an object must be to the person. What is farther does not exist for them. */
export const relations = {
  own: '本人的',
  organisation: '本单位的',
  assigned: '指派给本人的',
  city: '本市的',
  all: '全部',
} as const
export type Relation = keyof typeof relations

/** What an entry of the audit record is about. */
export const auditKinds = ['permission', 'money', 'protected'] as const
export type AuditKind = (typeof auditKinds)[number]

export const auditKindLabels: Record<AuditKind, string> = {
  permission: '权限',
  money: '资金',
  protected: '受保护数据',
}

/** 受托职责: what the department's office may leave to the operating service centre. */
export const duties = {
  verification: '单位认证',
  catalogue: '目录管理',
  'audit-desk': '审计查阅',
} as const
export type Duty = keyof typeof duties

/**
 * `anyone`: also a visitor. `person`: who is logged in, with or without a role. `member`: any role,
 * on what is their own or their organisation's by the verb's query. Otherwise the roles, each with
 * the relation it needs.
 */
export type Who = 'anyone' | 'person' | 'member' | Partial<Record<Role, Relation>>

export type Rule = {
  who: Who
  /** A second factor at most five minutes old: money, permissions, data in bulk. */
  stepUp?: true
  audit?: AuditKind
  /** Reads rows that the database shows only to whom they belong: runs as the person. */
  walled?: true
  /** The service centre needs the department's delegation of this duty. */
  duty?: Duty
}

const enterprise = {
  'enterprise-member': 'organisation',
  'enterprise-admin': 'organisation',
} as const
const bookers = {
  ...enterprise,
  'unit-member': 'organisation',
  'unit-admin': 'organisation',
} as const
const laboratory = { technician: 'assigned', 'institution-manager': 'organisation' } as const
const payees = {
  'institution-finance': 'organisation',
  'institution-manager': 'organisation',
} as const
const accountHolders = {
  'institution-finance': 'organisation',
  'enterprise-admin': 'organisation',
  'unit-admin': 'organisation',
} as const
const province = { 'voucher-administrator-province': 'all' } as const
const vouchers = { 'voucher-administrator-city': 'city', ...province } as const
const auditors = { auditor: 'all' } as const
/** The province checks where there is nobody else. */
const accountCheckers = {
  ...accountHolders,
  'institution-manager': 'organisation',
  ...province,
} as const
/** Of an organisation's people, limits and papers. */
const administrators = {
  'enterprise-admin': 'organisation',
  'unit-admin': 'organisation',
  'institution-manager': 'organisation',
} as const
/** Of what an organisation's people spend. */
const spenders = { 'enterprise-admin': 'organisation', 'unit-admin': 'organisation' } as const
const officers = { 'platform-administrator': 'all' } as const
const security = { 'security-administrator': 'all' } as const
const supervisors = { 'supervising-department': 'all', ...auditors } as const
/** Of the register of laboratory staff: a personnel office reads its own institution's. */
const staffReaders = {
  technician: 'own',
  'institution-manager': 'organisation',
  hr: 'organisation',
  ...supervisors,
} as const

const anyone: Rule = { who: 'anyone' }
const person: Rule = { who: 'person' }
const walled = { walled: true } as const
const walledMember: Rule = { who: 'member', ...walled }
const member: Rule = { who: 'member' }
const may = (who: Who, also: Omit<Rule, 'who'> = {}): Rule => ({ who, ...also })
const permission = { audit: 'permission' } as const
const strongPermission = { audit: 'permission', stepUp: true } as const
const verification = { duty: 'verification' } as const
const money = { audit: 'money' } as const
const strongMoney = { audit: 'money', stepUp: true } as const

export const access = {
  'identity.listDemoRoles': anyone,
  'identity.logInAsDemo': anyone,
  'identity.getClock': anyone,
  'identity.advanceClock': member,
  'identity.requestCode': anyone,
  'identity.logIn': anyone,
  'identity.logInWithWechat': anyone,
  'identity.refreshLogIn': anyone,
  'identity.getDemoCode': person,
  'identity.logOut': person,
  'identity.listLogIns': person,
  'identity.revokeLogIn': may('person', permission),
  'identity.revokeOtherLogIns': may('person', permission),
  'identity.enrolFactor': may('person', permission),
  'identity.confirmFactor': may('person', permission),
  'identity.requestStepUpCode': person,
  'identity.stepUp': person,
  'identity.switchMembership': person,
  'identity.getMe': person,
  'identity.listEnterprises': may(vouchers),
  'identity.listAudit': may(auditors, walled),
  'identity.checkAudit': may(auditors, walled),
  'identity.exportAudit': may(auditors, { audit: 'protected', stepUp: true }),

  'identity.registerOrganisation': may('person', permission),
  'identity.searchOrganisations': may({ ...officers, ...security, ...auditors }, verification),
  'identity.getOrganisation': anyone,
  'identity.submitVerification': may(administrators, permission),
  'identity.listVerifications': may({ ...officers, ...auditors }, verification),
  'identity.getVerification': may({ ...administrators, ...officers, ...auditors }, verification),
  'identity.decideVerification': may(officers, { ...strongPermission, ...verification }),
  'identity.submitCredential': may(administrators, permission),
  'identity.listCredentials': may({ ...bookers, ...administrators, ...officers }, verification),
  'identity.decideCredential': may(officers, { ...strongPermission, ...verification }),

  'identity.listMembers': may({ ...administrators, ...security }),
  'identity.inviteMember': may(administrators, strongPermission),
  'identity.listInvitations': may(administrators),
  'identity.revokeInvitation': may(administrators, strongPermission),
  'identity.getInvitation': anyone,
  'identity.acceptInvitation': may('person', permission),
  'identity.setMemberLimits': may(administrators, strongPermission),
  'identity.removeMember': may(administrators, strongPermission),
  'identity.leaveOrganisation': may('person', permission),
  'identity.grantRole': may(security, strongPermission),
  'identity.revokeRole': may(security, strongPermission),
  'identity.grantDelegation': may(security, strongPermission),
  'identity.revokeDelegation': may(security, strongPermission),
  'identity.listDelegations': may({ ...security, ...officers, ...auditors }),

  'identity.proposeBankAccount': may(accountHolders, strongMoney),
  'identity.putBankAccountInUse': may(accountCheckers, strongMoney),
  'identity.refuseBankAccount': may(accountCheckers, money),
  'identity.listBankAccounts': may(accountCheckers, walled),
  'identity.readBankAccount': may(accountCheckers, { audit: 'protected', stepUp: true }),

  'identity.listPrivacyNotices': anyone,
  'identity.getConsents': person,
  'identity.giveConsent': person,
  'identity.withdrawConsent': person,
  'identity.listConsentHistory': person,
  'identity.exportMyData': may('person', { audit: 'protected', stepUp: true }),
  'identity.closeAccount': may('person', strongPermission),

  'identity.listStaff': may(staffReaders),
  'identity.getStaffRecord': may(staffReaders),
  'identity.putStaffRecord': may({ 'institution-manager': 'organisation' }),
  'identity.recordTraining': may({ 'institution-manager': 'organisation' }),
  'identity.removeTraining': may({ 'institution-manager': 'organisation' }),
  'identity.listExperts': may({ ...officers, expert: 'own' }),
  'identity.putExpert': may(officers),

  'catalogue.listInstruments': anyone,
  'catalogue.getInstrument': anyone,
  'catalogue.findInstrumentByCode': anyone,
  'catalogue.getTeam': anyone,
  'catalogue.putTeamMember': may({ 'institution-manager': 'organisation' }),
  'catalogue.removeTeamMember': may({ 'institution-manager': 'organisation' }),
  'catalogue.setStaffMinimum': may({ 'institution-manager': 'organisation' }),
  'catalogue.planDuty': may({ 'institution-manager': 'organisation' }),
  'catalogue.cancelDuty': may({ 'institution-manager': 'organisation' }),
  'catalogue.listDuty': may({ 'institution-manager': 'organisation', technician: 'own' }),
  'catalogue.listTeamAlarms': may({ ...laboratory, ...supervisors }),

  'charging.listTariffs': anyone,
  'charging.listBills': member,
  'charging.noteTransfer': may(bookers, money),
  'charging.confirmReceipt': may({ 'institution-finance': 'organisation' }, strongMoney),

  'notice.getNotice': anyone,

  'voucher.listProgrammes': anyone,
  'voucher.listQuotas': may({ ...enterprise, ...vouchers, ...auditors }),
  'voucher.proposeQuota': may(province, money),
  'voucher.issueQuota': may(province, strongMoney),
  'voucher.refuseQuota': may(province, money),
  'voucher.listQuotaIssues': may({ ...province, ...auditors }),
  'voucher.listTransfers': may({ ...enterprise, ...vouchers, ...auditors }),
  'voucher.getLedgerProof': may({ ...vouchers, ...auditors }),

  'booking.getWeek': anyone,
  'booking.listOffers': anyone,
  'booking.listFreeKinds': anyone,
  'booking.listFreeInstruments': anyone,
  'booking.quoteSlot': anyone,
  'booking.holdSlot': may(bookers),
  'booking.requestBooking': may(bookers),
  'booking.approveSpending': may(spenders, money),
  'booking.refuseSpending': may(spenders, money),
  'booking.listBeneficiaries': may(bookers),
  'booking.confirmBooking': may(laboratory),
  'booking.declineBooking': may(laboratory),
  'booking.cancelBooking': may({ ...bookers, ...laboratory }),
  'booking.listBookings': member,
  'booking.getBooking': member,
  'booking.declareOutage': may(laboratory),
  'booking.liftOutage': may(laboratory),

  'session.listToday': may(laboratory),
  'session.checkIn': may({ ...bookers, technician: 'assigned' }),
  'session.getSession': member,
  'session.findBookingSession': member,
  'session.advanceSession': may({ ...bookers, technician: 'assigned' }),
  'session.finishSession': may({ technician: 'assigned' }),
  'session.agreeSession': may(bookers),
  'session.disputeSession': may(bookers),
  'session.adjustSession': may({ technician: 'assigned' }),

  'redemption.listClaimable': may({ ...enterprise, ...payees }),
  'redemption.openClaim': may({ ...enterprise, ...payees }, money),
  'redemption.submitClaim': may({ ...enterprise, ...payees }, money),
  'redemption.withdrawClaim': may({ ...enterprise, ...payees }, money),
  'redemption.bindClaim': may(payees, money),
  'redemption.reviewClaim': may(vouchers, money),
  'redemption.reviewCleanClaims': may(vouchers, money),
  'redemption.listClaims': may({ ...enterprise, ...payees, ...vouchers, ...auditors }),
  'redemption.getClaim': may({ ...enterprise, ...payees, ...vouchers, ...auditors }),
  'redemption.getDesk': may({ ...vouchers, ...auditors }),
  'redemption.openBatch': may(province, money),
  'redemption.publiciseBatch': may(province, money),
  'redemption.approveBatch': may(province, strongMoney),
  'redemption.instructBatch': may(province, strongMoney),
  'redemption.getPaymentFile': may(
    { ...province, ...auditors },
    { audit: 'protected', stepUp: true },
  ),
  'redemption.importBankReturn': may(province, strongMoney),
  'redemption.explainDifference': may(province, strongMoney),
  'redemption.reconcileBatch': may(province, strongMoney),
  'redemption.listBatches': may({ ...province, ...auditors }),
  'redemption.getBatch': may({ ...province, ...auditors }, walled),

  'message.getThread': walledMember,
  'message.sendMessage': member,
  'message.markThreadRead': member,
  'message.listInbox': member,
  'message.getUnread': member,
  'message.markInboxRead': member,
} as const satisfies Record<string, Rule>

/** `module.verb`: the name of an endpoint. */
export type Action = keyof typeof access

export function ruleOf(action: Action): Rule {
  return access[action]
}

/** What of a person the table asks for. */
export type Seat = { role: Role; duties: readonly Duty[] | null }

/**
 * Why this person may not, or null; `seat` null: logged in without a role, undefined: a visitor.
 * Says nothing of the object: that must be found in the relation of `relationOf`.
 */
export function whyNotAllowed(action: Action, seat: Seat | null | undefined): RefusalCode | null {
  const { who, duty } = ruleOf(action)
  if (who === 'anyone') return null
  if (seat === undefined) return 'identity.not_logged_in'
  if (who === 'person') return null
  if (seat === null) return 'identity.role_missing'
  if (who !== 'member' && who[seat.role] === undefined) return 'identity.role_missing'
  if (duty !== undefined && seat.duties !== null && !seat.duties.includes(duty))
    return 'identity.not_delegated'
  return null
}

/** How near the object must be for this role; null where the table leaves it to the verb. */
export function relationOf(action: Action, role: Role): Relation | null {
  const { who } = ruleOf(action)
  return typeof who === 'string' ? null : (who[role] ?? null)
}

/** The name of each endpoint, by the endpoint itself; made once from all of them. */
export function namesOf(
  all: Record<string, Record<string, Endpoint>>,
): ReadonlyMap<Endpoint, Action> {
  const names = new Map<Endpoint, Action>()
  for (const [module, endpoints] of Object.entries(all))
    for (const [verb, endpoint] of Object.entries(endpoints)) {
      const name = `${module}.${verb}`
      if (isAction(name)) names.set(endpoint, name)
    }
  return names
}

export function isAction(name: string): name is Action {
  return Object.hasOwn(access, name)
}
