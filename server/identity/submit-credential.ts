import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Credential } from '@yiqi/shared/identity/endpoints-organisations.ts'
import type { CredentialKind } from '@yiqi/shared/identity/terms-organisations.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import type { DateText } from '@yiqi/shared/kernel/time.ts'
import { allow, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import { checkLicence } from './licence-file.ts'
import { readCredential } from './queries-credentials.ts'

/**
 * Adds a credential of the own organisation; it counts once an officer has accepted it. Refuses
 * identity.no_such_organisation, identity.credential_exists, identity.dates_reversed,
 * kernel.no_such_file for another's scan.
 */
export async function submitCredential(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.submitCredential>,
): Promise<Credential> {
  const { organisationId, userId } = allow(ctx, 'identity.submitCredential')
  if (input.id !== organisationId) refuse('identity.no_such_organisation')
  return readCredential(ctx, await writeCredential(ctx, { ...input, organisationId, userId }))
}

export type NewCredential = {
  organisationId: string
  userId: string
  kind: CredentialKind
  number: string
  validFrom: DateText
  validTo: DateText
  fileId?: string | undefined
}

/** One that was refused may be submitted again, with its dates and file put right. */
export async function writeCredential(ctx: Ctx, given: NewCredential): Promise<string> {
  if (given.validTo < given.validFrom) refuse('identity.dates_reversed')
  await checkLicence(ctx, given.fileId)
  await ctx.sql`
    delete from credentials where organisation_id = ${given.organisationId}
      and kind = ${given.kind} and number = ${given.number} and valid_from = ${given.validFrom}
      and state = 'refused'`
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into credentials (organisation_id, kind, number, valid_from, valid_to, file_id, state,
      submitted_by, submitted_at)
    values (${given.organisationId}, ${given.kind}, ${given.number}, ${given.validFrom},
      ${given.validTo}, ${given.fileId ?? null}, 'submitted', ${given.userId}, ${ctx.now()})
    returning id`
  const { id } = must(row, 'the credential')
  await record(ctx, 'identity.credential_submitted', { subjectId: id })
  return id
}
