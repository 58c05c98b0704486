import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Verification } from '@yiqi/shared/identity/endpoints-organisations.ts'
import {
  applicationFindings,
  stateOnSubmission,
  usccFindings,
} from '@yiqi/shared/identity/rules.ts'
import type { UserKind, VerificationState } from '@yiqi/shared/identity/terms.ts'
import type { VerificationFinding } from '@yiqi/shared/identity/terms-organisations.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, found, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { checkLicence } from './licence-file.ts'
import { readVerification } from './queries-verifications.ts'
import { writeCredential } from './submit-credential.ts'

type SubmitInput = InputOf<typeof identityEndpoints.submitVerification>

type Claimant = {
  id: string
  uscc: string
  userKind: UserKind
  verification: VerificationState
  claims: number
  namesakes: number
}

/**
 * 单位认证: asks the officer to look at what the organisation says it is, with the warnings of the
 * automatic checks beside it. Who is verified stays so while a change is looked at. Refuses
 * identity.no_such_organisation, also for another's; identity.verification_open,
 * identity.credential_exists, identity.dates_reversed, kernel.no_such_file for another's scan.
 */
export async function submitVerification(ctx: Ctx, input: SubmitInput): Promise<Verification> {
  const { organisationId, userId } = allow(ctx, 'identity.submitVerification')
  if (input.id !== organisationId) refuse('identity.no_such_organisation')
  await checkLicence(ctx, input.licenceFileId)
  const claimant = await lockClaimant(ctx, organisationId)
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into verifications (organisation_id, state, findings, legal_representative, shareholders,
      licence_file_id, submitted_by, submitted_at)
    values (${organisationId}, 'submitted', ${findingsOf(claimant, input)}::text[],
      ${input.legalRepresentative}, ${ctx.sql.json(input.shareholders)},
      ${input.licenceFileId ?? null}, ${userId}, ${ctx.now()})
    returning id`
  const { id } = must(row, 'the application')
  await ctx.sql`
    update organisations set verification = ${stateOnSubmission(claimant.verification)}
    where id = ${organisationId}`
  for (const credential of input.credentials)
    await writeCredential(ctx, { ...credential, organisationId, userId })
  await record(ctx, 'identity.verification_submitted', { subjectId: id })
  return readVerification(ctx, id)
}

async function lockClaimant(ctx: Ctx, id: string): Promise<Claimant> {
  const [row] = await ctx.sql<Claimant[]>`
    select o.id, o.uscc, o.verification,
      coalesce(o.user_kind, case o.kind when 'enterprise' then 'enterprise' else 'institute' end)
        as user_kind,
      (select count(*) from organisations c where c.uscc = o.uscc and c.id <> o.id) as claims,
      (select count(*) from organisations c where c.name = o.name and c.uscc <> o.uscc
        and c.verification = 'verified') as namesakes
    from organisations o where o.id = ${id} for no key update of o`
  return found(row, 'identity.no_such_organisation')
}

function findingsOf(claimant: Claimant, input: SubmitInput): VerificationFinding[] {
  const { uscc, userKind, claims, namesakes } = claimant
  const { shareholders, licenceFileId = null } = input
  const about = { userKind, shareholders, licenceFileId, claims, namesakes }
  return [...usccFindings(uscc, userKind), ...applicationFindings(about)]
}
