import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { type App, serve } from '../kernel/serve.ts'
import type { Wechat } from '../kernel/wechat.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { advanceClock } from './advance-clock.ts'
import { closeAccount } from './close-account.ts'
import { confirmFactor } from './confirm-factor.ts'
import { decideCredential } from './decide-credential.ts'
import { decideVerification } from './decide-verification.ts'
import type { DeliverCode } from './deliver-code.ts'
import { enrolFactor } from './enrol-factor.ts'
import { giveConsent } from './give-consent.ts'
import { grantDelegation } from './grant-delegation.ts'
import { grantRole } from './grant-role.ts'
import { inviteMember } from './invite-member.ts'
import { leaveOrganisation } from './leave-organisation.ts'
import { logIn } from './log-in.ts'
import { getDemoCode, listDemoRoles, logInAsDemo } from './log-in-as-demo.ts'
import { logInWithWechat } from './log-in-with-wechat.ts'
import type { LogIns } from './log-ins.ts'
import { logOut } from './log-out.ts'
import { proposeBankAccount } from './propose-bank-account.ts'
import { putBankAccountInUse } from './put-bank-account-in-use.ts'
import { putExpert } from './put-expert.ts'
import { putStaffRecord } from './put-staff-record.ts'
import { getClock, getMe, listEnterprises } from './queries.ts'
import { checkAudit, exportAudit, listAudit } from './queries-audit.ts'
import { listBankAccounts, readBankAccount } from './queries-bank.ts'
import { getConsents, listConsentHistory, listPrivacyNotices } from './queries-consents.ts'
import { listCredentials } from './queries-credentials.ts'
import { listDelegations } from './queries-delegations.ts'
import { listExperts } from './queries-experts.ts'
import { exportMyData, type OthersOfPerson } from './queries-export.ts'
import { getInvitation, listInvitations } from './queries-invitations.ts'
import { listLogIns } from './queries-log-ins.ts'
import { listMembers } from './queries-members.ts'
import { getOrganisation, searchOrganisations } from './queries-organisations.ts'
import { getStaffRecord, listStaff } from './queries-staff.ts'
import { getVerification, listVerifications } from './queries-verifications.ts'
import { recordTraining } from './record-training.ts'
import { refreshLogIn } from './refresh-log-in.ts'
import { refuseBankAccount } from './refuse-bank-account.ts'
import { registerOrganisation } from './register-organisation.ts'
import { removeMember } from './remove-member.ts'
import { removeTraining } from './remove-training.ts'
import { requestCode } from './request-code.ts'
import { requestStepUpCode } from './request-step-up-code.ts'
import { revokeDelegation } from './revoke-delegation.ts'
import { revokeInvitation } from './revoke-invitation.ts'
import { revokeLogIn } from './revoke-log-in.ts'
import { revokeOtherLogIns } from './revoke-other-log-ins.ts'
import { revokeRole } from './revoke-role.ts'
import { setMemberLimits } from './set-member-limits.ts'
import { stepUp } from './step-up.ts'
import { submitCredential } from './submit-credential.ts'
import { submitVerification } from './submit-verification.ts'
import { switchMembership } from './switch-membership.ts'
import { withdrawConsent } from './withdraw-consent.ts'

/** What verbs of log-in need beside a ctx, which does not know of tokens or of other modules. */
export type LogInPorts = {
  logIns: LogIns
  wechat: Wechat | null
  deliver: DeliverCode
  /** Where the seals of the audit record lie. */
  sealsFolder: string
}

/** What the modules to the right know of a person. */
export type PersonPorts = {
  personalData: OthersOfPerson
  /** Numbers of what a person has begun and nobody could end for them. */
  openBusiness: (ctx: Ctx, userId: string) => Promise<string[]>
}

export function identityRoutes(app: App, ports: LogInPorts & PersonPorts): void {
  serve(app, identityEndpoints.listDemoRoles, listDemoRoles)
  serve(app, identityEndpoints.logInAsDemo, (ctx, input) => logInAsDemo(ctx, input, ports), keeps)
  serve(app, identityEndpoints.getDemoCode, getDemoCode)
  serve(app, identityEndpoints.getClock, getClock)
  serve(app, identityEndpoints.advanceClock, (ctx, input) =>
    advanceClock(ctx, input, { offsetMs: app.world.clock.offsetMs() }),
  )
  logInRoutes(app, ports)
  bankRoutes(app)
  staffRoutes(app)
  privacyRoutes(app, ports)
  organisationRoutes(app, ports)
  memberRoutes(app, ports)
  serve(app, identityEndpoints.listEnterprises, listEnterprises)
  serve(app, identityEndpoints.listAudit, listAudit)
  serve(app, identityEndpoints.checkAudit, (ctx, input) => checkAudit(ctx, input, ports))
  serve(app, identityEndpoints.exportAudit, exportAudit)
}

/** Codes and tries count though the caller is refused: these verbs open their own transactions. */
const byItself = { oneCall: true } as const
const keeps = { keeps: 'refreshToken' } as const

function logInRoutes(app: App, ports: LogInPorts): void {
  serve(app, identityEndpoints.requestCode, (ctx, input) => requestCode(ctx, input, ports))
  serve(app, identityEndpoints.logIn, (ctx, input) => logIn(ctx, input, ports), {
    ...byItself,
    ...keeps,
  })
  serve(
    app,
    identityEndpoints.logInWithWechat,
    (ctx, input) => logInWithWechat(ctx, input, ports),
    byItself,
  )
  serve(app, identityEndpoints.refreshLogIn, (ctx, input) => refreshLogIn(ctx, input, ports), {
    ...byItself,
    ...keeps,
    takes: 'refreshToken',
  })
  serve(app, identityEndpoints.logOut, (ctx, input) => logOut(ctx, input, ports), {
    forgets: true,
  })
  serve(app, identityEndpoints.listLogIns, listLogIns)
  serve(app, identityEndpoints.revokeLogIn, (ctx, input) => revokeLogIn(ctx, input, ports))
  serve(app, identityEndpoints.revokeOtherLogIns, (ctx, input) =>
    revokeOtherLogIns(ctx, input, ports),
  )
  serve(app, identityEndpoints.enrolFactor, enrolFactor)
  serve(
    app,
    identityEndpoints.confirmFactor,
    (ctx, input) => confirmFactor(ctx, input, ports),
    byItself,
  )
  serve(app, identityEndpoints.requestStepUpCode, (ctx, input) =>
    requestStepUpCode(ctx, input, ports),
  )
  serve(app, identityEndpoints.stepUp, (ctx, input) => stepUp(ctx, input, ports), byItself)
  serve(app, identityEndpoints.switchMembership, (ctx, input) =>
    switchMembership(ctx, input, ports),
  )
  serve(app, identityEndpoints.getMe, getMe)
}

function staffRoutes(app: App): void {
  serve(app, identityEndpoints.listStaff, listStaff)
  serve(app, identityEndpoints.getStaffRecord, getStaffRecord)
  serve(app, identityEndpoints.putStaffRecord, putStaffRecord)
  serve(app, identityEndpoints.recordTraining, recordTraining)
  serve(app, identityEndpoints.removeTraining, removeTraining)
  serve(app, identityEndpoints.listExperts, listExperts)
  serve(app, identityEndpoints.putExpert, putExpert)
}

function bankRoutes(app: App): void {
  serve(app, identityEndpoints.proposeBankAccount, proposeBankAccount)
  serve(app, identityEndpoints.putBankAccountInUse, putBankAccountInUse)
  serve(app, identityEndpoints.refuseBankAccount, refuseBankAccount)
  serve(app, identityEndpoints.listBankAccounts, listBankAccounts)
  serve(app, identityEndpoints.readBankAccount, readBankAccount)
}

function privacyRoutes(app: App, ports: LogInPorts & PersonPorts): void {
  serve(app, identityEndpoints.listPrivacyNotices, listPrivacyNotices)
  serve(app, identityEndpoints.getConsents, getConsents)
  serve(app, identityEndpoints.giveConsent, giveConsent)
  serve(app, identityEndpoints.withdrawConsent, withdrawConsent)
  serve(app, identityEndpoints.listConsentHistory, listConsentHistory)
  serve(app, identityEndpoints.exportMyData, (ctx, input) => exportMyData(ctx, input, ports))
  serve(app, identityEndpoints.closeAccount, (ctx, input) => closeAccount(ctx, input, ports), {
    forgets: true,
  })
}

function organisationRoutes(app: App, ports: LogInPorts): void {
  serve(app, identityEndpoints.registerOrganisation, (ctx, input) =>
    registerOrganisation(ctx, input, ports),
  )
  serve(app, identityEndpoints.searchOrganisations, searchOrganisations)
  serve(app, identityEndpoints.getOrganisation, getOrganisation)
  serve(app, identityEndpoints.submitVerification, submitVerification)
  serve(app, identityEndpoints.listVerifications, listVerifications)
  serve(app, identityEndpoints.getVerification, getVerification)
  serve(app, identityEndpoints.decideVerification, decideVerification)
  serve(app, identityEndpoints.submitCredential, submitCredential)
  serve(app, identityEndpoints.listCredentials, listCredentials)
  serve(app, identityEndpoints.decideCredential, decideCredential)
}

function memberRoutes(app: App, ports: LogInPorts): void {
  serve(app, identityEndpoints.listMembers, listMembers)
  serve(app, identityEndpoints.inviteMember, inviteMember)
  serve(app, identityEndpoints.listInvitations, listInvitations)
  serve(app, identityEndpoints.revokeInvitation, revokeInvitation)
  serve(app, identityEndpoints.getInvitation, getInvitation)
  serve(app, identityEndpoints.acceptInvitation, (ctx, input) =>
    acceptInvitation(ctx, input, ports),
  )
  serve(app, identityEndpoints.setMemberLimits, setMemberLimits)
  serve(app, identityEndpoints.removeMember, (ctx, input) => removeMember(ctx, input, ports))
  serve(app, identityEndpoints.leaveOrganisation, (ctx, input) =>
    leaveOrganisation(ctx, input, ports),
  )
  serve(app, identityEndpoints.grantRole, (ctx, input) => grantRole(ctx, input, ports))
  serve(app, identityEndpoints.revokeRole, (ctx, input) => revokeRole(ctx, input, ports))
  serve(app, identityEndpoints.grantDelegation, grantDelegation)
  serve(app, identityEndpoints.revokeDelegation, revokeDelegation)
  serve(app, identityEndpoints.listDelegations, listDelegations)
}
