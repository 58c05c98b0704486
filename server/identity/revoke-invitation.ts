import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { InputOf, OutputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allow, type Ctx, found } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'

/**
 * Takes back an invitation of the own organisation. Refuses identity.no_such_invitation,
 * identity.invitation_over.
 */
export async function revokeInvitation(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.revokeInvitation>,
): Promise<OutputOf<typeof identityEndpoints.revokeInvitation>> {
  const { organisationId } = allow(ctx, 'identity.revokeInvitation')
  const [known] = await ctx.sql`
    select from invitations where id = ${input.id} and organisation_id = ${organisationId}`
  found(known, 'identity.no_such_invitation')
  const [revoked] = await ctx.sql<{ id: string }[]>`
    update invitations set revoked_at = ${ctx.now()}
    where id = ${input.id} and accepted_at is null and revoked_at is null returning id`
  const { id } = found(revoked, 'identity.invitation_over')
  await record(ctx, 'identity.invitation_revoked', { subjectId: id })
  return { id }
}
