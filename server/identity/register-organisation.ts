import type { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Membership } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { firstRoleOf, WAITING_CLAIMS_MAX } from '@yiqi/shared/identity/rules.ts'
import { must } from '@yiqi/shared/kernel/assert.ts'
import type { InputOf } from '@yiqi/shared/kernel/endpoint.ts'
import { allowPerson, type Ctx, refuse } from '../kernel/ctx.ts'
import { record } from '../kernel/events.ts'
import type { ForgetsLogIns } from './end-membership.ts'
import { giveRole } from './give-role.ts'
import { cityCodeOf } from './import-organisations.ts'
import { getMembership } from './queries-members.ts'

/**
 * Registers an organisation, unverified; the person becomes its administrator at once, so that they
 * may fill in the rest. Several may claim one code, an officer finds out whose it is. Refuses
 * identity.organisation_exists when that has happened, identity.claims_waiting.
 */
export async function registerOrganisation(
  ctx: Ctx,
  input: InputOf<typeof identityEndpoints.registerOrganisation>,
  { logIns }: { logIns: ForgetsLogIns },
): Promise<Membership> {
  const { userId } = allowPerson(ctx)
  await refuseClaims(ctx, userId, input.uscc)
  const [row] = await ctx.sql<{ id: string }[]>`
    insert into organisations (uscc, name, kind, user_kind, verification, registered_by,
      registered_at, city, city_code, address, legal_representative, size)
    values (${input.uscc}, ${input.name},
      ${input.userKind === 'enterprise' ? 'enterprise' : 'institution'}, ${input.userKind},
      'unverified', ${userId}, ${ctx.now()}, ${input.city}, ${cityCodeOf(input.city)},
      ${input.address}, ${input.legalRepresentative}, ${input.size ?? null})
    returning id`
  const { id: organisationId } = must(row, 'the organisation')
  const role = firstRoleOf(input.userKind)
  const id = await giveRole(ctx, logIns, { userId, organisationId, role, grantedBy: null })
  await record(ctx, 'identity.organisation_registered', { subjectId: organisationId })
  return getMembership(ctx, id)
}

/** One at a time per person, so that the limit holds. */
async function refuseClaims(ctx: Ctx, userId: string, uscc: string): Promise<void> {
  await ctx.sql`select pg_advisory_xact_lock(hashtextextended(${userId}, 13))`
  const [known] = await ctx.sql<{ exists: boolean; waiting: number }[]>`
    select exists (select from organisations
        where uscc = ${uscc} and verification = 'verified') as exists,
      (select count(*) from organisations
        where registered_by = ${userId} and verification <> 'verified') as waiting`
  const { exists, waiting } = must(known, 'one row')
  if (exists) refuse('identity.organisation_exists')
  if (waiting >= WAITING_CLAIMS_MAX) refuse('identity.claims_waiting')
}
